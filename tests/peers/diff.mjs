// Compares what `infra diff` and the differ of the AWS CDK say of the pairs of templates in `infra/review/tests/corpus`.
//
// usage: node diff.mjs INFRA, where INFRA is the tool; `just compare-diff` installs what this imports and runs it.
//
// Prints a line for each pair: what the CDK says of each resource, and what we say.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createRequire } from 'node:module';

// Packages are installed below `target/`, not beside this file.
const require = createRequire(path.join(process.cwd(), 'target/diff-peers/'));
const { fullDiff } = require('@aws-cdk/cloudformation-diff');
const yaml = require('yaml-cfn');

const infra = process.argv[2];
const corpus = 'infra/review/tests/corpus';
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'diff-'));

function theirs(pair) {
  const diff = fullDiff(pair.old, pair.new);
  const said = [];
  diff.resources.forEachDifference((id, change) => said.push(`${id} ${change.changeImpact}`));
  for (const section of ['parameters', 'conditions', 'mappings', 'outputs', 'metadata', 'unknown']) {
    if (diff[section].differenceCount > 0) said.push(section);
  }
  if (diff.permissionsBroadened) said.push('permissions broadened');
  if (diff.permissionsAnyChanges) said.push('permissions change');
  return said;
}

function ours(pair) {
  const files = ['old', 'new'].map((side) => path.join(folder, `${side}.json`));
  files.forEach((file, place) => fs.writeFileSync(file, JSON.stringify([pair.old, pair.new][place])));
  const printed = execFileSync(infra, ['diff', ...files, '--format', 'json', '--fail-on', 'none'], { encoding: 'utf8' });
  const stack = JSON.parse(printed).stacks[0];
  if (!stack) return [];
  const said = stack.changes.map((change) => {
    const words = [change.logical_id, change.action];
    if (change.replacement !== 'none') words.push(`replacement: ${change.replacement}`);
    if (change.data_loss) words.push('data loss');
    return words.join(' ');
  });
  said.push(...new Set(stack.sections.map((change) => change.section.toLowerCase())));
  for (const change of stack.iam) said.push(`permissions of ${change.principal} ${change.verdict}`);
  for (const change of stack.security) said.push(`security ${change.verdict}`);
  for (const change of stack.workflows) {
    said.push(...change.states.map((state) => `${state.path || change.logical_id} ${state.aspect}`));
    if (change.unread) said.push(`${change.logical_id} not wholly compared`);
    if (change.warnings.length > 0) said.push(`${change.logical_id} in flight`);
  }
  for (const change of stack.schemas) said.push(`${change.path} ${change.action}${change.breaking ? ' breaks' : ''}`);
  for (const change of stack.costs) said.push(`cost ${change.direction}`);
  return said;
}

for (const area of fs.readdirSync(corpus).sort()) {
  for (const file of fs.readdirSync(path.join(corpus, area)).sort()) {
    const pair = yaml.yamlParse(fs.readFileSync(path.join(corpus, area, file), 'utf8'));
    const line = (said) => said.join('; ') || 'nothing';
    console.log(`${area}/${path.basename(file, '.yaml')}\n  cdk:  ${line(theirs(pair))}\n  ours: ${line(ours(pair))}`);
  }
}
fs.rmSync(folder, { recursive: true });
