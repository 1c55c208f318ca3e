//! What a run may cost: the finding each rule makes, and where it keeps quiet.

use asl::check::{MachineType, Schemas, check_as};
use serde_json::{Value, json};

/// The findings about budgets, as `pointer code`.
fn found_as(machine_type: MachineType, definition: &Value) -> Vec<String> {
    let report = check_as(machine_type, definition, &Schemas::default());
    let budgets = report
        .findings
        .iter()
        .filter(|finding| finding.code.starts_with("S2"));
    budgets
        .map(|finding| format!("{} {}", finding.pointer, &finding.code[..4]))
        .collect()
}

fn found(definition: &Value) -> Vec<String> {
    found_as(MachineType::Standard, definition)
}

/// A machine of one task, `A`.
fn task(resource: &str, fields: &Value) -> Value {
    let mut state = json!({"Type": "Task", "Resource": resource, "End": true});
    for (name, value) in fields.as_object().into_iter().flatten() {
        state[name] = value.clone();
    }
    json!({"StartAt": "A", "States": {"A": state}})
}

const CALLBACK: &str = "arn:aws:states:::lambda:invoke.waitForTaskToken";

#[test]
fn waits_have_a_timeout() {
    let job = "arn:aws:states:::glue:startJobRun.sync";
    let activity = "arn:aws:states:eu-west-1:123456789012:activity:scan";
    for resource in [CALLBACK, job, activity] {
        assert_eq!(
            found(&task(resource, &json!({}))),
            ["/States/A S202"],
            "{resource}"
        );
        for field in ["TimeoutSeconds", "TimeoutSecondsPath"] {
            let bounded = task(resource, &json!({field: 60}));
            assert_eq!(found(&bounded), Vec::<String>::new(), "{resource}");
        }
        let mut bounded = task(resource, &json!({}));
        bounded["TimeoutSeconds"] = json!(600);
        assert_eq!(found(&bounded), Vec::<String>::new(), "{resource}");
    }
    assert_eq!(
        found(&task("arn:aws:states:::lambda:invoke", &json!({}))),
        Vec::<String>::new()
    );
}

#[test]
fn long_waits_for_workers_have_a_heartbeat() {
    let container = "arn:aws:states:::ecs:runTask.waitForTaskToken";
    let wait = |fields: &Value| found(&task(container, fields));
    assert_eq!(wait(&json!({"TimeoutSeconds": 7200})), ["/States/A S203"]);
    assert_eq!(
        wait(&json!({"TimeoutSeconds": 7200, "HeartbeatSeconds": 60})),
        Vec::<String>::new()
    );
    for human in [CALLBACK, "arn:aws:states:::sns:publish.waitForTaskToken"] {
        let asked = task(human, &json!({"TimeoutSeconds": 7200}));
        assert_eq!(found(&asked), Vec::<String>::new());
    }
}

#[test]
fn paid_work_is_not_done_twice() {
    let retried = |resource: &str, arguments: Value, errors: &[&str]| {
        found(&task(
            &format!("arn:aws:states:::{resource}"),
            &json!({
                "Parameters": arguments,
                "TimeoutSeconds": 60,
                "Retry": [{"ErrorEquals": ["Throttled"]}, {"ErrorEquals": errors}],
            }),
        ))
    };
    let submit = "aws-sdk:bedrock:createModelInvocationJob";
    let here = ["/States/A/Retry/1 S204"];
    for error in ["States.ALL", "States.TaskFailed", "States.Timeout"] {
        assert_eq!(retried(submit, json!({}), &[error]), here, "{error}");
    }
    let none = Vec::<String>::new();
    assert_eq!(
        retried(submit, json!({}), &["Bedrock.ThrottlingException"]),
        none
    );
    assert_eq!(
        retried(
            submit,
            json!({"ClientRequestToken.$": "$$.Execution.Name"}),
            &["States.ALL"]
        ),
        none
    );
    assert_eq!(
        retried(
            "sqs:sendMessage",
            json!({"MessageBody": "x"}),
            &["States.ALL"]
        ),
        here
    );
    assert_eq!(
        retried(
            "states:startExecution",
            json!({"Name": "x"}),
            &["States.ALL"]
        ),
        none
    );
    assert_eq!(
        retried(
            "sagemaker:createTrainingJob.sync",
            json!({"TrainingJobName": "x"}),
            &["States.ALL"]
        ),
        here
    );
    assert_eq!(retried("eks:runJob.sync", json!({}), &["States.ALL"]), here);
    assert_eq!(
        retried(
            "lambda:invoke.waitForTaskToken",
            json!({"a.$": "$$.Task.Token"}),
            &["States.ALL"]
        ),
        here
    );
    assert_eq!(retried("lambda:invoke", json!({}), &["States.ALL"]), none);
    assert_eq!(
        retried("dynamodb:putItem", json!({}), &["States.ALL"]),
        none
    );
}

#[test]
fn a_retry_that_never_happens_costs_nothing() {
    let definition = task(
        "arn:aws:states:::glue:startJobRun",
        &json!({
            "Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 0}],
        }),
    );
    assert_eq!(found(&definition), Vec::<String>::new());
}

/// Polls every `seconds`, until `rule` fits.
fn polling(seconds: u64, rule: Value) -> Value {
    let mut rules =
        vec![json!({"Variable": "$.status", "StringEquals": "RUNNING", "Next": "Rest"})];
    rules.insert(0, rule);
    json!({"StartAt": "Rest", "States": {
        "Rest": {"Type": "Wait", "Seconds": seconds, "Next": "Status"},
        "Status": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:glue:getJobRun", "Next": "Ready?"},
        "Ready?": {"Type": "Choice", "Choices": rules, "Default": "Done"},
        "Done": {"Type": "Succeed"},
    }})
}

#[test]
fn loops_that_wait_have_a_bound() {
    let failed = json!({"Variable": "$.status", "StringEquals": "FAILED", "Next": "Done"});
    let given_up = json!({"Not": {"Variable": "$.rounds", "NumericLessThan": 10}, "Next": "Done"});
    assert_eq!(found(&polling(30, failed.clone())), ["/States/Rest S205"]);
    assert_eq!(found(&polling(30, given_up)), Vec::<String>::new());
    let express = found_as(MachineType::Express, &polling(30, failed.clone()));
    assert_eq!(express, Vec::<String>::new());

    let mut bounded = polling(30, failed);
    bounded["TimeoutSeconds"] = json!(3600);
    assert_eq!(found(&bounded), Vec::<String>::new());
    // Nine events every 30 seconds: the history is full after 23 hours.
    bounded["TimeoutSeconds"] = json!(90_000);
    assert_eq!(found(&bounded), ["/States/Rest S201"]);
}

#[test]
fn a_counter_in_jsonata_bounds_a_loop() {
    let with = |condition: &str| {
        json!({"QueryLanguage": "JSONata", "StartAt": "Rest", "States": {
            "Rest": {"Type": "Wait", "Seconds": 30, "Next": "Ready?"},
            "Ready?": {"Type": "Choice", "Choices": [{"Condition": condition, "Next": "Rest"}], "Default": "Done"},
            "Done": {"Type": "Succeed"},
        }})
    };
    assert_eq!(
        found(&with("{% $states.input.ready = false %}")),
        ["/States/Rest S205"]
    );
    assert_eq!(found(&with("{% $rounds < 10 %}")), Vec::<String>::new());
}

#[test]
fn inline_maps_run_forty_iterations_at_once() {
    let map = |mode: &str, wanted: u64| {
        json!({"StartAt": "A", "States": {"A": {"Type": "Map", "MaxConcurrency": wanted, "End": true, "ItemProcessor": {
            "ProcessorConfig": {"Mode": mode, "ExecutionType": "STANDARD"},
            "StartAt": "B",
            "States": {"B": {"Type": "Pass", "End": true}},
        }}}})
    };
    assert_eq!(found(&map("INLINE", 41)), ["/States/A/MaxConcurrency S206"]);
    assert_eq!(found(&map("INLINE", 40)), Vec::<String>::new());
    assert_eq!(found(&map("DISTRIBUTED", 1000)), Vec::<String>::new());
}

/// The findings for an input of at most so many names of at most so many characters, each of which goes through a task.
fn each_of(items: u32, characters: u32, mode: &str) -> Vec<String> {
    let name = json!({"type": "string", "maxLength": characters});
    let input = json!({
        "type": "object",
        "properties": {"names": {"type": "array", "items": name, "maxItems": items}},
        "required": ["names"],
        "additionalProperties": false,
    });
    let definition = json!({"StartAt": "Each", "States": {"Each": {
        "Type": "Map",
        "ItemsPath": "$.names",
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": mode, "ExecutionType": "STANDARD"},
            "StartAt": "Twice",
            "States": {"Twice": {
                "Type": "Pass", "Parameters": {"one.$": "$", "other.$": "$"}, "End": true,
            }},
        },
        "End": true,
    }}});
    let schemas = Schemas {
        input: Some(input),
        ..Schemas::default()
    };
    let report = check_as(MachineType::Standard, &definition, &schemas);
    let budgets = report
        .findings
        .iter()
        .filter(|finding| finding.code.starts_with("S2"));
    budgets
        .map(|finding| format!("{} {}", finding.pointer, &finding.code[..4]))
        .collect()
}

#[test]
fn schemas_bound_payloads_and_histories() {
    let none = Vec::<String>::new();
    assert_eq!(each_of(100, 100, "INLINE"), none);
    // Two texts of 1,000 characters for each of 100 items, up to six bytes a character.
    assert_eq!(each_of(100, 1_000, "INLINE"), ["/States/Each S200"]);
    // Two events for the pass, and two for the iteration, 7,000 times.
    assert_eq!(each_of(7_000, 1, "INLINE"), ["/States/Each S201"]);
    assert_eq!(each_of(7_000, 1, "DISTRIBUTED"), none);
}
