//! A state machine of a template, with the functions of `CloudFormation` in its definition resolved.

use asl::check::MachineType;
use asl::template;
use serde_json::{Map, Value, json};

use crate::meaning::{Meaning, Part};
use crate::template::{Resource, Template};

/// A state machine.
pub(super) struct Machine {
    pub(super) kind: MachineType,
    /// The definition, all of its values texts; or why there is none.
    pub(super) definition: Result<Value, String>,
    /// Every property that says what the definition is.
    pub(super) source: Value,
    /// The role, as `${Role.Arn}`.
    pub(super) role: String,
    /// Whether a part depends on a condition, so that one of two possibilities was taken.
    pub(super) is_partly_read: bool,
}

impl Machine {
    /// Reads a state machine; none when the resource is none.
    pub(super) fn read(resource: Resource<'_>, template: &Template<'_>) -> Option<Self> {
        if !template::is_machine(resource.kind()) {
            return None;
        }
        let mut is_partly_read = false;
        let meaning = Meaning::of(resource.properties(), template);
        let properties = lowered(&meaning, &mut is_partly_read);
        let alone = json!({"Resources": {
            resource.id: {"Type": resource.kind(), "Properties": properties},
        }});
        let machine = template::machines(&alone).pop()?;
        let definition = match (machine.definition(), machine.unread()) {
            (Some(definition), _) => Ok(as_texts(definition)),
            (None, reason) => Err(reason.unwrap_or_default()),
        };
        let members = properties.as_object().into_iter().flatten();
        let source = members.clone().filter(|(name, _)| is_source(name));
        let role = members
            .filter_map(|(name, value)| is_role(name).then_some(value.as_str()?))
            .collect();
        Some(Self {
            kind: machine.machine_type,
            definition,
            source: source
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
            role,
            is_partly_read,
        })
    }
}

fn is_source(property: &str) -> bool {
    property.starts_with("Definition")
}

fn is_role(property: &str) -> bool {
    matches!(property, "Role" | "RoleArn")
}

/// What a meaning stands for, as far as the template says it: parameters are their defaults, and what only a deployment knows
/// is `${Name}`.
fn lowered(meaning: &Meaning, is_partly_read: &mut bool) -> Value {
    match meaning {
        Meaning::Object(members) => (members.iter())
            .map(|(key, value)| (key.clone(), lowered(value, is_partly_read)))
            .collect::<Map<_, _>>()
            .into(),
        Meaning::List(items) => (items.iter())
            .map(|item| lowered(item, is_partly_read))
            .collect(),
        Meaning::Choice(_, then, otherwise) if has_parts(then) || has_parts(otherwise) => {
            *is_partly_read = true;
            let taken = if has_parts(then) { then } else { otherwise };
            lowered(taken, is_partly_read)
        }
        Meaning::Null | Meaning::Absent => Value::Null,
        other => Value::String(text(other)),
    }
}

fn has_parts(meaning: &Meaning) -> bool {
    matches!(meaning, Meaning::Object(_) | Meaning::List(_))
}

fn text(meaning: &Meaning) -> String {
    match meaning {
        Meaning::Parameter(_, Some(default)) => text(default),
        Meaning::Text(parts) => {
            let parts = parts.iter().map(|part| match part {
                Part::Literal(text) => text.clone(),
                Part::Value(value) => text(value),
            });
            parts.collect()
        }
        other => other.to_string(),
    }
}

/// The same, with numbers and truth values as texts, as they are in what `CloudFormation` resolved.
fn as_texts(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(as_texts).collect(),
        Value::Object(members) => (members.iter())
            .map(|(key, value)| (key.clone(), as_texts(value)))
            .collect::<Map<_, _>>()
            .into(),
        Value::Bool(_) | Value::Number(_) => Value::String(value.to_string()),
        Value::Null | Value::String(_) => value.clone(),
    }
}
