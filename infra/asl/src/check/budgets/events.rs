//! How many events of an execution's history a state takes.

use std::collections::BTreeMap;

use crate::definition::{Kind, State, States};

/// The most events that the history of an execution holds; at the next one it fails.
pub(super) const MOST: u64 = 25_000;

/// The events of one visit to a state without what is inside it, when all goes well.
pub(super) fn of(state: &State<'_>) -> u64 {
    match state.kind {
        // Entered, scheduled, started, submitted unless it is over at once, succeeded, exited.
        Kind::Task(integration) => match integration.service() {
            Some((_, Some(_))) => 6,
            _ => 5,
        },
        // Entered, started, succeeded, exited.
        Kind::Map(_) | Kind::Parallel(_) => 4,
        // Entered, exited.
        _ => 2,
    }
}

/// The events of the longest way through some states, each visited once, when all goes well.
pub(super) fn longest(states: &States<'_>) -> u64 {
    let mut known = BTreeMap::new();
    states
        .start()
        .map_or(0, |start| from(start, states, &mut known))
}

fn from<'a>(state: &State<'a>, states: &States<'a>, known: &mut BTreeMap<&'a str, u64>) -> u64 {
    if let Some(events) = known.get(state.name) {
        return *events;
    }
    // A loop that leads back here is not counted again.
    known.insert(state.name, 0);
    let inside: u64 = match &state.kind {
        Kind::Parallel(branches) => branches.iter().map(longest).sum(),
        // How many items there are is another question.
        _ => 0,
    };
    let next = state
        .successors()
        .into_iter()
        .filter_map(|name| states.get(name));
    let onwards = next
        .map(|next| from(next, states, known))
        .max()
        .unwrap_or(0);
    let events = of(state) + inside + onwards;
    known.insert(state.name, events);
    events
}
