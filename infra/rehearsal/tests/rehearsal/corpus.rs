//! The definitions that the checker is held against: those that are correct can be rehearsed.

use std::path::Path;

use asl::Definition;
use asl::definition::Kind;
use rehearsal::{Callback, Mock, Rehearsal};
use serde_json::{Value, json};

use crate::seconds;

/// Everybody answers `{}`.
fn with_everybody(definition: &Value) -> Rehearsal<'_> {
    let read = Definition::read(definition);
    let states = read.states.walk().into_iter();
    states.fold(Rehearsal::of(definition), |rehearsal, state| {
        match state.kind {
            Kind::Task(integration) => {
                let rehearsal = rehearsal.task(state.name, Mock::answers(json!({})).always());
                if !integration.resource.ends_with(".waitForTaskToken") {
                    return rehearsal;
                }
                rehearsal.callback(state.name, |_, _| {
                    Callback::succeeds_after(seconds(1), json!({}))
                })
            }
            _ => rehearsal,
        }
    })
}

#[test]
fn correct_definitions_can_be_rehearsed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../asl/tests/corpus/correct");
    let mut rehearsed = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let file = file.unwrap().path();
        let text = std::fs::read_to_string(&file).unwrap();
        let case: Value = serde_json::from_str(&text).unwrap();
        let outcome = with_everybody(&case["definition"]).run();
        let outcome = outcome.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        assert!(!outcome.path().is_empty(), "{}", file.display());
        rehearsed += 1;
    }
    assert!(rehearsed >= 25, "{rehearsed}");
}
