//! What happens when a state fails: retriers and catchers.

use serde_json::{Map, Value};

use super::{list, text};
use crate::Pointer;

/// An entry of `Retry`.
#[derive(Clone, Debug)]
pub struct Retrier<'a> {
    /// Where it is.
    pub pointer: Pointer,
    /// The error names it is for.
    pub errors: Vec<&'a str>,
    /// All fields.
    pub body: &'a Map<String, Value>,
}

impl Retrier<'_> {
    /// Seconds before the first retry: 1 unless given.
    pub fn interval_seconds(&self) -> u64 {
        self.count("IntervalSeconds").unwrap_or(1)
    }

    /// Retries before the error stands: 3 unless given, 0 for never.
    pub fn max_attempts(&self) -> u64 {
        self.count("MaxAttempts").unwrap_or(3)
    }

    /// What each interval is multiplied with to get the next: 2.0 unless given.
    pub fn backoff_rate(&self) -> f64 {
        self.body
            .get("BackoffRate")
            .and_then(Value::as_f64)
            .unwrap_or(2.0)
    }

    /// The longest interval in seconds.
    pub fn max_delay_seconds(&self) -> Option<u64> {
        self.count("MaxDelaySeconds")
    }

    fn count(&self, field: &str) -> Option<u64> {
        self.body.get(field)?.as_u64()
    }
}

/// An entry of `Catch`.
#[derive(Clone, Debug)]
pub struct Catcher<'a> {
    /// Where it is.
    pub pointer: Pointer,
    /// The error names it is for.
    pub errors: Vec<&'a str>,
    /// The state that goes on.
    pub next: Option<&'a str>,
    /// All fields: `ResultPath` (`JSONPath`), `Output` (JSONata), `Assign`.
    pub body: &'a Map<String, Value>,
}

pub(super) fn retriers<'a>(state: &'a Map<String, Value>, pointer: &Pointer) -> Vec<Retrier<'a>> {
    let read = |(pointer, body)| Retrier {
        pointer,
        errors: errors(body),
        body,
    };
    entries(state, "Retry", pointer).map(read).collect()
}

pub(super) fn catchers<'a>(state: &'a Map<String, Value>, pointer: &Pointer) -> Vec<Catcher<'a>> {
    let read = |(pointer, body)| Catcher {
        pointer,
        errors: errors(body),
        next: text(body, "Next"),
        body,
    };
    entries(state, "Catch", pointer).map(read).collect()
}

fn entries<'a>(
    state: &'a Map<String, Value>,
    field: &str,
    pointer: &Pointer,
) -> impl Iterator<Item = (Pointer, &'a Map<String, Value>)> {
    let pointer = pointer.member(field);
    let located =
        move |(index, entry): (usize, &'a Value)| Some((pointer.item(index), entry.as_object()?));
    list(state, field).iter().enumerate().filter_map(located)
}

fn errors(body: &Map<String, Value>) -> Vec<&str> {
    let names = list(body, "ErrorEquals").iter();
    names.filter_map(Value::as_str).collect()
}
