//! CloudFormation's limits on a template, and names that must be unique.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>

use std::collections::BTreeMap;

use serde_json::Value;

use crate::code;
use crate::findings::Findings;
use crate::path::Path;
use crate::template::Template;

const RESOURCES: usize = 500;
const ENTRIES: usize = 200;
const LOGICAL_ID_CHARACTERS: usize = 255;
const DESCRIPTION_BYTES: usize = 1024;
/// Of a template that is read from S3; inline it is 51,200, which is the deployment's business.
const TEMPLATE_BYTES: usize = 1_000_000;

pub(crate) fn check(template: &Template<'_>, findings: &mut Findings) {
    check_size(template.value, findings);
    check_description(template.value, findings);
    check_section("Resources", template.resources.keys(), RESOURCES, findings);
    check_section("Parameters", template.parameters.keys(), ENTRIES, findings);
    check_section("Mappings", template.mappings.keys(), ENTRIES, findings);
    check_section("Outputs", template.outputs.keys(), ENTRIES, findings);
    check_section(
        "Conditions",
        template.conditions.keys(),
        usize::MAX,
        findings,
    );
    check_exports(template, findings);
}

fn check_size(template: &Value, findings: &mut Findings) {
    let bytes = template.to_string().len();
    if bytes > TEMPLATE_BYTES {
        findings.error(
            code::LIMIT,
            Path::Template,
            format!("the template has {bytes} bytes even when written compactly; the limit is {TEMPLATE_BYTES}"),
            "split it into several stacks",
        );
    }
}

fn check_description(template: &Value, findings: &mut Findings) {
    let text = template.get("Description").and_then(Value::as_str);
    let bytes = text.map_or(0, str::len);
    if bytes > DESCRIPTION_BYTES {
        findings.error(
            code::LIMIT,
            Path::Template.key("Description"),
            format!("the description has {bytes} bytes; the limit is {DESCRIPTION_BYTES}"),
            "shorten it",
        );
    }
}

fn check_section<'a>(
    section: &str,
    names: impl ExactSizeIterator<Item = &'a &'a str>,
    limit: usize,
    findings: &mut Findings,
) {
    let top = Path::Template;
    let path = top.key(section);
    if names.len() > limit {
        findings.error(
            code::LIMIT,
            path,
            format!(
                "{} entries in `{section}`; the limit is {limit}",
                names.len()
            ),
            "split the template into several stacks",
        );
    }
    for name in names {
        let at = if section == "Resources" {
            Path::Resource(name)
        } else {
            path.key(name)
        };
        check_name(name, at, findings);
    }
}

fn check_name(name: &str, path: Path<'_>, findings: &mut Findings) {
    let alphanumeric = name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if alphanumeric && (1..=LOGICAL_ID_CHARACTERS).contains(&name.len()) {
        return;
    }
    findings.error(
        code::LOGICAL_ID,
        path,
        format!("`{name}` is not a name of 1 to {LOGICAL_ID_CHARACTERS} ASCII letters and digits"),
        "rename it",
    );
}

fn check_exports(template: &Template<'_>, findings: &mut Findings) {
    let top = Path::Template;
    let outputs = top.key("Outputs");
    let mut exported: BTreeMap<String, &str> = BTreeMap::new();
    for (output, value) in &template.outputs {
        let Some(name) = value.pointer("/Export/Name") else {
            continue;
        };
        let Some(first) = exported.insert(name.to_string(), output) else {
            continue;
        };
        findings.error(
            code::DUPLICATE_EXPORT,
            outputs.key(output).key("Export"),
            format!("exports {name}, and so does the output `{first}`"),
            "give every export a name of its own",
        );
    }
}
