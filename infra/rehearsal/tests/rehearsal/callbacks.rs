//! Task tokens and heartbeats.

use std::cell::RefCell;

use rehearsal::{Callback, EventKind, Failure, Mock, Rehearsal};
use serde_json::{Value, json};

use crate::{machine, old_machine, refused, seconds};

fn waiting(times: Value) -> Value {
    let mut definition = machine(json!({
        "Submit": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Arguments": {"MessageBody": {"Token": "{% $states.context.Task.Token %}", "Id": "{% $states.input.id %}"}},
            "Catch": [{"ErrorEquals": ["States.ALL"], "Output": "{% $states.errorOutput.Error %}", "Next": "Lost"}],
            "End": true,
        },
        "Lost": {"Type": "Succeed"},
    }));
    let fields = definition["States"]["Submit"].as_object_mut().unwrap();
    fields.extend(times.as_object().unwrap().clone());
    definition
}

#[test]
fn the_receiver_gets_the_token_and_its_answer_is_the_result() {
    let seen = RefCell::new(Vec::new());
    let outcome = Rehearsal::of(&waiting(json!({"TimeoutSeconds": 86_400})))
        .callback("Submit", |token, arguments| {
            assert_eq!(arguments["MessageBody"], json!({"Token": token, "Id": 7}));
            seen.borrow_mut().push(token.to_owned());
            Callback::succeeds_after(seconds(5400), json!({"approved": true}))
        })
        .input(json!({"id": 7}))
        .run()
        .unwrap();
    assert_eq!(seen.borrow().len(), 1);
    assert_eq!(outcome.output(), Some(&json!({"approved": true})));
    assert_eq!(outcome.elapsed(), seconds(5400));
    let submitted = outcome
        .history()
        .iter()
        .find(|event| event.kind == EventKind::TaskSubmitted);
    assert_eq!(submitted.unwrap().at, seconds(0));
}

#[test]
fn a_token_may_fail_get_lost_or_fall_silent() {
    let minute = seconds(60);
    let cases = [
        (
            json!({"TimeoutSeconds": 600}),
            Callback::fails_after(minute, "Refused", "no"),
            "Refused",
            60,
        ),
        (
            json!({"TimeoutSeconds": 600}),
            Callback::never(),
            "States.Timeout",
            600,
        ),
        (json!({}), Callback::never(), "", 365 * 86_400),
        (
            json!({"TimeoutSeconds": 600, "HeartbeatSeconds": 90}),
            Callback::never(),
            "States.HeartbeatTimeout",
            90,
        ),
        (
            json!({"TimeoutSeconds": 600, "HeartbeatSeconds": 90}),
            Callback::never().beating_every(minute),
            "States.Timeout",
            600,
        ),
        (
            json!({"TimeoutSeconds": 600, "HeartbeatSeconds": 59}),
            Callback::never().beating_every(minute),
            "States.HeartbeatTimeout",
            59,
        ),
        (
            json!({"TimeoutSeconds": 600, "HeartbeatSeconds": 90}),
            Callback::never().beating_until(minute, seconds(200)),
            "States.HeartbeatTimeout",
            180 + 90,
        ),
        (
            json!({"TimeoutSeconds": 600, "HeartbeatSeconds": 90}),
            Callback::fails_after(seconds(300), "Refused", "").beating_every(minute),
            "Refused",
            300,
        ),
    ];
    for (times, callback, error, elapsed) in cases {
        let outcome = Rehearsal::of(&waiting(times.clone()))
            .callback("Submit", |_, _| callback.clone())
            .input(json!({"id": 1}))
            .run()
            .unwrap();
        assert_eq!(outcome.elapsed(), seconds(elapsed), "{times} {callback:?}");
        match error {
            "" => assert_eq!(outcome.output(), None, "the execution's year is over"),
            error => assert_eq!(
                outcome.output(),
                Some(&json!(error)),
                "{times} {callback:?}"
            ),
        }
    }
}

#[test]
fn a_retry_gets_a_token_of_its_own_and_the_request_may_fail() {
    let mut definition = waiting(json!({"TimeoutSeconds": 600}));
    definition["States"]["Submit"]["Retry"] = json!([{"ErrorEquals": ["Sqs.SqsException"], "IntervalSeconds": 5}, {"ErrorEquals": ["Again"], "IntervalSeconds": 1}]);
    let tokens = RefCell::new(Vec::new());
    let outcome = Rehearsal::of(&definition)
        .task(
            "Submit",
            Mock::fails("Sqs.SqsException", "")
                .then(Mock::answers(json!({"MessageId": "m"})).always()),
        )
        .callback("Submit", |token, _| {
            tokens.borrow_mut().push(token.to_owned());
            match tokens.borrow().len() {
                1 => Callback::fails_after(seconds(10), "Again", ""),
                _ => Callback::succeeds_after(seconds(10), json!("done")),
            }
        })
        .input(json!({"id": 1}))
        .run()
        .unwrap();
    assert_eq!(outcome.output(), Some(&json!("done")));
    assert_eq!(outcome.elapsed(), seconds(5 + 10 + 1 + 10));
    let tokens = tokens.into_inner();
    assert_eq!(tokens.len(), 2);
    assert_ne!(tokens[0], tokens[1]);
}

#[test]
fn a_function_gets_the_token_in_its_payload() {
    let definition = old_machine(json!({"Ask": {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
        "Parameters": {"FunctionName": "${Ask}", "Payload": {"token.$": "$$.Task.Token"}},
        "TimeoutSeconds": 60,
        "End": true,
    }}));
    let given = RefCell::new(String::new());
    let outcome = Rehearsal::of(&definition)
        .function("${Ask}", async |event: Value| {
            event["token"]
                .as_str()
                .unwrap()
                .clone_into(&mut given.borrow_mut());
            Ok::<_, Failure>(())
        })
        .callback("Ask", |token, _| {
            assert_eq!(token, *given.borrow());
            Callback::succeeds_after(seconds(1), json!("answer"))
        })
        .run()
        .unwrap();
    assert_eq!(
        outcome.output(),
        Some(&json!("answer")),
        "not the function's response"
    );
    let broken = Rehearsal::of(&definition)
        .function("${Ask}", async |_: Value| {
            Err::<(), _>(Failure::new("Broken", ""))
        })
        .callback("Ask", |_, _| {
            panic!("a request that failed hands no token on")
        })
        .run()
        .unwrap();
    assert_eq!(broken.failure().unwrap().error, "Broken");
}

#[test]
fn a_token_that_nobody_takes_is_refused() {
    let message = refused(Rehearsal::of(&waiting(json!({}))).input(json!({"id": 1})));
    assert!(message.contains("/States/Submit: nobody hands the token of `Submit` back; add `.callback(\"Submit\", ...)`"), "{message}");
}
