//! Inline maps.

use std::time::Instant;

use rehearsal::{EventKind, Failure, Mock, Rehearsal};
use serde_json::{Value, json};

use crate::{error, machine, old_machine, output, run, seconds};

/// A map over items whose processor waits as long as each says.
fn waits(concurrency: Value) -> Value {
    machine(json!({"Each": {
        "Type": "Map",
        "Items": "{% $states.input.waits %}",
        "MaxConcurrency": concurrency,
        "ItemProcessor": {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": "{% $states.input %}", "End": true}}},
        "End": true,
    }}))
}

#[test]
fn results_are_in_the_order_of_the_items() {
    let outcome = run(&waits(json!(0)), json!({"waits": [3, 1, 2]}));
    assert_eq!(outcome.output(), Some(&json!([3, 1, 2])));
    assert_eq!(outcome.elapsed(), seconds(3));
    assert_eq!(output(&waits(json!(0)), json!({"waits": []})), json!([]));
}

#[test]
fn concurrency_shapes_the_time() {
    let elapsed = |concurrency: Value, waits_of: Value| {
        run(&waits(concurrency), json!({"waits": waits_of})).elapsed()
    };
    assert_eq!(elapsed(json!(1), json!([5, 1, 1, 1])), seconds(8));
    assert_eq!(
        elapsed(json!(2), json!([5, 1, 1, 1])),
        seconds(5),
        "the quick ones go past the slow one"
    );
    assert_eq!(elapsed(json!("{% 1 + 1 %}"), json!([5, 5, 5])), seconds(10));
    assert_eq!(
        elapsed(json!(0), json!(vec![1; 41])),
        seconds(2),
        "40 at a time inline"
    );
}

#[test]
fn item_and_index_are_in_the_context() {
    let definition = machine(json!({"Each": {
        "Type": "Map",
        "Items": "{% $states.input.list %}",
        "ItemSelector": {"n": "{% $states.context.Map.Item.Value * 10 %}", "of": "{% $count($states.input.list) %}", "at": "{% $states.context.Map.Item.Index %}"},
        "ItemProcessor": {"StartAt": "Tell", "States": {"Tell": {
            "Type": "Pass",
            "Output": "{% $merge([$states.input, {'value': $states.context.Map.Item.Value}]) %}",
            "End": true,
        }}},
        "End": true,
    }}));
    assert_eq!(
        output(&definition, json!({"list": [1, 2]})),
        json!([{"n": 10, "of": 2, "at": 0, "value": 1}, {"n": 20, "of": 2, "at": 1, "value": 2}])
    );
}

#[test]
fn json_path_maps_of_all_ages() {
    let processor = json!({"StartAt": "Tell", "States": {"Tell": {"Type": "Pass", "End": true}}});
    for (selector, processors) in [
        ("ItemSelector", "ItemProcessor"),
        ("Parameters", "Iterator"),
    ] {
        let mut definition = old_machine(json!({"Each": {
            "Type": "Map",
            "InputPath": "$.inner",
            "ItemsPath": "$.list",
            "MaxConcurrencyPath": "$.most",
            "ResultSelector": {"all.$": "$[*].v"},
            "ResultPath": "$.inner.done",
            "End": true,
        }}));
        let each = &mut definition["States"]["Each"];
        each[processors] = processor.clone();
        each[selector] = json!({"v.$": "$$.Map.Item.Value", "most.$": "$.most"});
        let input = json!({"inner": {"list": [7, 8], "most": 1}});
        assert_eq!(
            output(&definition, input),
            json!({"inner": {"list": [7, 8], "most": 1, "done": {"all": [7, 8]}}})
        );
    }
}

#[test]
fn without_an_array_the_map_fails() {
    assert_eq!(
        error(&waits(json!(0)), json!({"waits": "none"})),
        "States.QueryEvaluationError"
    );
    let definition = old_machine(json!({"Each": {
        "Type": "Map",
        "ItemProcessor": {"StartAt": "Tell", "States": {"Tell": {"Type": "Pass", "End": true}}},
        "End": true,
    }}));
    assert_eq!(error(&definition, json!({})), "States.Runtime");
    assert_eq!(
        output(&definition, json!([1])),
        json!([1]),
        "the input itself"
    );
}

#[test]
fn an_iteration_that_fails_ends_the_others() {
    let definition = machine(json!({"Each": {
        "Type": "Map",
        "Items": [10, 3, 20, 30],
        "MaxConcurrency": 3,
        "ItemProcessor": {"StartAt": "Call", "States": {"Call": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:x:y", "End": true}}},
        "End": true,
    }}));
    let mock = Mock::answers(json!(1))
        .after(seconds(10))
        .then(Mock::fails("Broken", "").after(seconds(3)))
        .then(Mock::answers(json!(1)).after(seconds(20)));
    let outcome = Rehearsal::of(&definition).task("Call", mock).run().unwrap();
    assert_eq!(outcome.failure().unwrap().error, "Broken");
    assert_eq!(outcome.elapsed(), seconds(3));
    assert_eq!(outcome.calls("Call").len(), 3, "the fourth never starts");
    let aborted: Vec<_> = outcome
        .history()
        .iter()
        .filter_map(|event| match event.kind {
            EventKind::MapIterationAborted(index) => Some(index),
            _ => None,
        })
        .collect();
    assert_eq!(aborted, [0, 2]);
}

#[test]
fn events_are_counted_as_the_service_does() {
    // Entered, started, succeeded, exited; started and succeeded per iteration; entered and exited per wait; the execution.
    let outcome = run(&waits(json!(0)), json!({"waits": [1, 1, 1]}));
    assert_eq!(outcome.events_used(), 2 + 4 + 3 * (2 + 2));
    let task = machine(json!({"Call": {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:x:y",
        "Retry": [{"ErrorEquals": ["States.ALL"]}],
        "End": true,
    }}));
    let outcome = Rehearsal::of(&task)
        .task("Call", Mock::fails("A", "").then(Mock::answers(json!(1))))
        .run()
        .unwrap();
    assert_eq!(outcome.events_used(), 2 + 2 + 2 * 3);
}

/// So that nobody has to leave a map out of the tests.
#[test]
fn a_thousand_items_take_moments() {
    let definition = machine(json!({"Each": {
        "Type": "Map",
        "Items": "{% [1..1000] %}",
        "ItemProcessor": {"StartAt": "Call", "States": {
            "Call": {
                "Type": "Task",
                "Resource": "arn:aws:states:::lambda:invoke",
                "Arguments": {"FunctionName": "${Square}", "Payload": {"n": "{% $states.input %}"}},
                "Output": "{% $states.result.Payload %}",
                "Next": "Wait",
            },
            "Wait": {"Type": "Wait", "Seconds": 60, "Output": "{% $states.input + 1 %}", "End": true},
        }},
        "Output": "{% $sum($states.result) %}",
        "End": true,
    }}));
    let begun = Instant::now();
    let outcome = Rehearsal::of(&definition)
        .function("${Square}", async |event: Value| {
            let n = event["n"].as_u64().unwrap();
            Ok::<_, Failure>(n * n)
        })
        .run()
        .unwrap();
    let took = begun.elapsed();
    assert_eq!(outcome.output(), Some(&json!(333_833_500 + 1000)));
    assert_eq!(outcome.elapsed(), seconds(60 * 1000 / 40));
    assert!(took.as_secs() < 10, "{took:?}");
}
