//! What stacks export, and which others import it.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::meaning::{Meaning, Part};
use crate::template::Template;

/// The stacks that are reviewed with a stack, beside itself: what each imports, before and afterwards.
#[derive(Debug, Default)]
pub(crate) struct Neighbours<'a> {
    pub(crate) stacks: Vec<&'a Imports>,
}

/// What one stack imports, by the names of the exports.
#[derive(Debug)]
pub(crate) struct Imports {
    pub(crate) stack: String,
    before: BTreeSet<String>,
    after: BTreeSet<String>,
}

impl Imports {
    pub(crate) fn of(stack: &str, old: &Value, new: &Value) -> Self {
        let [before, after] = [old, new].map(|template| imported(stack, template));
        Self {
            stack: stack.to_owned(),
            before,
            after,
        }
    }
}

/// The names of all that a stack imports.
pub(crate) fn imported(stack: &str, template: &Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    collect(template, &Template::read(template), stack, &mut names);
    names
}

/// The names of all that a stack exports.
pub(crate) fn exported(stack: &str, template: &Value) -> BTreeSet<String> {
    let template = Template::read(template);
    let outputs = template.section("Outputs");
    outputs
        .filter_map(|(_, output)| output.get("Export")?.get("Name"))
        .map(|export| name(export, &template, stack))
        .collect()
}

/// What stands against an `event` of an export: CloudFormation refuses it while a stack imports the export.
pub(crate) fn warning(name: &str, event: &str, neighbours: &Neighbours<'_>) -> String {
    let stacks = |imports: fn(&Imports, &str) -> bool| -> String {
        let stacks = neighbours.stacks.iter();
        let stacks: Vec<_> = stacks
            .filter(|stack| imports(stack, name))
            .map(|stack| format!("`{}`", stack.stack))
            .collect();
        stacks.join(" and ")
    };
    let still = stacks(|stack, name| stack.after.contains(name));
    if !still.is_empty() {
        return format!(
            "its export `{name}` {event} while imported by {still}: CloudFormation refuses that"
        );
    }
    let no_more = stacks(|stack, name| stack.before.contains(name));
    if !no_more.is_empty() {
        return format!(
            "its export `{name}` {event}, and was imported by {no_more}: deploy that first, CloudFormation refuses this before"
        );
    }
    format!(
        "its export `{name}` {event}: CloudFormation refuses that while another stack imports it; none of those reviewed here does"
    )
}

/// The name under which a value is exported, as far as it is known.
pub(crate) fn name(name: &Value, template: &Template<'_>, stack: &str) -> String {
    text(&Meaning::of(name, template), stack)
}

fn text(meaning: &Meaning, stack: &str) -> String {
    match meaning.by_default() {
        Meaning::Text(parts) => {
            let parts = parts.iter().map(|part| match part {
                Part::Literal(text) => text.clone(),
                Part::Value(value) => text(value, stack),
            });
            parts.collect()
        }
        Meaning::Parameter(name, None) if name == "AWS::StackName" => stack.to_owned(),
        other => other.to_string(),
    }
}

/// Every `Fn::ImportValue` of a template, wherever it stands.
fn collect(value: &Value, template: &Template<'_>, stack: &str, names: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => {
            for item in items {
                collect(item, template, stack, names);
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                if key == "Fn::ImportValue" {
                    names.insert(name(member, template, stack));
                }
                collect(member, template, stack, names);
            }
        }
        _ => {}
    }
}
