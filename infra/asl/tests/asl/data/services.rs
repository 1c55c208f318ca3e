//! What services need and answer.

use asl::check::code;
use serde_json::{Value, json};

use super::assert_finds;

fn call(resource: &str, arguments: &Value, output: &Value) -> Value {
    json!({
        "Call": {
            "Type": "Task",
            "Resource": format!("arn:aws:states:::{resource}"),
            "Arguments": arguments,
            "TimeoutSeconds": 60,
            "Output": output,
            "End": true,
        },
    })
}

#[test]
fn required_arguments() {
    let cases = [
        ("lambda:invoke", json!({"Payload": 1})),
        ("lambda:invoke", json!("{% {'Payload': 1} %}")),
        ("sqs:sendMessage", json!({"QueueUrl": "q"})),
        ("sns:publish", json!({"TopicArn": "t"})),
        ("dynamodb:updateItem", json!({"TableName": "t"})),
        ("events:putEvents", json!({})),
        ("states:startExecution.sync:2", json!({"Input": 1})),
        ("bedrock:invokeModel", json!({"Body": {}})),
        ("ecs:runTask.sync", json!({"Cluster": "c"})),
        (
            "batch:submitJob.sync",
            json!({"JobName": "n", "JobQueue": "q"}),
        ),
        ("glue:startJobRun.sync", json!({})),
        (
            "sagemaker:createTransformJob.sync",
            json!({"TransformJobName": "n"}),
        ),
    ];
    for (resource, arguments) in cases {
        let states = call(resource, &arguments, &json!(1));
        assert_finds(
            "JSONata",
            &states,
            &[("/States/Call/Arguments", code::REQUIRED_ARGUMENT)],
        );
    }
    assert_finds(
        "JSONata",
        &call(
            "lambda:invoke",
            &json!("{% $states.input.any %}"),
            &json!(1),
        ),
        &[],
    );
}

#[test]
fn answers() {
    let function = json!({"FunctionName": "price"});
    let message = json!({"QueueUrl": "q", "MessageBody": "m"});
    let item = json!({"TableName": "t", "Key": {"id": {"S": "1"}}});
    let missing: &[(&str, &str)] = &[("/States/Call/Output", code::NO_SUCH_FIELD)];
    let cases = [
        (
            "lambda:invoke",
            &function,
            "{% $states.result.Payload.due + $states.result.StatusCode %}",
            &[][..],
        ),
        (
            "lambda:invoke",
            &function,
            "{% $states.result.Payload.deu %}",
            missing,
        ),
        (
            "lambda:invoke",
            &function,
            "{% $states.result.due %}",
            missing,
        ),
        (
            "lambda:invoke",
            &json!({"FunctionName": "other"}),
            "{% $states.result.Payload.deu %}",
            &[],
        ),
        (
            "lambda:invoke.waitForTaskToken",
            &json!({"FunctionName": "price", "Payload": "{% $states.context.Task.Token %}"}),
            "{% $states.result.whatever %}",
            &[],
        ),
        (
            "sqs:sendMessage",
            &message,
            "{% $states.result.MessageId %}",
            &[],
        ),
        (
            "sqs:sendMessage",
            &message,
            "{% $states.result.MessageID %}",
            missing,
        ),
        (
            "dynamodb:getItem",
            &item,
            "{% $states.result.Item.name.S %}",
            &[],
        ),
        (
            "dynamodb:getItem",
            &item,
            "{% $states.result.Items %}",
            missing,
        ),
        (
            "aws-sdk:rekognition:detectLabels",
            &json!({}),
            "{% $states.result.Labels[0].Name %}",
            &[],
        ),
    ];
    for (resource, arguments, output, expected) in cases {
        assert_finds(
            "JSONata",
            &call(resource, arguments, &json!(output)),
            expected,
        );
    }
}

#[test]
fn attributes_of_items() {
    let cases = [
        (json!({"S": "{% $states.input.id %}"}), None),
        (json!({"N": "5"}), None),
        (json!({"N": "{% $string($states.input.total) %}"}), None),
        (json!({"BOOL": "{% $states.input.paid %}"}), None),
        (json!({"M": {"a": {"L": [{"N": "1"}, {"S": "x"}]}}}), None),
        (json!({"SS": ["a"]}), None),
        (json!({"N": 5}), Some("/N")),
        (json!({"N": "five"}), Some("/N")),
        (json!({"N": "{% $states.input.total %}"}), Some("/N")),
        (
            json!({"N": "{% $states.context.State.EnteredTime %}"}),
            Some("/N"),
        ),
        (json!({"S": "{% $states.input.total %}"}), Some("/S")),
        (json!({"BOOL": "true"}), Some("/BOOL")),
        (json!({"String": "x"}), Some("/String")),
        (
            json!({"M": {"a": {"L": [{"N": "1"}, {"N": 2}]}}}),
            Some("/M/a/L/1/N"),
        ),
    ];
    for (attribute, expected) in cases {
        let arguments = json!({"TableName": "t", "Item": {"id": {"S": "1"}, "value": attribute}});
        let places: Vec<String> = expected
            .iter()
            .map(|place| format!("/States/Call/Arguments/Item/value{place}"))
            .collect();
        let expected: Vec<(&str, &str)> = places
            .iter()
            .map(|place| (place.as_str(), code::ATTRIBUTE))
            .collect();
        assert_finds(
            "JSONata",
            &call("dynamodb:putItem", &arguments, &json!(1)),
            &expected,
        );
    }
}
