//! The rules of Step Functions, each once, and the harness's own.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail like tests")]
#![expect(
    clippy::needless_pass_by_value,
    reason = "`json!` makes values, and tests read better without borrowing them"
)]

mod batch;
mod callbacks;
mod choices;
mod corpus;
mod distributed;
mod errors;
mod functions;
mod handlers;
mod json_path;
mod jsonata;
mod maps;
mod refusals;
mod time;
mod variables;

use std::time::Duration;

use rehearsal::{Error, Outcome, Rehearsal};
use serde_json::{Value, json};

/// A JSONata machine of these states that begins with the first.
fn machine(states: Value) -> Value {
    let start = states.as_object().unwrap().keys().next().unwrap().clone();
    json!({"QueryLanguage": "JSONata", "StartAt": start, "States": states})
}

/// A `JSONPath` machine of these states that begins with the first.
fn old_machine(states: Value) -> Value {
    let mut machine = machine(states);
    machine["QueryLanguage"] = "JSONPath".into();
    machine
}

/// What a machine without tasks makes of an input.
fn run(machine: &Value, input: Value) -> Outcome {
    Rehearsal::of(machine).input(input).run().unwrap()
}

fn output(machine: &Value, input: Value) -> Value {
    let outcome = run(machine, input);
    let output = outcome.output().cloned();
    output.unwrap_or_else(|| panic!("no output: {:?}", outcome.status()))
}

fn error(machine: &Value, input: Value) -> String {
    let outcome = run(machine, input);
    let failure = outcome.failure().cloned();
    let failure = failure.unwrap_or_else(|| panic!("no failure: {:?}", outcome.status()));
    failure.error
}

/// What a rehearsal refuses, as text.
fn refused(rehearsal: Rehearsal<'_>) -> String {
    match rehearsal.run() {
        Err(error @ Error::Refused(_)) => error.to_string(),
        other => panic!("not refused: {other:?}"),
    }
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}
