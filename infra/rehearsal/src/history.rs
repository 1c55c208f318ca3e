//! What happened in a run, and when.

use std::fmt;
use std::time::Duration;

use serde_json::Value;

use crate::Failure;

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// When, in virtual time from the start.
    pub at: Duration,
    /// In which execution: 0 is the one that was started; child executions of distributed maps and nested machines have
    /// numbers of their own, and histories of their own in AWS.
    pub execution: usize,
    /// In which state.
    pub state: Option<String>,
    /// What.
    pub kind: EventKind,
}

/// What happened, as the service's history has it. There, the type of the state is part of the name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
#[non_exhaustive]
pub enum EventKind {
    ExecutionStarted,
    ExecutionSucceeded,
    ExecutionFailed(Failure),
    ExecutionTimedOut,
    StateEntered,
    StateExited,
    TaskScheduled,
    TaskStarted,
    TaskSubmitted,
    TaskSucceeded,
    TaskFailed(Failure),
    TaskTimedOut(Failure),
    ParallelStarted,
    ParallelSucceeded,
    ParallelFailed,
    MapStarted,
    MapSucceeded,
    MapFailed,
    MapIterationStarted(usize),
    MapIterationSucceeded(usize),
    MapIterationFailed(usize),
    MapIterationAborted(usize),
    MapRunStarted,
    MapRunSucceeded,
    MapRunFailed,
    /// A retrier waits; the service's history shows only the next attempt.
    RetryScheduled {
        /// Until the next attempt.
        delay: Duration,
        /// What failed.
        failure: Failure,
    },
}

impl EventKind {
    /// Whether it counts against the service's limit of events.
    pub fn is_in_service_history(&self) -> bool {
        !matches!(self, Self::RetryScheduled { .. })
    }
}

impl fmt::Display for Event {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:>10.3}s ", self.at.as_secs_f64())?;
        if let Some(state) = &self.state {
            write!(formatter, "{state}: ")?;
        }
        write!(formatter, "{}", self.kind)
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ExecutionFailed(failure) => write!(formatter, "ExecutionFailed {failure}"),
            Self::TaskFailed(failure) => write!(formatter, "TaskFailed {failure}"),
            Self::TaskTimedOut(failure) => write!(formatter, "TaskTimedOut {failure}"),
            Self::RetryScheduled { delay, failure } => {
                write!(formatter, "RetryScheduled in {delay:?} after {failure}")
            }
            other => write!(formatter, "{other:?}"),
        }
    }
}

/// A call of a task.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Call {
    /// The state.
    pub state: String,
    /// When it was made, in virtual time from the start.
    pub at: Duration,
    /// How many retries came before it.
    pub retries: u32,
    /// What was called.
    pub resource: String,
    /// What it was called with: after `Arguments`, or `InputPath` and `Parameters`.
    pub arguments: Value,
    /// What came back; none if something else ended the task before.
    pub result: Option<Result<Value, Failure>>,
}
