//! A state machine from contracts, deployed by CloudFormation: it runs the real function, under the role that its steps ask for.
#![expect(
    clippy::expect_used,
    reason = "a test that cannot go on says why and ends"
)]

use std::time::Duration;

use aws_sdk_sfn::types::ExecutionStatus;
use constructs::{Bucket, Function, Setting, Stack, StateMachine, Synth};
use end_to_end::{Deployed, revoke};
use infra::stacks::Definition;
use local::bedrock::Config;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shared::Fields;
use shared::contracts::{Compact, CompactionRequest};
use workflow::Machine;

/// When to look at the table, one time after the other.
#[derive(Serialize, Deserialize, JsonSchema, Fields)]
struct Nights {
    nights: Vec<CompactionRequest>,
}

/// What came of it.
#[derive(Serialize, Deserialize, JsonSchema, Fields)]
struct Summary {
    verdict: String,
    runs: u64,
    unreadable: Vec<String>,
}

/// The unreadable files of one run.
#[derive(Serialize, Deserialize, JsonSchema, Fields)]
struct Night {
    keys: Vec<String>,
    files: u64,
}

static MAINTENANCE: Definition = Definition {
    name: "maintenance",
    functions: &["compact"],
    describe: maintenance,
    views: Vec::new,
    local_parameters: &[],
};

fn maintenance() -> Stack {
    let mut stack = Stack::new("maintenance", "Looks after a table, night by night");
    let records = Bucket::new("Records").add_to(&mut stack);
    let compact = Function::new(Compact::<Synth> {
        live_keys: records.list_below("processed/"),
        live: records.read_below("processed/"),
        expired: records.delete_below("processed/"),
        compacted_keys: records.list_below("compacted/"),
        compacted: records.read_below("compacted/"),
        output: records.write_below("compacted/"),
        superseded: records.delete_below("compacted/"),
        policy: Setting::default(),
    })
    .add_to(&mut stack);
    let machine = Machine::<Nights, Summary>::new("Maintenance", |flow, request| {
        let nights = flow
            .map("Nights", request.nights)
            .max_concurrency(1)
            .each(|flow, night| {
                let report = flow.call("Compact", &compact, night);
                flow.object(NightFields {
                    keys: report.unreadable.each(|file| file.key),
                    files: report.unreadable.count(),
                })
            });
        let found = nights.each(|night| night.files).sum();
        let unreadable = nights.first().or(flow.value(Night {
            keys: Vec::new(),
            files: 0,
        }));
        let verdict = flow
            .choose("All well?")
            .when(found.equals(0), |flow| flow.text("all well"))
            .otherwise(|flow| {
                flow.wait("Sleep on it", Duration::from_secs(1));
                flow.text("look at the files")
            });
        flow.object(SummaryFields {
            verdict,
            runs: nights.count(),
            unreadable: unreadable.keys,
        })
    })
    .timeout(Duration::from_mins(10));
    let machine = StateMachine::new(machine).add_to(&mut stack);
    stack.output("Records", "The table's bucket", records.bucket_name());
    stack.output("Machine", "ARN of the state machine", machine.arn());
    stack
}

/// Runs the machine over two nights and returns how it ended: status, output, error.
async fn execute(deployed: &Deployed) -> (ExecutionStatus, Value, String) {
    let client = aws_sdk_sfn::Client::new(deployed.target().config());
    let input =
        json!({"nights": [{"now": "2026-03-11T02:00:00Z"}, {"now": "2026-03-12T02:00:00Z"}]});
    let started = client
        .start_execution()
        .state_machine_arn(&deployed.outputs["Machine"])
        .input(input.to_string())
        .send()
        .await
        .expect("the execution starts");
    let ended = async {
        loop {
            let execution = client
                .describe_execution()
                .execution_arn(started.execution_arn())
                .send()
                .await
                .expect("the execution is described");
            if *execution.status() != ExecutionStatus::Running {
                return execution;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    };
    let execution = tokio::time::timeout(Duration::from_mins(3), ended)
        .await
        .expect("the execution ends");
    let output = execution.output().map_or(Value::Null, |text| {
        serde_json::from_str(text).expect("outputs are JSON")
    });
    let error = format!(
        "{}: {}",
        execution.error().unwrap_or_default(),
        execution.cause().unwrap_or_default()
    );
    (execution.status().clone(), output, error)
}

#[tokio::test]
async fn a_machine_runs_the_real_function_and_reads_its_answer() {
    let deployed = Deployed::of(&MAINTENANCE, Config::default(), |_| ()).await;
    let (status, output, error) = execute(&deployed).await;
    assert_eq!(status, ExecutionStatus::Succeeded, "{error}");
    let nothing = json!({"verdict": "all well", "runs": 2, "unreadable": []});
    assert_eq!(output, nothing, "an empty table");

    let key = "processed/year=2026/month=03/day=09/metadata_broken.parquet";
    deployed
        .target()
        .s3()
        .put_object()
        .bucket(&deployed.outputs["Records"])
        .key(key)
        .body(b"no Parquet".to_vec().into())
        .send()
        .await
        .expect("the file is uploaded");
    let (status, output, error) = execute(&deployed).await;
    assert_eq!(status, ExecutionStatus::Succeeded, "{error}");
    let found = json!({"verdict": "look at the files", "runs": 2, "unreadable": [key]});
    assert_eq!(output, found, "a file that the function could not read");
    deployed.stop().await;
}

#[tokio::test]
async fn a_machine_without_the_grant_cannot_invoke_its_function() {
    let deployed = Deployed::of(&MAINTENANCE, Config::default(), |template| {
        revoke(template, "MaintenanceRole", "lambda:InvokeFunction");
        // Lambda's refusal is one of the service errors that are tried again, for two minutes.
        let machine = &mut template["Resources"]["MaintenanceStateMachine"]["Properties"];
        let nights = &mut machine["Definition"]["States"]["Nights"];
        let compact = &mut nights["ItemProcessor"]["States"]["Compact"];
        let retry = compact
            .as_object_mut()
            .and_then(|state| state.remove("Retry"));
        assert!(retry.is_some(), "{template:#}");
    })
    .await;
    let (status, _, error) = execute(&deployed).await;
    assert_eq!(status, ExecutionStatus::Failed);
    let denied = "is not authorized to perform: lambda:InvokeFunction";
    assert!(error.contains(denied), "{error}");
    deployed.stop().await;
}
