//! What executions in flight may meet.
//!
//! AWS, `UpdateStateMachine`: running executions go on with the definition and the role that they began with. So states may be
//! removed without harm; what those states call may not.

use std::collections::{BTreeMap, BTreeSet};

use asl::Definition;
use asl::check::MachineType;
use serde_json::{Map, Value};

use super::fate::Fates;
use super::machine::Machine;
use super::model::FlightWarning;
use super::references::references;
use super::states::placement;
use crate::iam::{Loss, Losses};

/// Properties that name a resource for those who call it.
const NAMES: [&str; 6] = [
    "FunctionName",
    "Name",
    "QueueName",
    "StateMachineName",
    "TableName",
    "TopicName",
];

/// How resources go that the old template names itself: `(kind of name, name)` to logical id.
pub(super) type Named<'a> = BTreeMap<&'a str, &'a str>;

/// The old resources that go, by the names that the template gives them.
pub(super) fn gone_by_name<'a>(fates: &Fates<'a>) -> Named<'a> {
    let going = (fates.old().iter()).filter(|(id, _)| fates.end(id).is_some());
    let names = going.flat_map(|(&id, resource)| {
        let properties = resource.properties();
        let names = NAMES
            .iter()
            .filter_map(|name| properties.get(*name)?.as_str());
        names.map(move |name| (name, id))
    });
    names.collect()
}

/// The warnings for a machine, `id` of the old template.
pub(super) fn warnings(
    id: &str,
    machine: &Machine,
    fates: &Fates<'_>,
    named: &Named<'_>,
    losses: &Losses,
) -> Vec<FlightWarning> {
    let mut warnings = Vec::new();
    if let Some(end) = fates.end(id) {
        warnings.push(warning(
            id,
            Vec::new(),
            format!("the machine {end}: {}", deletion(machine.kind)),
        ));
    }
    if let Ok(definition) = &machine.definition {
        warnings.extend(missing(definition, fates, named));
    }
    warnings.extend(role(&machine.role, fates, losses));
    warnings
}

/// What AWS documents of `DeleteStateMachine`: of Express it says only that the machine goes within a minute or so, and that its
/// executions may still write logs.
fn deletion(kind: MachineType) -> &'static str {
    match kind {
        MachineType::Standard => "its executions in flight are ended at their next transition",
        MachineType::Express => "its executions in flight may be ended",
    }
}

fn warning(resource: &str, states: Vec<String>, explanation: String) -> FlightWarning {
    FlightWarning {
        resource: resource.to_owned(),
        states,
        explanation,
    }
}

/// What the old definition calls and the update takes away.
fn missing(definition: &Value, fates: &Fates<'_>, named: &Named<'_>) -> Vec<FlightWarning> {
    if fates.spare_all() {
        return Vec::new();
    }
    let definition = Definition::read(definition);
    let mut callers: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let states = placement(&definition);
    for state in states.values() {
        for id in called(state.body, fates, named) {
            callers.entry(id).or_default().insert(state.path.clone());
        }
    }
    let gone = callers.into_iter().filter_map(|(id, states)| {
        let explanation = format!(
            "`{id}` {}: executions in flight keep the old definition and will not find it",
            fates.end(id)?
        );
        Some(warning(id, states.into_iter().collect(), explanation))
    });
    gone.collect()
}

/// The old resources that a state names, by logical id or by the end of an ARN.
fn called<'a>(
    body: &'a Map<String, Value>,
    fates: &Fates<'a>,
    named: &Named<'a>,
) -> BTreeSet<&'a str> {
    let own = body.iter().filter(|(field, _)| !is_inner(field));
    let mut texts = Vec::new();
    own.for_each(|(field, value)| collect(field, value, &mut texts));
    let mut found = BTreeSet::new();
    for (field, text) in texts {
        found.extend(references(text).map(|id| fates.old_id(id)));
        let end = text.rsplit([':', '/']).next().unwrap_or(text);
        if NAMES.contains(&field) || text.starts_with("arn:") {
            found.extend(named.get(end));
        }
    }
    found
}

fn is_inner(field: &str) -> bool {
    matches!(field, "Branches" | "ItemProcessor" | "Iterator" | "Comment")
}

fn collect<'a>(field: &'a str, value: &'a Value, texts: &mut Vec<(&'a str, &'a str)>) {
    match value {
        Value::String(text) => texts.push((field, text)),
        Value::Array(items) => items.iter().for_each(|item| collect(field, item, texts)),
        Value::Object(members) => {
            (members.iter()).for_each(|(field, value)| collect(field, value, texts));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Most permissions that one sentence lists.
const LISTED: usize = 5;

/// The role goes, or allows less. What it allowed on resources that go is no news.
fn role(role: &str, fates: &Fates<'_>, losses: &Losses) -> Option<FlightWarning> {
    let new_id = references(role).next()?;
    let id = fates.old_id(new_id);
    if let Some(end) = fates.end(id) {
        let explanation =
            format!("the role {end}: executions in flight keep it and will be denied everything");
        return Some(warning(id, Vec::new(), explanation));
    }
    let is_news = |loss: &&Loss| {
        let mut resources = references(&loss.resource);
        !resources.any(|id| fates.end(fates.old_id(id)).is_some())
    };
    let (mut lost, perhaps): (Vec<&Loss>, Vec<&Loss>) = (losses.get(new_id)?.iter())
        .filter(is_news)
        .partition(|loss| loss.is_certain);
    let allows = if lost.is_empty() {
        "may allow"
    } else {
        "allows"
    };
    lost.extend(perhaps);
    if lost.is_empty() {
        return None;
    }
    let more = match lost.len().saturating_sub(LISTED) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    let listed: Vec<&str> = lost.iter().map(|loss| loss.text.as_str()).collect();
    let listed = listed[..listed.len().min(LISTED)].join("; ");
    let explanation =
        format!("executions in flight keep the role, which {allows} less: {listed}{more}");
    Some(warning(id, Vec::new(), explanation))
}
