//! What a run may cost: time, history, money.

mod events;
mod loops;
mod maps;
mod payload;
mod resubmission;
mod retries;
mod timeouts;

use super::MachineType;
use super::findings::Findings;
use super::flows::Flows;
use crate::definition::{Definition, Kind, ProcessorMode, States};

/// What bounds the executions that a state runs in.
#[derive(Clone, Copy)]
struct Execution {
    /// Seconds until it times out; none for never, which is a year.
    timeout: Option<u64>,
}

/// An Express workflow runs for five minutes at most.
const EXPRESS_SECONDS: u64 = 300;

pub(super) fn check(
    definition: &Definition<'_>,
    machine_type: MachineType,
    flows: &Flows,
    findings: &mut Findings,
) {
    let timeout = match machine_type {
        MachineType::Express => Some(EXPRESS_SECONDS),
        // A placeholder is a timeout too, of a length that we do not know.
        MachineType::Standard if definition.body.contains_key("TimeoutSeconds") => {
            Some(definition.timeout_seconds().unwrap_or(0))
        }
        MachineType::Standard => None,
    };
    scope(&definition.states, Execution { timeout }, flows, findings);
}

fn scope(states: &States<'_>, execution: Execution, flows: &Flows, findings: &mut Findings) {
    loops::check(states, execution, findings);
    for state in &states.all {
        timeouts::check(state, execution, findings);
        retries::check(state, findings);
        maps::check(state, findings);
        if let Some(flow) = flows.of(&state.pointer) {
            payload::check(state, flow, findings);
            maps::history(state, flow, findings);
        }
        let inside = match &state.kind {
            // Distributed iterations are executions of their own, stopped with the one around them.
            Kind::Map(map) if map.mode == ProcessorMode::Distributed => Execution {
                timeout: execution.timeout.map(|_| 0),
            },
            _ => execution,
        };
        for inner in state.inner() {
            scope(inner, inside, flows, findings);
        }
    }
}
