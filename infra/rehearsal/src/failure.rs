//! Errors of an execution, as Step Functions names them, and what the handlers of a state match.

use std::fmt;

use serde_json::{Value, json};

/// The error that a task, a state or an execution fails with.
///
/// A handler may return one, or any error of its own, which gets the name of its type as it does under
/// `shared::run::main`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The error name, matched by `ErrorEquals`.
    pub error: String,
    /// What happened, for people; the service's JSON as text where a service reports that.
    pub cause: String,
}

/// Error names that Step Functions gives itself.
/// Source: "Handling errors in Step Functions workflows" of its developer guide.
pub(crate) mod name {
    pub(crate) const ALL: &str = "States.ALL";
    pub(crate) const DATA_LIMIT: &str = "States.DataLimitExceeded";
    pub(crate) const HEARTBEAT: &str = "States.HeartbeatTimeout";
    pub(crate) const INTRINSIC: &str = "States.IntrinsicFailure";
    pub(crate) const ITEM_READER: &str = "States.ItemReaderFailed";
    pub(crate) const NO_CHOICE: &str = "States.NoChoiceMatched";
    pub(crate) const PARAMETER_PATH: &str = "States.ParameterPathFailure";
    pub(crate) const QUERY: &str = "States.QueryEvaluationError";
    pub(crate) const RESULT_PATH: &str = "States.ResultPathMatchFailure";
    pub(crate) const RUNTIME: &str = "States.Runtime";
    pub(crate) const TASK_FAILED: &str = "States.TaskFailed";
    pub(crate) const TIMEOUT: &str = "States.Timeout";
    pub(crate) const TOLERANCE: &str = "States.ExceedToleratedFailureThreshold";
}

impl Failure {
    /// A failure of this name.
    pub fn new(error: impl Into<String>, cause: impl Into<String>) -> Self {
        Self {
            error: error.into(),
            cause: cause.into(),
        }
    }

    pub(crate) fn runtime(cause: impl Into<String>) -> Self {
        Self::new(name::RUNTIME, cause)
    }

    pub(crate) fn query(cause: impl Into<String>) -> Self {
        Self::new(name::QUERY, cause)
    }

    /// As the Lambda service reports an error that a function returned.
    pub(crate) fn of_function(self) -> Self {
        let report = json!({"errorMessage": self.cause, "errorType": self.error});
        Self::new(self.error, report.to_string())
    }

    /// The error output that a catcher hands on.
    pub(crate) fn output(&self) -> Value {
        json!({"Error": self.error, "Cause": self.cause})
    }

    /// Whether a retrier or catcher with these names is for it.
    ///
    /// `States.ALL` leaves out the two errors that the service calls terminal. `States.TaskFailed` is for any error but
    /// these and timeouts. A missed heartbeat is a timeout too, so `States.Timeout` is for both.
    pub(crate) fn is_among(&self, names: &[String]) -> bool {
        names.iter().any(|name| self.is_for(name))
    }

    fn is_for(&self, name: &str) -> bool {
        let terminal = matches!(self.error.as_str(), name::DATA_LIMIT | name::RUNTIME);
        let timeout = matches!(self.error.as_str(), name::TIMEOUT | name::HEARTBEAT);
        match name {
            name::ALL => !terminal,
            name::TASK_FAILED => !terminal && !timeout,
            name::TIMEOUT => timeout,
            _ => self.error == name,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.error, self.cause)
    }
}

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::new(std::any::type_name::<E>(), error.to_string())
    }
}
