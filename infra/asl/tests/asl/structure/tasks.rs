//! What tasks call, and how they wait for it.

use asl::check::MachineType;
use serde_json::{Value, json};

use super::{each, found, found_as, jsonata, task};

fn resource(resource: &str) -> Value {
    task(&json!({"Resource": resource, "Parameters": {"token.$": "$$.Task.Token"}}))
}

#[test]
fn tasks_call_what_there_is() {
    for known in [
        "arn:aws:states:::lambda:invoke",
        "arn:aws-cn:states:::sqs:sendMessage.waitForTaskToken",
        "arn:${AWS::Partition}:states:::glue:startJobRun.sync",
        "arn:aws:states:::states:startExecution.sync:2",
        "arn:aws:states:::aws-sdk:s3:listObjectsV2",
        "arn:aws:states:::aws-sdk:sfn:startExecution.waitForTaskToken",
        "arn:aws:lambda:eu-west-1:123456789012:function:order:live",
        "arn:aws:states:eu-west-1:123456789012:activity:approve",
        "${Function}",
        "${Function.Arn}",
    ] {
        assert_eq!(found(&resource(known)), Vec::<String>::new(), "{known}");
    }
    for unknown in [
        "lambda:invoke",
        "arn:aws:states:::lambda:invok",
        "arn:aws:states:::sqs:receiveMessage",
        "arn:aws:states:::aws-sdk:s3",
        "arn:aws:states:::aws-sdk:s3:GetObject",
        "arn:aws:states:::aws-sdk:bedrock-runtime:invokeModel",
        "arn:aws:states:::aws-sdk:states:startExecution",
        "arn:aws:states:::lambda:invoke.waitForToken",
        "arn:aws:states:::aws-sdk:sfn:startExecution.async",
        "arn:aws:sns:eu-west-1:123456789012:topic",
    ] {
        assert_eq!(
            found(&resource(unknown)),
            ["/States/A/Resource S060"],
            "{unknown}"
        );
    }
    for unsupported in [
        "arn:aws:states:::dynamodb:putItem.sync",
        "arn:aws:states:::glue:startJobRun.waitForTaskToken",
        "arn:aws:states:::batch:submitJob.sync:2",
        "arn:aws:states:::aws-sdk:glue:startJobRun.sync",
    ] {
        assert_eq!(
            found(&resource(unsupported)),
            ["/States/A/Resource S061"],
            "{unsupported}"
        );
    }
}

#[test]
fn callbacks_hand_their_token_on() {
    let wait = |parameters: Value| {
        task(
            &json!({"Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "Parameters": parameters}),
        )
    };
    each(&[
        (
            wait(json!({"MessageBody": {"token.$": "$$.Task.Token"}})),
            &[],
        ),
        (
            wait(json!({"MessageBody.$": "States.Format('{}', $$.Task.Token)"})),
            &[],
        ),
        (wait(json!({"MessageBody.$": "$$"})), &[]),
        (
            wait(json!({"MessageBody.$": "$$.Execution.Id"})),
            &["/States/A S062"],
        ),
        (wait(json!({"MessageBody": "token"})), &["/States/A S062"]),
        (
            wait(json!({"QueueUrl": "${Queue}", "MessageBody": "token"})),
            &["/States/A S062"],
        ),
        (wait(json!("${Arguments}")), &[]),
        (
            task(&json!({"Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken"})),
            &["/States/A S062"],
        ),
        (
            jsonata(
                &json!({"Type": "Task", "End": true, "Resource": "arn:aws:states:::sns:publish.waitForTaskToken",
                "Arguments": {"Message": "{% $string($states.context.Execution) %}"}}),
            ),
            &["/States/A S062"],
        ),
    ]);
}

#[test]
fn timeouts_are_in_bounds_and_in_order() {
    each(&[
        (
            task(&json!({"TimeoutSeconds": 60, "HeartbeatSeconds": 60})),
            &["/States/A/HeartbeatSeconds S005"],
        ),
        (
            task(&json!({"TimeoutSeconds": 0})),
            &["/States/A/TimeoutSeconds S005"],
        ),
        (
            task(&json!({"TimeoutSeconds": 100_000_000})),
            &["/States/A/TimeoutSeconds S005"],
        ),
        (
            task(&json!({"TimeoutSeconds": 5, "TimeoutSecondsPath": "$.a"})),
            &["/States/A S004"],
        ),
        (task(&json!({"TimeoutSeconds": "${Timeout}"})), &[]),
        (
            task(&json!({"Credentials": {}})),
            &["/States/A/Credentials S004"],
        ),
        (task(&json!({"Credentials": {"RoleArn.$": "$.role"}})), &[]),
        (
            task(&json!({"Credentials": {"Role": "x", "RoleArn": "arn:aws:iam::1:role/x"}})),
            &["/States/A/Credentials/Role S003"],
        ),
    ]);
}

#[test]
fn express_workflows_do_not_wait() {
    let express = |definition: &Value| found_as(MachineType::Express, definition);
    assert_eq!(
        express(&resource("arn:aws:states:::ecs:runTask.sync")),
        ["/States/A/Resource S063"]
    );
    assert_eq!(
        express(&resource(
            "arn:aws:states:::sqs:sendMessage.waitForTaskToken"
        )),
        ["/States/A/Resource S063"]
    );
    assert_eq!(
        express(&resource("arn:aws:states:eu-west-1:1:activity:x")),
        ["/States/A/Resource S063"]
    );
    assert_eq!(
        express(&resource("arn:aws:states:::sqs:sendMessage")),
        Vec::<String>::new()
    );
}
