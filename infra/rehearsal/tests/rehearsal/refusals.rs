//! What is not rehearsed is refused by name, before the run, all of it together.

use rehearsal::{Failure, Mock, Rehearsal};
use serde_json::{Value, json};

use crate::{machine, old_machine, refused, seconds};

#[test]
fn whatever_is_not_rehearsed_is_named_with_its_place() {
    let cases = [
        (
            json!({"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:x:y", "Credentials": {}, "End": true}),
            "/States/State/Credentials: the field `Credentials` is not rehearsed here",
        ),
        (
            json!({"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "End": true}),
            "/States/State: `arn:aws:states:::sqs:sendMessage` is not rehearsed by itself; add `.task(\"State\", Mock::answers(...))`",
        ),
        (
            json!({"Type": "Task", "Resource": "arn:aws:states:eu-west-1:123456789012:activity:work", "End": true}),
            "`arn:aws:states:eu-west-1:123456789012:activity:work` is not rehearsed by itself",
        ),
        (
            json!({"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Arguments": {"FunctionName": "${F}"}, "End": true}),
            "the function `${F}` that `State` calls is not given; add `.function(\"${F}\", ...)`",
        ),
        (
            json!({"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Arguments": {"FunctionName": "{% $states.input.f %}"}, "End": true}),
            "a function whose name is computed that `State` calls is not given",
        ),
        (
            json!({"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Arguments": {"FunctionName": "f", "InvocationType": "Event"}, "End": true}),
            "the invocation type `Event` is not rehearsed",
        ),
        (
            json!({"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2", "Arguments": {"StateMachineArn": "${M}"}, "End": true}),
            "the machine `${M}` that `State` calls is not given",
        ),
        (
            json!({"Type": "Pass", "Parameters": {}, "End": true}),
            "the field `Parameters` is not rehearsed here",
        ),
        (
            json!({"Type": "Pass", "Output": "{% $sum( %}", "End": true}),
            "/States/State/Output: `$sum(` is no JSONata",
        ),
        (
            json!({"Type": "Pass", "Next": "Nowhere"}),
            "/States/State/Next: there is no state `Nowhere` beside this one",
        ),
        (
            json!({"Type": "Pass"}),
            "the state has neither `Next` nor `\"End\": true`",
        ),
        (
            json!({"Type": "Poll", "End": true}),
            "there is no type of state `Poll`",
        ),
        (
            json!({"Type": "Wait", "End": true}),
            "the state does not say how long it waits",
        ),
        (
            json!({"Type": "Map", "Items": [], "End": true}),
            "the map has no states to go through",
        ),
        (
            json!({"Type": "Map", "ToleratedFailureCount": 1, "ItemProcessor": {"StartAt": "P", "States": {"P": {"Type": "Succeed"}}}, "End": true}),
            "`ToleratedFailureCount` needs a map of mode DISTRIBUTED",
        ),
        (
            json!({
                "Type": "Map",
                "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "PARQUET"}, "Arguments": {}},
                "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED"}, "StartAt": "P", "States": {"P": {"Type": "Succeed"}}},
                "End": true,
            }),
            "/States/State/ItemReader/ReaderConfig/InputType: items of type `PARQUET` are not rehearsed",
        ),
    ];
    for (state, expected) in cases {
        let message = refused(Rehearsal::of(&machine(json!({"State": state}))));
        assert!(
            message.contains(expected),
            "{message}\nexpected: {expected}"
        );
    }
    let empty = refused(Rehearsal::of(&json!({"StartAt": "Gone", "States": {}})));
    assert!(
        empty.contains("/StartAt: it names none of the states beside it"),
        "{empty}"
    );
}

#[test]
fn paths_and_calls_that_are_not_rehearsed_are_named_too() {
    let cases = [
        (
            json!({"Type": "Pass", "InputPath": "$.a.length()", "End": true}),
            "/States/State/InputPath: the path `$.a.length()` is not rehearsed",
        ),
        (
            json!({"Type": "Pass", "InputPath": "a", "End": true}),
            "the path `a` does not start with `$`",
        ),
        (
            json!({"Type": "Pass", "Result": 1, "ResultPath": "$.a[0]", "End": true}),
            "the reference path `\"$.a[0]\"` is not rehearsed",
        ),
        (
            json!({"Type": "Pass", "Parameters": {"a.$": "States.Formt('x')"}, "End": true}),
            "there is no intrinsic function `States.Formt`",
        ),
        (
            json!({"Type": "Pass", "Parameters": {"a.$": "States.UUID(1)"}, "End": true}),
            "`States.UUID` does not take 1 arguments",
        ),
        (
            json!({"Type": "Pass", "Parameters": {"a.$": 1}, "End": true}),
            "the field `a.$` has to be a path or a call of an intrinsic function",
        ),
        (
            json!({"Type": "Choice", "Choices": [{"Variable": "$.a", "Equals": 1, "Next": "State"}]}),
            "/States/State/Choices/0/Variable: the rule has no comparison that is rehearsed",
        ),
    ];
    for (state, expected) in cases {
        let message = refused(Rehearsal::of(&old_machine(json!({"State": state}))));
        assert!(
            message.contains(expected),
            "{message}\nexpected: {expected}"
        );
    }
}

#[test]
fn everything_is_told_together() {
    let definition = machine(json!({
        "A": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:x:y", "Credentials": {}, "Next": "B"},
        "B": {"Type": "Parallel", "Branches": [{"StartAt": "C", "States": {"C": {"Type": "Pass", "Next": "D"}}}], "Next": "E"},
    }));
    assert_eq!(
        refused(Rehearsal::of(&definition)),
        "cannot rehearse this machine:\n  \
         /States/A/Credentials: the field `Credentials` is not rehearsed here\n  \
         /States/B/Next: there is no state `E` beside this one\n  \
         /States/B/Branches/0/States/C/Next: there is no state `D` beside this one"
    );
}

#[test]
fn two_states_of_one_name_are_refused() {
    let branch = json!({"StartAt": "Same", "States": {"Same": {"Type": "Succeed"}}});
    let definition =
        machine(json!({"Both": {"Type": "Parallel", "Branches": [branch, branch], "End": true}}));
    let message = refused(Rehearsal::of(&definition));
    assert!(
        message.contains("/States/Both/Branches/1/States/Same: there is another state `Same`"),
        "{message}"
    );
}

#[test]
fn misspelt_members_of_the_cast_are_refused() {
    let definition = machine(
        json!({"Call": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:x:y", "End": true}}),
    );
    let good = || Rehearsal::of(&definition).task("Call", Mock::answers(json!(1)));
    let other = || Rehearsal::of(&machine(json!({"Pass": {"Type": "Pass", "End": true}})));
    for (rehearsal, expected) in [
        (
            good().task("Cal", Mock::answers(json!(1))),
            "there is no task `Cal` in the definition",
        ),
        (
            good().takes("Cal", seconds(1)),
            "there is no task `Cal` in the definition",
        ),
        (
            good().callback("Call", |_, _| rehearsal::Callback::never()),
            "no task `Call` of the definition waits for a token",
        ),
        (
            good().function("${F}", async |_: Value| Ok::<_, Failure>(())),
            "no task of the definition calls `${F}`",
        ),
        (
            good().machine("${M}", other()),
            "no task of the definition calls `${M}`",
        ),
        (
            good().starting_at("yesterday"),
            "`yesterday` is no time; write it as `2026-01-01T00:00:00Z`",
        ),
        (
            good().input(json!("x".repeat(262_143))),
            "the input is larger than 262144 bytes",
        ),
    ] {
        let message = refused(rehearsal);
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn a_nested_machine_is_looked_at_before_the_run_too() {
    let definition = machine(json!({"Start": {
        "Type": "Task",
        "Resource": "arn:aws:states:::states:startExecution.sync:2",
        "Arguments": {"StateMachineArn": "${M}"},
        "End": true,
    }}));
    let inner = machine(
        json!({"Call": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:x:y", "End": true}}),
    );
    let message = refused(Rehearsal::of(&definition).machine("${M}", Rehearsal::of(&inner)));
    assert!(message.contains("/States/Call: in the machine `${M}`: `arn:aws:states:::aws-sdk:x:y` is not rehearsed by itself"), "{message}");
}

#[test]
fn a_computed_name_that_nobody_has_ends_the_rehearsal() {
    let definition = machine(json!({"Call": {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Arguments": {"FunctionName": "{% $states.input.f %}"},
        "End": true,
    }}));
    let run = |name: &str| {
        let rehearsal =
            Rehearsal::of(&definition).function("known", async |_: Value| Ok::<_, Failure>(1));
        rehearsal.input(json!({"f": name})).run()
    };
    assert_eq!(run("known").unwrap().output().unwrap()["Payload"], json!(1));
    let message = run("other").unwrap_err().to_string();
    assert!(
        message.contains("/States/Call: the function `other` is not given"),
        "{message}"
    );
}
