//! Takes down what happens.

use std::time::Duration;

use serde_json::Value;

use crate::Failure;
use crate::history::{Call, Event};

/// Events and calls so far.
#[derive(Debug, Default)]
pub(super) struct Journal {
    history: Vec<Event>,
    calls: Vec<Call>,
}

/// A call whose result is not known yet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pending(usize);

impl Journal {
    pub(super) fn note(&mut self, event: Event) {
        self.history.push(event);
    }

    pub(super) fn call(
        &mut self,
        at: Duration,
        state: &str,
        retries: u32,
        resource: &str,
        arguments: &Value,
    ) -> Pending {
        self.calls.push(Call {
            state: state.to_owned(),
            at,
            retries,
            resource: resource.to_owned(),
            arguments: arguments.clone(),
            result: None,
        });
        Pending(self.calls.len() - 1)
    }

    pub(super) fn answered(&mut self, Pending(call): Pending, result: &Result<Value, Failure>) {
        self.calls[call].result = Some(result.clone());
    }

    pub(super) fn into_parts(self) -> (Vec<Event>, Vec<Call>) {
        (self.history, self.calls)
    }
}
