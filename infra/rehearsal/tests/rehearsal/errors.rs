//! `Retry` and `Catch`.

use rehearsal::{EventKind, Mock, Rehearsal};
use serde_json::{Value, json};

use crate::{machine, old_machine, run, seconds};

/// A task with these handlers, and states that tell where an error led.
fn task(retry: Value, catch: Value) -> Value {
    machine(json!({
        "Call": {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:x:y",
            "Retry": retry,
            "Catch": catch,
            "End": true,
        },
        "Caught": {"Type": "Pass", "End": true},
    }))
}

fn failing(definition: &Value, error: &str) -> rehearsal::Outcome {
    Rehearsal::of(definition)
        .task("Call", Mock::fails(error, "why").always())
        .run()
        .unwrap()
}

#[test]
fn delays_grow_by_the_rate_up_to_the_longest() {
    let retry = json!([{"ErrorEquals": ["Slow"], "IntervalSeconds": 3, "MaxAttempts": 4, "BackoffRate": 2, "MaxDelaySeconds": 10}]);
    let outcome = failing(&task(retry, json!([])), "Slow");
    let times: Vec<_> = outcome
        .calls("Call")
        .iter()
        .map(|call| (call.at, call.retries))
        .collect();
    assert_eq!(
        times,
        [
            (seconds(0), 0),
            (seconds(3), 1),
            (seconds(9), 2),
            (seconds(19), 3),
            (seconds(29), 4)
        ]
    );
    assert_eq!(outcome.failure().unwrap().error, "Slow");
    let delays = outcome
        .history()
        .iter()
        .filter_map(|event| match &event.kind {
            EventKind::RetryScheduled { delay, .. } => Some(delay.as_secs()),
            _ => None,
        });
    assert_eq!(delays.collect::<Vec<_>>(), [3, 6, 10, 10]);
}

#[test]
fn a_retrier_without_numbers_tries_three_times_after_1_2_and_4_seconds() {
    let outcome = failing(&task(json!([{"ErrorEquals": ["Slow"]}]), json!([])), "Slow");
    assert_eq!(outcome.calls("Call").len(), 4);
    assert_eq!(outcome.elapsed(), seconds(7));
}

#[test]
fn zero_attempts_forbid_what_a_later_retrier_allows() {
    let retry =
        json!([{"ErrorEquals": ["Fatal"], "MaxAttempts": 0}, {"ErrorEquals": ["States.ALL"]}]);
    assert_eq!(
        failing(&task(retry.clone(), json!([])), "Fatal")
            .calls("Call")
            .len(),
        1
    );
    assert_eq!(
        failing(&task(retry, json!([])), "Other")
            .calls("Call")
            .len(),
        4
    );
}

#[test]
fn each_retrier_counts_its_own_attempts() {
    let retry = json!([
        {"ErrorEquals": ["A"], "IntervalSeconds": 1, "MaxAttempts": 2, "BackoffRate": 1},
        {"ErrorEquals": ["B"], "IntervalSeconds": 5, "MaxAttempts": 1},
    ]);
    let outcome = Rehearsal::of(&task(retry, json!([])))
        .task(
            "Call",
            Mock::fails("A", "")
                .then(Mock::fails("B", ""))
                .then(Mock::fails("A", ""))
                .then(Mock::fails("B", "again")),
        )
        .run()
        .unwrap();
    assert_eq!(outcome.calls("Call").len(), 4);
    assert_eq!(outcome.elapsed(), seconds(1 + 5 + 1));
    assert_eq!(outcome.failure().unwrap().cause, "again");
}

#[test]
fn attempts_count_anew_at_every_visit() {
    let definition = machine(json!({
        "Call": {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:x:y",
            "Retry": [{"ErrorEquals": ["A"], "IntervalSeconds": 1, "MaxAttempts": 1}],
            "Next": "Again",
        },
        "Again": {"Type": "Choice", "Choices": [{"Condition": "{% $states.input.more %}", "Next": "Call"}], "Default": "Done"},
        "Done": {"Type": "Succeed"},
    }));
    let outcome = Rehearsal::of(&definition)
        .task(
            "Call",
            Mock::fails("A", "")
                .then(Mock::answers(json!({"more": true})))
                .then(Mock::fails("A", ""))
                .then(Mock::answers(json!({"more": false}))),
        )
        .run()
        .unwrap();
    assert_eq!(outcome.output(), Some(&json!({"more": false})));
}

#[test]
fn full_jitter_stays_within_the_delay_and_is_the_same_every_time() {
    let retry = json!([{"ErrorEquals": ["Slow"], "IntervalSeconds": 100, "MaxAttempts": 5, "BackoffRate": 1, "JitterStrategy": "FULL"}]);
    let definition = task(retry, json!([]));
    let first = failing(&definition, "Slow").elapsed();
    assert_eq!(failing(&definition, "Slow").elapsed(), first);
    assert!(first < seconds(500) && first > seconds(0), "{first:?}");
    let mock = Mock::fails("Slow", "").always();
    let other = Rehearsal::of(&definition)
        .seed(1)
        .task("Call", mock)
        .run()
        .unwrap()
        .elapsed();
    assert_ne!(other, first);
}

#[test]
fn the_retry_count_is_in_the_context() {
    let definition = machine(json!({"Call": {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:x:y",
        "Arguments": {"Attempt": "{% $states.context.State.RetryCount %}"},
        "Retry": [{"ErrorEquals": ["States.ALL"]}],
        "End": true,
    }}));
    let outcome = Rehearsal::of(&definition)
        .task("Call", Mock::fails("A", "").then(Mock::answers(json!(1))))
        .run()
        .unwrap();
    let attempts: Vec<_> = outcome
        .calls("Call")
        .iter()
        .map(|call| call.arguments["Attempt"].clone())
        .collect();
    assert_eq!(attempts, [json!(0), json!(1)]);
}

#[test]
fn a_catcher_comes_after_the_retries_and_hands_the_error_on() {
    let retry = json!([{"ErrorEquals": ["Slow"], "IntervalSeconds": 2, "MaxAttempts": 1}]);
    let catch = json!([{"ErrorEquals": ["Other"], "Next": "Caught"}, {"ErrorEquals": ["Slow"], "Next": "Caught"}]);
    let outcome = failing(&task(retry, catch), "Slow");
    assert_eq!(outcome.path(), ["Call", "Caught"]);
    assert_eq!(outcome.calls("Call").len(), 2);
    assert_eq!(
        outcome.output(),
        Some(&json!({"Error": "Slow", "Cause": "why"}))
    );
}

#[test]
fn a_catcher_shapes_its_output() {
    let catch = json!([{"ErrorEquals": ["States.ALL"], "Output": {"id": "{% $states.input.id %}", "error": "{% $states.errorOutput %}"}, "Next": "Caught"}]);
    let outcome = Rehearsal::of(&task(json!([]), catch))
        .task("Call", Mock::fails("A", "b"))
        .input(json!({"id": 7}))
        .run()
        .unwrap();
    assert_eq!(
        outcome.output(),
        Some(&json!({"id": 7, "error": {"Error": "A", "Cause": "b"}}))
    );
    let old = old_machine(json!({
        "Call": {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:x:y",
            "InputPath": "$.inner",
            "OutputPath": "$.never",
            "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Caught"}],
            "End": true,
        },
        "Caught": {"Type": "Succeed"},
    }));
    let outcome = Rehearsal::of(&old)
        .task("Call", Mock::fails("A", "b"))
        .input(json!({"id": 7, "inner": {}}))
        .run()
        .unwrap();
    assert_eq!(
        outcome.output(),
        Some(&json!({"id": 7, "inner": {}, "error": {"Error": "A", "Cause": "b"}}))
    );
}

/// Which errors the reserved names are for.
#[test]
fn reserved_names_match_as_documented() {
    for (name, error, caught) in [
        ("States.ALL", "Anything", true),
        ("States.ALL", "States.Timeout", true),
        ("States.ALL", "States.QueryEvaluationError", true),
        ("States.ALL", "States.DataLimitExceeded", false),
        ("States.ALL", "States.Runtime", false),
        ("States.TaskFailed", "Anything", true),
        ("States.TaskFailed", "States.Timeout", false),
        ("States.TaskFailed", "States.HeartbeatTimeout", false),
        ("States.Timeout", "States.HeartbeatTimeout", true),
        ("States.HeartbeatTimeout", "States.Timeout", false),
        ("States.DataLimitExceeded", "States.DataLimitExceeded", true),
        ("anything", "Anything", false),
    ] {
        let catch = json!([{"ErrorEquals": [name], "Next": "Caught"}]);
        let outcome = failing(&task(json!([]), catch), error);
        assert_eq!(outcome.output().is_some(), caught, "{name} for {error}");
    }
}

#[test]
fn an_expression_that_fails_is_retried_and_caught() {
    let definition = machine(json!({
        "Call": {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:x:y",
            "Arguments": "{% $states.input.missing %}",
            "Retry": [{"ErrorEquals": ["States.QueryEvaluationError"], "MaxAttempts": 1, "IntervalSeconds": 5}],
            "Catch": [{"ErrorEquals": ["States.ALL"], "Output": "{% $states.errorOutput.Error %}", "Next": "Caught"}],
            "End": true,
        },
        "Caught": {"Type": "Succeed"},
    }));
    let outcome = Rehearsal::of(&definition)
        .task("Call", Mock::answers(json!(1)))
        .run()
        .unwrap();
    assert_eq!(
        outcome.output(),
        Some(&json!("States.QueryEvaluationError"))
    );
    assert_eq!(outcome.elapsed(), seconds(5));
    assert!(outcome.calls("Call").is_empty(), "the task is not called");
}

#[test]
fn parallel_and_map_retry_and_catch_what_fails_inside() {
    let inner = json!({"StartAt": "Inner", "States": {"Inner": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:x:y", "End": true}}});
    let handlers = |mut state: Value| {
        state["Retry"] = json!([{"ErrorEquals": ["A"], "IntervalSeconds": 10, "MaxAttempts": 1}]);
        state["Catch"] = json!([{"ErrorEquals": ["States.TaskFailed"], "Next": "Caught"}]);
        state["End"] = true.into();
        machine(json!({"Outer": state, "Caught": {"Type": "Succeed"}}))
    };
    for definition in [
        handlers(json!({"Type": "Parallel", "Branches": [inner]})),
        handlers(json!({"Type": "Map", "Items": [1], "ItemProcessor": inner})),
    ] {
        let recovers = Mock::fails("A", "").then(Mock::answers(json!("ok")));
        let outcome = Rehearsal::of(&definition)
            .task("Inner", recovers)
            .run()
            .unwrap();
        assert_eq!(outcome.output(), Some(&json!(["ok"])));
        assert_eq!(outcome.elapsed(), seconds(10));
        let outcome = Rehearsal::of(&definition)
            .task("Inner", Mock::fails("A", "no").always())
            .run()
            .unwrap();
        assert_eq!(
            outcome.output(),
            Some(&json!({"Error": "A", "Cause": "no"}))
        );
    }
}

#[test]
fn payloads_over_the_limit_fail() {
    let large = "x".repeat(262_144);
    let definition = machine(json!({
        "Call": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:x:y", "Output": "small", "End": true,
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Caught"}]},
        "Caught": {"Type": "Succeed"},
    }));
    let outcome = Rehearsal::of(&definition)
        .task("Call", Mock::answers(json!(large)))
        .run()
        .unwrap();
    assert_eq!(
        outcome.failure().unwrap().error,
        "States.DataLimitExceeded",
        "two bytes of quotes too many"
    );
    let fits = &large[2..];
    let outcome = Rehearsal::of(&definition)
        .task("Call", Mock::answers(json!(fits)))
        .run()
        .unwrap();
    assert_eq!(outcome.output(), Some(&json!("small")));
    let grows = machine(
        json!({"Grow": {"Type": "Pass", "Output": "{% $states.input & $states.input %}", "End": true}}),
    );
    assert_eq!(
        run(&grows, json!("x".repeat(140_000)))
            .failure()
            .unwrap()
            .error,
        "States.DataLimitExceeded"
    );
    let keeps = machine(
        json!({"Keep": {"Type": "Pass", "Assign": {"a": "{% $states.input %}", "b": "{% $states.input %}"}, "End": true}}),
    );
    assert_eq!(
        run(&keeps, json!("x".repeat(140_000)))
            .failure()
            .unwrap()
            .error,
        "States.DataLimitExceeded"
    );
}

#[test]
fn a_history_that_is_full_ends_the_execution() {
    let definition = machine(json!({
        "Ping": {"Type": "Pass", "Next": "Pong"},
        "Pong": {"Type": "Pass", "Next": "Ping"},
    }));
    let outcome = run(&definition, json!({}));
    assert_eq!(outcome.failure().unwrap().error, "States.Runtime");
    assert!(outcome.failure().unwrap().cause.contains("25000"));
    assert_eq!(
        outcome.events_used(),
        25_002,
        "the event too many, and that of the end"
    );
}
