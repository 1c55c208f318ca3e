//! Virtual time: waits, durations, timeouts.

use std::time::{Duration, Instant};

use rehearsal::{EventKind, Failure, Mock, Rehearsal, Status};
use serde_json::json;

use crate::{machine, old_machine, run, seconds};

#[test]
fn waits_take_no_time_but_virtual_time() {
    let begun = Instant::now();
    let definition = machine(json!({
        "Fixed": {"Type": "Wait", "Seconds": 86_400, "Next": "Data"},
        "Data": {"Type": "Wait", "Seconds": "{% $states.input.s %}", "Next": "Until"},
        "Until": {"Type": "Wait", "Timestamp": "2026-01-03T00:00:00Z", "Next": "Past"},
        "Past": {"Type": "Wait", "Timestamp": "{% '2020-01-01T00:00:00Z' %}", "End": true},
    }));
    let outcome = run(&definition, json!({"s": 30}));
    let entered: Vec<_> = outcome
        .history()
        .iter()
        .filter(|event| event.kind == EventKind::StateEntered)
        .map(|event| event.at)
        .collect();
    assert_eq!(
        entered,
        [
            seconds(0),
            seconds(86_400),
            seconds(86_430),
            seconds(172_800)
        ]
    );
    assert_eq!(outcome.elapsed(), seconds(172_800));
    assert!(begun.elapsed() < Duration::from_secs(5));
    let old = old_machine(json!({
        "Data": {"Type": "Wait", "SecondsPath": "$.s", "Next": "Until"},
        "Until": {"Type": "Wait", "TimestampPath": "$.t", "End": true},
    }));
    assert_eq!(
        run(&old, json!({"s": 5, "t": "2026-01-01T00:01:00+00:00"})).elapsed(),
        seconds(60)
    );
}

#[test]
fn a_task_that_takes_longer_than_it_may_times_out() {
    let definition = machine(json!({
        "Call": {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:x:y",
            "TimeoutSeconds": "{% $states.input.limit %}",
            "Retry": [{"ErrorEquals": ["States.Timeout"], "IntervalSeconds": 1, "MaxAttempts": 1}],
            "End": true,
        },
    }));
    let with = |limit: u64| {
        let slow = Mock::answers(json!("late")).after(seconds(60)).always();
        Rehearsal::of(&definition)
            .task("Call", slow)
            .input(json!({"limit": limit}))
            .run()
            .unwrap()
    };
    let late = with(59);
    assert_eq!(late.failure(), Some(&Failure::new("States.Timeout", "")));
    assert_eq!(late.elapsed(), seconds(59 + 1 + 59));
    assert!(
        late.history()
            .iter()
            .any(|event| matches!(event.kind, EventKind::TaskTimedOut(_)))
    );
    let in_time = with(60);
    assert_eq!(
        in_time.output(),
        Some(&json!("late")),
        "the last instant is in time"
    );
    assert_eq!(in_time.elapsed(), seconds(60));
}

#[test]
fn an_execution_times_out_as_a_whole() {
    let mut definition = machine(json!({
        "Wait": {"Type": "Wait", "Seconds": 100, "Catch": [], "End": true},
    }));
    definition["States"]["Wait"]
        .as_object_mut()
        .unwrap()
        .remove("Catch");
    definition["TimeoutSeconds"] = 99.into();
    let outcome = run(&definition, json!({}));
    assert_eq!(outcome.status(), &Status::TimedOut);
    assert_eq!(outcome.elapsed(), seconds(99));
}

#[test]
fn branches_run_side_by_side() {
    let branch = |name: &str, wait: u64| json!({"StartAt": name, "States": {name: {"Type": "Wait", "Seconds": wait, "Output": name, "End": true}}});
    let definition = machine(json!({
        "Both": {"Type": "Parallel", "Branches": [branch("Slow", 30), branch("Quick", 10)], "End": true},
    }));
    let outcome = run(&definition, json!({}));
    assert_eq!(outcome.elapsed(), seconds(30));
    assert_eq!(
        outcome.output(),
        Some(&json!(["Slow", "Quick"])),
        "in the order of the branches"
    );
    let left: Vec<_> = outcome
        .history()
        .iter()
        .filter(|event| event.kind == EventKind::StateExited)
        .filter_map(|event| event.state.as_deref())
        .collect();
    assert_eq!(left, ["Quick", "Slow", "Both"]);
}

#[test]
fn a_branch_that_fails_ends_the_others_at_its_time() {
    let definition = machine(json!({
        "Both": {
            "Type": "Parallel",
            "Branches": [
                {"StartAt": "Long", "States": {"Long": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:x:y", "Next": "Never"}, "Never": {"Type": "Succeed"}}},
                {"StartAt": "Rest", "States": {"Rest": {"Type": "Wait", "Seconds": 7, "Next": "Fail"}, "Fail": {"Type": "Fail", "Error": "Broken"}}},
            ],
            "Catch": [{"ErrorEquals": ["Broken"], "Next": "After"}],
            "End": true,
        },
        "After": {"Type": "Wait", "Seconds": 1000, "End": true},
    }));
    let outcome = Rehearsal::of(&definition)
        .task("Long", Mock::answers(json!(1)).after(seconds(100)))
        .run()
        .unwrap();
    assert_eq!(outcome.path(), ["Both", "Long", "Rest", "Fail", "After"]);
    assert_eq!(outcome.elapsed(), seconds(1007));
    assert_eq!(
        outcome.calls("Long")[0].result,
        None,
        "nobody waits for it any more"
    );
}

#[test]
fn handlers_take_the_virtual_time_that_they_are_given() {
    let definition = machine(json!({"Call": {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Arguments": {"FunctionName": "f", "Payload": 1},
        "End": true,
    }}));
    let outcome = Rehearsal::of(&definition)
        .function("f", async |n: u8| Ok::<_, Failure>(n))
        .takes("Call", seconds(900))
        .run()
        .unwrap();
    assert_eq!(outcome.elapsed(), seconds(900));
}

#[test]
fn the_history_can_be_read() {
    let definition = machine(json!({
        "Rest": {"Type": "Wait", "Seconds": 90, "Next": "Stop"},
        "Stop": {"Type": "Fail", "Error": "Late", "Cause": "too slow"},
    }));
    let history = run(&definition, json!({})).to_string();
    let lines: Vec<&str> = history.lines().map(str::trim).collect();
    assert_eq!(
        lines,
        [
            "0.000s ExecutionStarted",
            "0.000s Rest: StateEntered",
            "90.000s Rest: StateExited",
            "90.000s Stop: StateEntered",
            "90.000s ExecutionFailed Late: too slow",
        ]
    );
}

#[test]
fn the_same_rehearsal_has_the_same_history() {
    let definition = machine(json!({"Each": {
        "Type": "Map",
        "Items": "{% [1..30] %}",
        "MaxConcurrency": 7,
        "ItemProcessor": {"StartAt": "Call", "States": {"Call": {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:x:y",
            "Retry": [{"ErrorEquals": ["Odd"], "IntervalSeconds": 3, "JitterStrategy": "FULL"}],
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Lost"}],
            "End": true,
        }, "Lost": {"Type": "Pass", "Output": "{% $uuid() %}", "End": true}}},
        "End": true,
    }}));
    let rehearse = || {
        let odd = |arguments: &serde_json::Value| match arguments.as_u64().unwrap() % 2 {
            0 => Ok(arguments.clone()),
            _ => Err(Failure::new("Odd", "")),
        };
        Rehearsal::of(&definition)
            .task("Call", Mock::replies(odd).after(seconds(2)).always())
            .run()
            .unwrap()
    };
    let (first, second) = (rehearse(), rehearse());
    assert_eq!(first.history(), second.history());
    assert_eq!(first.output(), second.output());
}
