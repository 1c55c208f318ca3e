//! Names of variables across scopes.

use std::collections::BTreeSet;

use asl::Pointer;
use asl::definition::{Kind, MapState, ProcessorMode, State, States};
use serde_json::{Map, Value};

use crate::error::Refusal;

/// Assignments of inner scopes to names of outer ones, which the service does not accept.
pub(super) fn shadowed(states: &States<'_>) -> Vec<Refusal> {
    check(states, &BTreeSet::new())
}

fn check(states: &States<'_>, outer: &BTreeSet<String>) -> Vec<Refusal> {
    let assigned: Vec<_> = states.all.iter().flat_map(assignments).collect();
    let mut refusals: Vec<Refusal> = assigned
        .iter()
        .filter(|(_, name)| outer.contains(name.as_str()))
        .map(|(pointer, name)| {
            let reason = format!("`{name}` is a variable of an outer scope, which cannot be assigned to here; choose another name");
            Refusal::new(&pointer.member(name), reason)
        })
        .collect();
    let own = assigned.into_iter().map(|(_, name)| name.clone());
    let visible: BTreeSet<String> = outer.iter().cloned().chain(own).collect();
    for state in &states.all {
        let seen = match state.kind {
            Kind::Map(MapState {
                mode: ProcessorMode::Distributed,
                ..
            }) => &BTreeSet::new(),
            _ => &visible,
        };
        refusals.extend(state.inner().iter().flat_map(|inner| check(inner, seen)));
    }
    refusals
}

/// Every `Assign` of a state: its own, those of its rules and catchers.
fn assignments<'a>(state: &State<'a>) -> Vec<(Pointer, &'a String)> {
    let mut bodies = vec![(&state.pointer, state.body)];
    bodies.extend(
        state
            .catch
            .iter()
            .map(|catcher| (&catcher.pointer, catcher.body)),
    );
    if let Kind::Choice { rules, .. } = &state.kind {
        bodies.extend(rules.iter().map(|rule| (&rule.pointer, rule.body)));
    }
    bodies
        .into_iter()
        .flat_map(|(pointer, body)| names(pointer, body))
        .collect()
}

fn names<'a>(pointer: &Pointer, body: &'a Map<String, Value>) -> Vec<(Pointer, &'a String)> {
    let assign = body.get("Assign").and_then(Value::as_object);
    let names = assign.into_iter().flat_map(Map::keys);
    names.map(|name| (pointer.member("Assign"), name)).collect()
}
