//! How a run ended and what happened in it.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use serde_json::Value;

use crate::history::{Call, Event, EventKind};
use crate::{Failure, Objects};

/// How an execution ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Status {
    /// With an output.
    Succeeded(Value),
    /// With an error that nothing caught.
    Failed(Failure),
    /// Its `TimeoutSeconds`, or the year that the service gives it, were over.
    TimedOut,
}

/// What a rehearsal brought.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub(crate) status: Status,
    pub(crate) elapsed: Duration,
    pub(crate) history: Vec<Event>,
    pub(crate) calls: Vec<Call>,
    pub(crate) variables: BTreeMap<String, Value>,
    pub(crate) objects: Objects,
}

impl Outcome {
    /// How the execution ended.
    pub fn status(&self) -> &Status {
        &self.status
    }

    /// The output, if the execution succeeded.
    pub fn output(&self) -> Option<&Value> {
        match &self.status {
            Status::Succeeded(output) => Some(output),
            Status::Failed(_) | Status::TimedOut => None,
        }
    }

    /// The error, if the execution failed.
    pub fn failure(&self) -> Option<&Failure> {
        match &self.status {
            Status::Failed(failure) => Some(failure),
            Status::Succeeded(_) | Status::TimedOut => None,
        }
    }

    /// How much virtual time it took.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// Everything that happened, in order.
    pub fn history(&self) -> &[Event] {
        &self.history
    }

    /// The names of the states in the order in which they were entered, those of branches, iterations, child executions
    /// and nested machines among them.
    pub fn path(&self) -> Vec<&str> {
        let entered = self
            .history
            .iter()
            .filter(|event| event.kind == EventKind::StateEntered);
        entered.filter_map(|event| event.state.as_deref()).collect()
    }

    /// The calls of a task, in order.
    pub fn calls(&self, state: &str) -> Vec<&Call> {
        self.calls
            .iter()
            .filter(|call| call.state == state)
            .collect()
    }

    /// How many events the service's history of this execution would have; it ends an execution at 25,000. Those of
    /// child executions do not count.
    pub fn events_used(&self) -> usize {
        let own = self.history.iter().filter(|event| event.execution == 0);
        own.filter(|event| event.kind.is_in_service_history())
            .count()
    }

    /// The variables of the machine at its end; those of branches and iterations went with them.
    pub fn variables(&self) -> &BTreeMap<String, Value> {
        &self.variables
    }

    /// The objects that were given, and those that were written.
    pub fn objects(&self) -> &Objects {
        &self.objects
    }
}

/// The history, an event a line: what a test that fails wants to show.
impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.history
            .iter()
            .try_for_each(|event| writeln!(formatter, "{event}"))
    }
}
