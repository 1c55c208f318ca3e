//! Each rule about the form of a definition: the one finding it makes, and where.

use asl::check::{MachineType, Schemas, check_as};
use serde_json::{Value, json};

/// The structural findings of a definition, as `pointer code`.
fn found_as(machine_type: MachineType, definition: &Value) -> Vec<String> {
    let report = check_as(machine_type, definition, &Schemas::default());
    let structural = report
        .findings
        .iter()
        .filter(|finding| finding.code.starts_with("S0"));
    structural
        .map(|finding| {
            let code = finding.code.split_once(' ').map_or("", |(code, _)| code);
            format!("{} {code}", finding.pointer)
        })
        .collect()
}

fn found(definition: &Value) -> Vec<String> {
    found_as(MachineType::Standard, definition)
}

/// A machine of one state, `A`.
fn jsonata(state: &Value) -> Value {
    json!({"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": state}})
}

fn jsonpath(state: &Value) -> Value {
    json!({"StartAt": "A", "States": {"A": state}})
}

/// Definitions, each with all that is found in it.
#[track_caller]
fn each(cases: &[(Value, &[&str])]) {
    let wrong: Vec<_> = cases
        .iter()
        .map(|(definition, expected)| (definition, expected, found(definition)))
        .filter(|(_, expected, found)| **expected != found)
        .map(|(definition, expected, found)| {
            format!("{definition}\n  expected {expected:?}\n  found    {found:?}")
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn machines_and_states_are_objects_with_the_fields_they_have() {
    let pass = json!({"Type": "Pass", "End": true});
    each(&[
        (json!([]), &[" S001"]),
        (json!({}), &[" S002", " S002"]),
        (
            json!({"StartAt": "A", "States": {}}),
            &["/StartAt S012", "/States S001"],
        ),
        (
            json!({"StartAt": "A", "States": [pass]}),
            &["/StartAt S012", "/States S001"],
        ),
        (
            json!({"StartAt": 1, "States": {"A": pass}}),
            &["/StartAt S001"],
        ),
        (
            json!({"StartAt": "A", "States": {"A": pass}, "Timeout": 5}),
            &["/Timeout S003"],
        ),
        (
            json!({"StartAt": "A", "States": {"A": pass}, "TimeoutSeconds": 0}),
            &["/TimeoutSeconds S005"],
        ),
        (
            json!({"StartAt": "A", "States": {"A": pass}, "Version": "2.0"}),
            &["/Version S005"],
        ),
        (
            json!({"StartAt": "A", "States": {"A": pass}, "Comment": ["a"]}),
            &["/Comment S001"],
        ),
        (
            json!({"StartAt": "A", "States": {"A": "Pass"}}),
            &["/StartAt S012", "/States/A S001"],
        ),
        (jsonpath(&json!({"End": true})), &["/States/A S010"]),
        (
            jsonpath(&json!({"Type": "Parse", "End": true})),
            &["/States/A/Type S010"],
        ),
        (
            jsonpath(&json!({"Type": "Pass", "End": true, "Retries": []})),
            &["/States/A/Retries S003"],
        ),
        (
            jsonpath(&json!({"Type": "Pass", "End": true, "InputPath": 5})),
            &["/States/A/InputPath S001"],
        ),
        (
            jsonpath(&json!({"Type": "Pass", "End": true, "InputPath": null})),
            &[],
        ),
        (
            jsonpath(&json!({"Type": "Pass", "End": true, "Assign": "x"})),
            &["/States/A/Assign S001"],
        ),
    ]);
}

#[test]
fn transitions_lead_to_states_beside_them() {
    let inside = json!({"StartAt": "B", "States": {"B": {"Type": "Pass", "End": true}}});
    let outwards = json!({"StartAt": "B", "States": {"B": {"Type": "Pass", "Next": "C"}}});
    let twice = json!({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}});
    let around = |branch: &Value, next: &str| {
        json!({"StartAt": "A", "States": {
            "A": {"Type": "Parallel", "Branches": [branch], "Next": next},
            "C": {"Type": "Succeed"},
        }})
    };
    each(&[
        (
            jsonpath(&json!({"Type": "Pass", "Next": "B"})),
            &["/States/A/Next S012"],
        ),
        (
            json!({"StartAt": "a", "States": {"A": {"Type": "Succeed"}}}),
            &["/StartAt S012"],
        ),
        (around(&inside, "C"), &[]),
        (around(&inside, "B"), &["/States/A/Next S013"]),
        (
            around(&outwards, "C"),
            &["/States/A/Branches/0/States/B/Next S013"],
        ),
        (around(&twice, "C"), &["/States/A/Branches/0/States/A S011"]),
        (
            jsonpath(&json!({"Type": "Choice", "Default": "B", "Choices": [
                {"Variable": "$.a", "IsNull": true, "Next": "C"},
            ]})),
            &["/States/A/Choices/0/Next S012", "/States/A/Default S012"],
        ),
        (
            jsonpath(
                &json!({"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "End": true,
                "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "B"}]}),
            ),
            &["/States/A/Catch/0/Next S012"],
        ),
    ]);
}

#[test]
fn misspelt_names_are_recognised() {
    let definition = json!({"StartAt": "Submit", "States": {
        "Submit": {"Type": "Pass", "Next": "Nofity"}, "Notify": {"Type": "Succeed"},
    }});
    let report = asl::check(&definition, &Schemas::default());
    assert_eq!(report.findings[0].help, "did you mean `Notify`?");
}

#[test]
fn states_are_reached_and_left() {
    let pass = |next: &str| json!({"Type": "Pass", "Next": next});
    let end = json!({"Type": "Pass", "End": true});
    each(&[
        (
            json!({"StartAt": "A", "States": {"A": end, "B": pass("C"), "C": end}}),
            &["/States/B S014"],
        ),
        (
            json!({"StartAt": "A", "States": {"A": end, "B": pass("C"), "C": pass("B")}}),
            &["/States/B S014"],
        ),
        (
            json!({"StartAt": "A", "States": {"A": pass("B"), "B": pass("C"), "C": pass("B")}}),
            &["/States/A S015"],
        ),
        (jsonpath(&json!({"Type": "Pass"})), &["/States/A S016"]),
        (
            json!({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B", "End": true}, "B": end}}),
            &["/States/A S016"],
        ),
        (
            jsonpath(&json!({"Type": "Succeed", "End": true})),
            &["/States/A/End S016"],
        ),
        (
            json!({"StartAt": "A", "States": {"A": pass("B"), "B": {"Type": "Fail", "Next": "A"}}}),
            &["/States/B/Next S016"],
        ),
        (
            jsonpath(&json!({"Type": "Pass", "End": false})),
            &["/States/A/End S001"],
        ),
        (
            jsonpath(&json!({"Type": "Pass", "End": true, "Comment": 5})),
            &["/States/A/Comment S001"],
        ),
    ]);
    let long = "x".repeat(81);
    let definition = json!({"StartAt": long, "States": {&long: end}});
    assert_eq!(found(&definition), [format!("/States/{long} S011")]);
}

#[test]
fn each_language_has_its_own_fields_and_texts() {
    let pass = |field: &str, value: Value| json!({"Type": "Pass", "End": true, field: value});
    each(&[
        (
            jsonata(&pass("InputPath", json!("$.a"))),
            &["/States/A/InputPath S020"],
        ),
        (
            jsonata(&pass("Parameters", json!({"a.$": "$.a"}))),
            &["/States/A/Parameters S020"],
        ),
        (
            jsonata(&pass("Result", json!({}))),
            &["/States/A/Result S020"],
        ),
        (
            jsonpath(&pass("Output", json!({}))),
            &["/States/A/Output S020"],
        ),
        (
            jsonata(&pass("Output", json!({"a.$": "$.a"}))),
            &["/States/A/Output/a.$ S020"],
        ),
        (
            jsonpath(&pass("Parameters", json!({"a": "{% $states.input.a %}"}))),
            &["/States/A/Parameters/a S020"],
        ),
        (
            jsonpath(&pass("Parameters", json!({"a": 1, "a.$": "$.a"}))),
            &["/States/A/Parameters/a.$ S004"],
        ),
        (
            jsonata(&pass("Output", json!("{% $states.input"))),
            &["/States/A/Output S022"],
        ),
        (
            jsonata(&pass("Output", json!([" {% $states.input %}"]))),
            &["/States/A/Output/0 S022"],
        ),
        (
            jsonata(&pass("Output", json!("Hello {% $states.input %}!"))),
            &["/States/A/Output S022"],
        ),
        (jsonata(&pass("Output", json!("50% {of} %"))), &[]),
        (
            jsonata(&pass("QueryLanguage", json!("JSONPath"))),
            &["/States/A/QueryLanguage S021"],
        ),
        (
            jsonata(&pass("QueryLanguage", json!("jsonata"))),
            &["/States/A/QueryLanguage S005"],
        ),
        (
            jsonpath(
                &json!({"QueryLanguage": "JSONata", "Type": "Pass", "End": true, "Output": "{% 1 %}"}),
            ),
            &[],
        ),
        (
            jsonata(&json!({"Type": "Task", "End": true, "Resource": "{% $arn %}"})),
            &["/States/A/Resource S022"],
        ),
    ]);
}

fn task(fields: &Value) -> Value {
    let mut state =
        json!({"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "End": true});
    for (name, value) in fields.as_object().into_iter().flatten() {
        state[name] = value.clone();
    }
    jsonpath(&state)
}

fn retry(retriers: &Value) -> Value {
    task(&json!({"Retry": retriers}))
}

#[test]
fn handlers_name_errors_and_wait_within_bounds() {
    each(&[
        (retry(&json!([])), &[]),
        (
            retry(&json!([{"ErrorEquals": []}])),
            &["/States/A/Retry/0/ErrorEquals S001"],
        ),
        (
            retry(&json!([{"MaxAttempts": 1}])),
            &["/States/A/Retry/0 S002"],
        ),
        (
            retry(&json!([{"ErrorEquals": ["A"], "MaxAttempts": -1}])),
            &["/States/A/Retry/0/MaxAttempts S005"],
        ),
        (
            retry(&json!([{"ErrorEquals": ["A"], "MaxAttempts": "3"}])),
            &["/States/A/Retry/0/MaxAttempts S001"],
        ),
        (
            retry(&json!([{"ErrorEquals": ["A"], "IntervalSeconds": 0}])),
            &["/States/A/Retry/0/IntervalSeconds S005"],
        ),
        (
            retry(&json!([{"ErrorEquals": ["A"], "BackoffRate": 0.5}])),
            &["/States/A/Retry/0/BackoffRate S005"],
        ),
        (
            retry(&json!([{"ErrorEquals": ["A"], "BackoffRate": 1}])),
            &[],
        ),
        (
            retry(&json!([{"ErrorEquals": ["A"], "JitterStrategy": "HALF"}])),
            &["/States/A/Retry/0/JitterStrategy S005"],
        ),
        (
            retry(&json!([{"ErrorEquals": ["A"], "IntervalSeconds": 9, "MaxDelaySeconds": 5}])),
            &["/States/A/Retry/0/MaxDelaySeconds S005"],
        ),
        (
            retry(&json!([{"ErrorEquals": ["States.Timeuot"]}])),
            &["/States/A/Retry/0/ErrorEquals/0 S030"],
        ),
        (
            retry(&json!([{"ErrorEquals": ["States.Http.StatusCode.429"]}])),
            &[],
        ),
        (
            retry(&json!([{"ErrorEquals": ["States.Http.StatusCode.4xx"]}])),
            &["/States/A/Retry/0/ErrorEquals/0 S030"],
        ),
        (
            retry(&json!([{"ErrorEquals": ["States.ALL", "A"]}])),
            &["/States/A/Retry/0/ErrorEquals S031"],
        ),
        (
            retry(&json!([{"ErrorEquals": ["States.ALL"]}, {"ErrorEquals": ["A"]}])),
            &["/States/A/Retry/0 S031"],
        ),
        (
            retry(&json!([{"ErrorEquals": ["A"]}, {"ErrorEquals": ["B", "A"]}])),
            &["/States/A/Retry/1/ErrorEquals/1 S032"],
        ),
        (
            retry(&json!([{"ErrorEquals": ["States.TaskFailed"]}, {"ErrorEquals": ["A"]}])),
            &["/States/A/Retry/1/ErrorEquals S032"],
        ),
        (
            retry(&json!([{"ErrorEquals": ["States.Runtime"]}])),
            &["/States/A/Retry/0/ErrorEquals/0 S033"],
        ),
        (
            retry(&json!([{"ErrorEquals": ["States.DataLimitExceeded"]}])),
            &["/States/A/Retry/0/ErrorEquals/0 S033"],
        ),
        (
            task(&json!({"Catch": [{"ErrorEquals": ["A"]}]})),
            &["/States/A/Catch/0 S002"],
        ),
        (
            task(&json!({"Catch": {"ErrorEquals": ["A"]}})),
            &["/States/A/Catch S001"],
        ),
        (
            jsonpath(&json!({"Type": "Wait", "Seconds": 1, "End": true, "Retry": []})),
            &["/States/A/Retry S003"],
        ),
    ]);
}

fn choice(rule: &Value) -> Value {
    json!({"StartAt": "A", "States": {
        "A": {"Type": "Choice", "Choices": [rule], "Default": "B"},
        "B": {"Type": "Succeed"},
    }})
}

#[test]
fn choices_have_one_condition_each() {
    let with =
        |field: &str, value: Value| choice(&json!({"Variable": "$.a", field: value, "Next": "B"}));
    let both = |condition: Value| choice(&json!({"And": [condition], "Next": "B"}));
    each(&[
        (with("StringEquals", json!("x")), &[]),
        (
            with("StringEquals", json!(5)),
            &["/States/A/Choices/0/StringEquals S001"],
        ),
        (
            with("NumericEquals", json!("5")),
            &["/States/A/Choices/0/NumericEquals S001"],
        ),
        (
            with("IsPresent", json!("true")),
            &["/States/A/Choices/0/IsPresent S001"],
        ),
        (
            with("TimestampLessThan", json!("tomorrow")),
            &["/States/A/Choices/0/TimestampLessThan S001"],
        ),
        (
            with("StringEqual", json!("x")),
            &["/States/A/Choices/0/StringEqual S040"],
        ),
        (
            with("Condition", json!("{% true %}")),
            &["/States/A/Choices/0/Condition S020"],
        ),
        (
            choice(&json!({"Variable": "$.a", "Next": "B"})),
            &["/States/A/Choices/0 S040"],
        ),
        (
            choice(&json!({"StringEquals": "x", "Next": "B"})),
            &["/States/A/Choices/0 S002"],
        ),
        (
            choice(&json!({"Variable": "$.a", "StringEquals": "x"})),
            &["/States/A/Choices/0 S002"],
        ),
        (
            choice(&json!({"Variable": "$.a", "IsNull": true, "IsString": true, "Next": "B"})),
            &["/States/A/Choices/0 S040"],
        ),
        (both(json!({"Variable": "$.a", "IsNull": true})), &[]),
        (
            both(json!({"Variable": "$.a", "IsNull": true, "Next": "B"})),
            &["/States/A/Choices/0/And/0/Next S040"],
        ),
        (
            both(json!({"Not": [1]})),
            &["/States/A/Choices/0/And/0/Not S001"],
        ),
        (
            choice(&json!({"Or": [], "Next": "B"})),
            &["/States/A/Choices/0/Or S001"],
        ),
        (choice(&json!("B")), &["/States/A/Choices/0 S001"]),
        (
            json!({"StartAt": "A", "States": {"A": {"Type": "Choice", "Choices": [], "Default": "B"}, "B": {"Type": "Succeed"}}}),
            &["/States/A/Choices S001"],
        ),
        (
            json!({"StartAt": "A", "States": {
                "A": {"Type": "Choice", "Choices": [{"Variable": "$.a", "IsNull": true, "Next": "B"}]},
                "B": {"Type": "Succeed"},
            }}),
            &["/States/A S041"],
        ),
    ]);
}

#[test]
fn choices_in_jsonata_have_a_condition() {
    let with = |rule: Value| {
        let mut definition = choice(&rule);
        definition["QueryLanguage"] = json!("JSONata");
        definition
    };
    each(&[
        (with(json!({"Condition": "{% $x = 1 %}", "Next": "B"})), &[]),
        (with(json!({"Condition": true, "Next": "B"})), &[]),
        (
            with(json!({"Condition": "$x = 1", "Next": "B"})),
            &["/States/A/Choices/0/Condition S040"],
        ),
        (
            with(json!({"Condition": 1, "Next": "B"})),
            &["/States/A/Choices/0/Condition S001"],
        ),
        (
            with(json!({"Condition": "{% $x = 1", "Next": "B"})),
            &["/States/A/Choices/0/Condition S022"],
        ),
        (with(json!({"Next": "B"})), &["/States/A/Choices/0 S002"]),
        (
            with(json!({"Variable": "$.a", "StringEquals": "x", "Next": "B"})),
            &["/States/A/Choices/0/Variable S020"],
        ),
    ]);
}

#[test]
fn waits_and_failures_say_one_thing() {
    let wait = |fields: Value| {
        let mut state = json!({"Type": "Wait", "End": true});
        for (name, value) in fields.as_object().into_iter().flatten() {
            state[name] = value.clone();
        }
        state
    };
    each(&[
        (jsonpath(&wait(json!({}))), &["/States/A S004"]),
        (
            jsonpath(&wait(json!({"Seconds": 5, "SecondsPath": "$.a"}))),
            &["/States/A S004"],
        ),
        (
            jsonpath(&wait(json!({"Seconds": -5}))),
            &["/States/A/Seconds S005"],
        ),
        (
            jsonpath(&wait(json!({"Seconds": 1.5}))),
            &["/States/A/Seconds S005"],
        ),
        (
            jsonpath(&wait(json!({"Timestamp": "2026-11-21T08:00:00Z"}))),
            &[],
        ),
        (
            jsonpath(&wait(json!({"Timestamp": "2026-11-21 08:00"}))),
            &["/States/A/Timestamp S005"],
        ),
        (
            jsonata(&wait(json!({"Seconds": "{% $states.input.delay %}"}))),
            &[],
        ),
        (
            jsonata(&wait(json!({"SecondsPath": "$.a"}))),
            &["/States/A/SecondsPath S020"],
        ),
        (
            jsonpath(&json!({"Type": "Fail", "Error": "A", "ErrorPath": "$.a"})),
            &["/States/A S004"],
        ),
        (
            jsonpath(&json!({"Type": "Fail", "Error": 5})),
            &["/States/A/Error S001"],
        ),
        (
            jsonata(&json!({"Type": "Fail", "Cause": "{% $states.input.cause %}"})),
            &[],
        ),
    ]);
}

fn map(fields: &Value, config: &Value) -> Value {
    let mut state = json!({"Type": "Map", "End": true, "ItemProcessor": {
        "ProcessorConfig": config,
        "StartAt": "B",
        "States": {"B": {"Type": "Pass", "End": true}},
    }});
    for (name, value) in fields.as_object().into_iter().flatten() {
        state[name] = value.clone();
    }
    jsonpath(&state)
}

#[test]
fn maps_are_inline_or_distributed() {
    let inline = json!({"Mode": "INLINE"});
    let distributed = json!({"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"});
    let csv = |config: Value| json!({"ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": config}});
    each(&[
        (map(&json!({}), &inline), &[]),
        (
            jsonpath(&json!({"Type": "Map", "End": true})),
            &["/States/A S004"],
        ),
        (
            map(&json!({"Label": "x"}), &inline),
            &["/States/A/Label S050"],
        ),
        (
            map(&json!({"Label": "a b"}), &distributed),
            &["/States/A/Label S005"],
        ),
        (
            map(&json!({"ToleratedFailurePercentage": 101}), &distributed),
            &["/States/A/ToleratedFailurePercentage S005"],
        ),
        (
            map(&json!({"MaxConcurrency": -1}), &distributed),
            &["/States/A/MaxConcurrency S005"],
        ),
        (
            map(&json!({}), &json!({"Mode": "DISTRIBUTED"})),
            &["/States/A/ItemProcessor/ProcessorConfig S002"],
        ),
        (
            map(&json!({}), &json!({"Mode": "SPREAD"})),
            &["/States/A/ItemProcessor/ProcessorConfig/Mode S005"],
        ),
        (
            map(&json!({}), &json!({"ExecutionType": "EXPRESS"})),
            &["/States/A/ItemProcessor/ProcessorConfig/ExecutionType S050"],
        ),
        (
            map(&json!({"Parameters": {}}), &inline),
            &["/States/A/Parameters S051"],
        ),
        (
            map(&json!({"Parameters": {}, "ItemSelector": {}}), &inline),
            &["/States/A S004"],
        ),
        (
            jsonpath(
                &json!({"Type": "Map", "End": true, "Iterator": {"StartAt": "B", "States": {"B": {"Type": "Succeed"}}}}),
            ),
            &["/States/A/Iterator S051"],
        ),
        (
            map(
                &csv(json!({"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"})),
                &distributed,
            ),
            &[],
        ),
        (
            map(&csv(json!({"InputType": "CSV"})), &distributed),
            &["/States/A/ItemReader/ReaderConfig S002"],
        ),
        (
            map(&csv(json!({})), &distributed),
            &["/States/A/ItemReader S002"],
        ),
        (
            map(
                &csv(json!({"InputType": "CSV", "CSVHeaderLocation": "GIVEN"})),
                &distributed,
            ),
            &["/States/A/ItemReader/ReaderConfig/CSVHeaderLocation S002"],
        ),
        (
            map(&json!({"ItemBatcher": {}}), &distributed),
            &["/States/A/ItemBatcher S004"],
        ),
        (
            map(
                &json!({"ItemBatcher": {"MaxInputBytesPerBatch": 300_000}}),
                &distributed,
            ),
            &["/States/A/ItemBatcher/MaxInputBytesPerBatch S005"],
        ),
        (
            map(
                &json!({"ItemReader": {"Resource": "arn:aws:states:::s3:putObject"}}),
                &distributed,
            ),
            &["/States/A/ItemReader/Resource S060"],
        ),
        (
            jsonpath(&json!({"Type": "Parallel", "Branches": [], "End": true})),
            &["/States/A/Branches S001"],
        ),
        (
            jsonpath(&json!({"Type": "Parallel", "Branches": ["B"], "End": true})),
            &["/States/A/Branches/0 S001"],
        ),
    ]);
}

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
    let distributed = json!({"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"});
    assert_eq!(
        express(&map(&json!({}), &distributed)),
        ["/States/A/ItemProcessor/ProcessorConfig/Mode S063"]
    );
}

#[test]
fn iterations_of_the_express_kind_do_not_wait_either() {
    let mut definition = map(
        &json!({}),
        &json!({"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}),
    );
    definition["States"]["A"]["ItemProcessor"]["States"]["B"] =
        json!({"Type": "Task", "Resource": "arn:aws:states:::ecs:runTask.sync", "End": true});
    let here = "/States/A/ItemProcessor/States/B/Resource S063";
    assert_eq!(found(&definition), [here]);
}

#[test]
fn definitions_have_a_largest_size() {
    let definition =
        jsonpath(&json!({"Type": "Pass", "End": true, "Result": "x".repeat(1_048_576)}));
    assert_eq!(found(&definition), [" S007"]);
}
