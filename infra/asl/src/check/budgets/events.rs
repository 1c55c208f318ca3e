//! How many events of an execution's history a state takes.

use std::collections::{BTreeMap, BTreeSet};

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
    // The way that is being followed; not by recursion, since a definition may be one long chain.
    let mut way: Vec<_> = states.start().into_iter().collect();
    let mut followed: BTreeSet<_> = way.iter().map(|state| state.name).collect();
    while let Some(state) = way.last().copied() {
        let successors = state.successors();
        let next = successors
            .iter()
            .find_map(|name| states.get(name).filter(|next| followed.insert(next.name)));
        if let Some(next) = next {
            way.push(next);
            continue;
        }
        // A loop that leads back into the way is not counted again.
        let onwards = successors
            .iter()
            .filter_map(|name| known.get(name))
            .max()
            .copied();
        known.insert(state.name, of(state) + inside(state) + onwards.unwrap_or(0));
        way.pop();
    }
    states
        .start()
        .and_then(|start| known.remove(start.name))
        .unwrap_or(0)
}

/// The events of the branches of a `Parallel`; how many items a `Map` inside has is another question.
fn inside(state: &State<'_>) -> u64 {
    match &state.kind {
        Kind::Parallel(branches) => branches.iter().map(longest).sum(),
        _ => 0,
    }
}
