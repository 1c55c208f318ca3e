//! The error names that Step Functions reserves.
//!
//! Source: developer guide, "Handling errors in Step Functions workflows", and the States Language's appendix A.

/// The wildcard.
pub(super) const ALL: &str = "States.ALL";

/// Ends an execution at once; neither retriers nor catchers see it.
pub(super) const RUNTIME: &str = "States.Runtime";

/// The output or input of a state is larger than 256 KiB.
pub(super) const DATA_LIMIT: &str = "States.DataLimitExceeded";

/// Every failure of a task except its timeout.
pub(super) const TASK_FAILED: &str = "States.TaskFailed";

const KNOWN: &[&str] = &[
    ALL,
    "States.BranchFailed",
    DATA_LIMIT,
    "States.ExceedToleratedFailureThreshold",
    "States.HeartbeatTimeout",
    "States.Http.Socket",
    "States.IntrinsicFailure",
    "States.ItemReaderFailed",
    "States.NoChoiceMatched",
    "States.ParameterPathFailure",
    "States.Permissions",
    "States.QueryEvaluationError",
    "States.ResultPathMatchFailure",
    "States.ResultWriterFailed",
    RUNTIME,
    TASK_FAILED,
    "States.Timeout",
];

/// The names in `States.`, in alphabetical order.
pub(super) fn known() -> impl Iterator<Item = &'static str> + Clone {
    KNOWN.iter().copied()
}

/// Whether a name claims to be one of Step Functions' own and is none.
pub(super) fn is_misspelt(name: &str) -> bool {
    let reserved = name
        .get(..7)
        .is_some_and(|prefix| prefix.eq_ignore_ascii_case("States."));
    reserved && !KNOWN.contains(&name) && !is_http_status(name)
}

/// `States.Http.StatusCode.429`.
fn is_http_status(name: &str) -> bool {
    name.strip_prefix("States.Http.StatusCode.")
        .is_some_and(|status| status.len() == 3 && status.parse::<u16>().is_ok())
}
