//! A state machine of a template, with the functions of `CloudFormation` in its definition resolved.

use std::collections::BTreeMap;

use asl::check::MachineType;
use asl::template;
use serde_json::{Map, Value};

use crate::meaning::{Meaning, Part};
use crate::template::{Resource, Template};

/// A state machine.
pub(super) struct Machine {
    pub(super) kind: MachineType,
    /// The definition, all of its values texts; or why there is none.
    pub(super) definition: Result<Value, String>,
    /// Every property that says what the definition is.
    pub(super) source: BTreeMap<String, Meaning>,
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
        let Meaning::Object(mut source) = Meaning::of(resource.properties(), template) else {
            return None;
        };
        let mut is_partly_read = false;
        let properties = (source.iter())
            .map(|(name, value)| (name.clone(), lowered(value, &mut is_partly_read)))
            .collect();
        let role = role(&properties);
        source.retain(|name, _| name.starts_with("Definition"));
        let machine = alone(resource, properties)?;
        let definition = match (machine.definition(), machine.unread()) {
            (Some(definition), _) => Ok(as_texts(definition)),
            (None, reason) => Err(reason.unwrap_or_default()),
        };
        Some(Self {
            kind: machine.machine_type,
            definition,
            source,
            role,
            is_partly_read,
        })
    }
}

/// The machine as the only resource of a template.
fn alone(resource: Resource<'_>, properties: Map<String, Value>) -> Option<template::Machine> {
    let members = [
        ("Type", resource.kind().into()),
        ("Properties", properties.into()),
    ];
    let template = [("Resources", object([(resource.id, object(members))]))];
    template::machines(&object(template)).pop()
}

fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    let members = members.into_iter();
    members
        .map(|(name, value)| (name.to_owned(), value))
        .collect::<Map<_, _>>()
        .into()
}

fn role(properties: &Map<String, Value>) -> String {
    let role = ["RoleArn", "Role"]
        .into_iter()
        .find_map(|name| properties.get(name)?.as_str());
    role.unwrap_or_default().to_owned()
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
    match meaning.by_default() {
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
