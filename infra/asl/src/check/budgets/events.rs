//! How many events of an execution's history a state takes.

use crate::definition::{Kind, State};

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
