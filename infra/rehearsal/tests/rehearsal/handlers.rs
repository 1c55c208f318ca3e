//! Real handlers, and other machines.

use std::cell::Cell;

use rehearsal::{Error, Failure, Mock, Rehearsal};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{machine, old_machine, seconds};

#[derive(Deserialize)]
struct Order {
    id: u32,
}

#[derive(Serialize)]
struct Receipt {
    total: u32,
}

#[derive(Debug, thiserror::Error)]
#[error("order {0} is unknown")]
struct Unknown(u32);

/// Ports as a function has them.
struct Prices {
    asked: Cell<u32>,
}

async fn price(prices: &Prices, order: Order) -> Result<Receipt, Unknown> {
    prices.asked.set(prices.asked.get() + 1);
    tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    match order.id {
        0 => Err(Unknown(order.id)),
        id => Ok(Receipt { total: id * 100 }),
    }
}

fn invoke() -> Value {
    machine(json!({"Price": {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Arguments": {"FunctionName": "${PriceFunction}", "Payload": "{% $states.input %}"},
        "End": true,
    }}))
}

fn rehearse(definition: &Value, name: &str, input: Value) -> rehearsal::Outcome {
    let prices = Prices {
        asked: Cell::new(0),
    };
    let outcome = Rehearsal::of(definition)
        .function(name, async |order| price(&prices, order).await)
        .input(input)
        .run()
        .unwrap();
    assert!(prices.asked.get() <= 1);
    outcome
}

#[test]
fn a_handler_with_ports_is_called_with_its_event() {
    let outcome = rehearse(&invoke(), "${PriceFunction}", json!({"id": 7}));
    let envelope = outcome.output().unwrap();
    assert_eq!(envelope["Payload"], json!({"total": 700}));
    assert_eq!(
        (&envelope["StatusCode"], &envelope["ExecutedVersion"]),
        (&json!(200), &json!("$LATEST"))
    );
    let direct = old_machine(
        json!({"Price": {"Type": "Task", "Resource": "${PriceFunction.Arn}", "End": true}}),
    );
    let outcome = rehearse(&direct, "${PriceFunction.Arn}", json!({"id": 7}));
    assert_eq!(
        outcome.output(),
        Some(&json!({"total": 700})),
        "no envelope"
    );
}

#[test]
fn an_error_of_a_handler_is_reported_as_lambda_does() {
    let outcome = rehearse(&invoke(), "${PriceFunction}", json!({"id": 0}));
    let failure = outcome.failure().unwrap();
    assert_eq!(failure.error, std::any::type_name::<Unknown>());
    let cause: Value = serde_json::from_str(&failure.cause).unwrap();
    assert_eq!(
        cause,
        json!({"errorMessage": "order 0 is unknown", "errorType": failure.error})
    );
}

#[test]
fn an_event_of_another_type_is_invalid() {
    let outcome = rehearse(&invoke(), "${PriceFunction}", json!({"number": 7}));
    let failure = outcome.failure().unwrap();
    assert_eq!(failure.error, "InvalidEvent");
    assert!(failure.cause.contains("missing field `id`"), "{failure:?}");
}

#[test]
fn handlers_do_not_run_inside_another_runtime() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let result = runtime.block_on(async {
        Rehearsal::of(&invoke())
            .function("${PriceFunction}", async |_: Value| Ok::<_, Failure>(()))
            .run()
    });
    assert!(matches!(result, Err(Error::InsideRuntime)), "{result:?}");
}

#[test]
fn a_mock_without_answers_left_ends_the_rehearsal() {
    let definition = machine(json!({"Each": {
        "Type": "Map",
        "Items": [1, 2],
        "ItemProcessor": {"StartAt": "Call", "States": {"Call": {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:x:y",
            "Retry": [{"ErrorEquals": ["States.ALL"]}],
            "End": true,
        }}},
        "End": true,
    }}));
    let result = Rehearsal::of(&definition)
        .task("Call", Mock::answers(json!(1)))
        .run();
    assert_eq!(
        result.unwrap_err().to_string(),
        "the mock of `Call` has 1 answers and was called once more; add `.then(...)`, or `.always()` to repeat the last"
    );
}

#[test]
fn a_mock_may_stand_for_a_function() {
    let outcome = Rehearsal::of(&invoke())
        .task("Price", Mock::payload(json!({"total": 1})))
        .run()
        .unwrap();
    assert_eq!(outcome.output().unwrap()["Payload"], json!({"total": 1}));
}

/// A machine that starts another.
fn parent(pattern: &str) -> Value {
    machine(json!({
        "Start": {
            "Type": "Task",
            "Resource": format!("arn:aws:states:::states:startExecution.{pattern}"),
            "Arguments": {"StateMachineArn": "${Child}", "Input": {"n": "{% $states.input.n %}"}},
            "Catch": [{"ErrorEquals": ["States.TaskFailed"], "Next": "Failed"}],
            "Output": "{% $states.result.Output %}",
            "End": true,
        },
        "Failed": {"Type": "Pass", "Output": "{% $parse($states.input.Cause).{'status': Status, 'error': Error} %}", "End": true},
    }))
}

fn child<'a>() -> Rehearsal<'a> {
    let definition = machine(json!({
        "Wait": {"Type": "Wait", "Seconds": 30, "Next": "Call"},
        "Call": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:x:y", "End": true},
    }));
    let answer = |arguments: &Value| match arguments["n"].as_u64().unwrap() {
        0 => Err(Failure::new("Zero", "")),
        n => Ok(json!({"n": n + 1})),
    };
    Rehearsal::of(&definition)
        .named("Child")
        .task("Call", Mock::replies(answer))
}

#[test]
fn a_nested_machine_runs_on_the_same_clock() {
    let run = |pattern, n| {
        Rehearsal::of(&parent(pattern))
            .machine("${Child}", child())
            .input(json!({"n": n}))
            .run()
            .unwrap()
    };
    let outcome = run("sync:2", 1);
    assert_eq!(outcome.output(), Some(&json!({"n": 2})));
    assert_eq!(outcome.elapsed(), seconds(30));
    assert_eq!(outcome.path(), ["Start", "Wait", "Call"]);
    assert_eq!(
        run("sync", 1).output(),
        Some(&json!("{\"n\":2}")),
        "as text"
    );
    assert_eq!(
        run("sync:2", 0).output(),
        Some(&json!({"status": "FAILED", "error": "Zero"}))
    );
}
