//! Waits that nobody ends: by default a task of a Standard workflow waits for a year.

use super::Execution;
use crate::check::code;
use crate::check::findings::Findings;
use crate::definition::{Kind, State};

/// From here on a worker that died should be noticed before the timeout, in seconds.
const LONG: u64 = 3600;

/// Services that run a program which works with the token in hand, and so can send heartbeats. A function is none: it hands
/// the token on, to a person or a service, and is over after 15 minutes.
const WORKERS: &[&str] = &["ecs:runTask", "eks:call"];

pub(super) fn check(state: &State<'_>, execution: Execution, findings: &mut Findings) {
    let Kind::Task(integration) = state.kind else {
        return;
    };
    let waits_for = match integration.service() {
        Some((_, Some("waitForTaskToken"))) => "an answer",
        Some((_, Some(_))) => "a job",
        None if integration.resource.contains(":activity:") => "a worker",
        Some((_, None)) | None => return,
    };
    let has = |field: &str| state.body.contains_key(field);
    let bounded = has("TimeoutSeconds") || has("TimeoutSecondsPath") || execution.timeout.is_some();
    if !bounded {
        findings.warning(
            &state.pointer,
            code::NO_TIMEOUT,
            format!("waits for {waits_for} for up to a year"),
            "add `TimeoutSeconds` to the state, or to the machine",
        );
    }
    let (Some((action, Some("waitForTaskToken"))), Some(timeout)) = (
        integration.service(),
        state
            .body
            .get("TimeoutSeconds")
            .and_then(serde_json::Value::as_u64),
    ) else {
        return;
    };
    let heartbeat = has("HeartbeatSeconds") || has("HeartbeatSecondsPath");
    if WORKERS.contains(&action) && timeout > LONG && !heartbeat {
        findings.warning(
            &state.pointer,
            code::NO_HEARTBEAT,
            format!("a worker that dies is noticed only after {timeout} seconds"),
            "add `HeartbeatSeconds`, and let the worker call SendTaskHeartbeat",
        );
    }
}
