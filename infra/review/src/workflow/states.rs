//! All states of a definition in one map, and what differs between two of them.

use std::collections::BTreeMap;

use asl::Definition;
use asl::definition::States;
use serde_json::{Map, Value};

use super::aspects::{Aspects, of_machine, of_state};
use super::model::{StateAspect, StateChange};
use crate::resources::difference::paired;

/// A state, and the states around it.
pub(super) struct Placed<'a> {
    /// The names of the states around it, and its own.
    pub(super) path: String,
    around: String,
    pub(super) body: &'a Map<String, Value>,
    aspects: Aspects,
}

/// States by name: names are unique within a machine, whatever is around them. Those that are not, which Step Functions
/// refuses, are told apart by what is around them, and by a number.
pub(super) type Placement<'a> = BTreeMap<(&'a str, String, usize), Placed<'a>>;

pub(super) fn placement<'a>(definition: &Definition<'a>) -> Placement<'a> {
    let mut all = Vec::new();
    place(&definition.states, "", &mut all);
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, _) in &all {
        *times.entry(name).or_default() += 1;
    }
    let mut found = Placement::new();
    let mut numbers: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for (name, state) in all {
        let around = match times.get(name) {
            Some(1) => String::new(),
            _ => state.around.clone(),
        };
        let number = numbers.entry((name, around.clone())).or_default();
        found.insert((name, around, *number), state);
        *number += 1;
    }
    found
}

fn place<'a>(states: &States<'a>, around: &str, found: &mut Vec<(&'a str, Placed<'a>)>) {
    for state in &states.all {
        let path = match around {
            "" => state.name.to_owned(),
            around => format!("{around} > {}", state.name),
        };
        for inner in state.inner() {
            place(inner, &path, found);
        }
        let placed = Placed {
            path,
            around: around.to_owned(),
            body: state.body,
            aspects: of_state(state),
        };
        found.push((state.name, placed));
    }
}

/// What differs between two definitions: the machine itself, then states by path.
pub(super) fn changes(old: &Value, new: &Value) -> Vec<StateChange> {
    let definitions = [old, new].map(Definition::read);
    let [before, after] = definitions.each_ref().map(placement);
    let machines = definitions.each_ref().map(of_machine);
    let mut changes = compared("", &machines[0], &machines[1]);
    for (_, pair) in paired(&before, &after) {
        match pair {
            (Some(before), Some(after)) => {
                changes.extend(moved(before, after));
                changes.extend(compared(&after.path, &before.aspects, &after.aspects));
            }
            (Some(before), None) => {
                changes.push(whole(
                    before,
                    StateAspect::Removed,
                    Some(kind(before)),
                    None,
                ));
            }
            (None, Some(after)) => {
                changes.push(whole(after, StateAspect::Added, None, Some(kind(after))));
            }
            (None, None) => {}
        }
    }
    changes.sort_by(|one, other| (&one.path, one.aspect).cmp(&(&other.path, other.aspect)));
    changes
}

fn whole(
    state: &Placed<'_>,
    aspect: StateAspect,
    old: Option<Value>,
    new: Option<Value>,
) -> StateChange {
    StateChange {
        path: state.path.clone(),
        aspect,
        old,
        new,
    }
}

fn kind(state: &Placed<'_>) -> Value {
    let members = state.body.iter();
    members
        .filter(|(name, _)| matches!(name.as_str(), "Type" | "Resource"))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect::<Map<_, _>>()
        .into()
}

fn moved(before: &Placed<'_>, after: &Placed<'_>) -> Option<StateChange> {
    let paths = [before, after].map(|state| Some(Value::from(state.path.as_str())));
    let [old, new] = paths;
    (before.around != after.around).then(|| whole(after, StateAspect::Moved, old, new))
}

/// The aspects that differ, with the fields that do.
fn compared(path: &str, before: &Aspects, after: &Aspects) -> Vec<StateChange> {
    let mut changes = Vec::new();
    for (aspect, pair) in paired(before, after) {
        let differing = |mine: Option<&Map<String, Value>>, other: Option<&Map<String, Value>>| {
            let mine = mine.into_iter().flatten();
            mine.filter(|(name, value)| other.and_then(|other| other.get(*name)) != Some(value))
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect::<Map<_, _>>()
        };
        let (old, new) = (differing(pair.0, pair.1), differing(pair.1, pair.0));
        if old.is_empty() && new.is_empty() {
            continue;
        }
        changes.push(StateChange {
            path: path.to_owned(),
            aspect: *aspect,
            old: Some(old.into()),
            new: Some(new.into()),
        });
    }
    changes
}
