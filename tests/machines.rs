//! A state machine from contracts, deployed by CloudFormation: it runs the real function, under the role that its steps ask for.
#![expect(
    clippy::expect_used,
    reason = "a test that cannot go on says why and ends"
)]

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_sfn::types::ExecutionStatus;
use compact::{Listed, Partition, Side, Store, StoreError};
use constructs::{Bucket, Function, Setting, Stack, StateMachine, Synth};
use end_to_end::{Deployed, revoke};
use infra::stacks::Definition;
use local::bedrock::Config;
use rehearsal::Rehearsal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shared::Fields;
use shared::contracts::{Compact, CompactionPolicy, CompactionRequest};
use workflow::{Callee, Machine};

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

/// A file that is no Parquet, below the folder of the live files.
const BROKEN: &str = "year=2026/month=03/day=09/metadata_broken.parquet";

static MAINTENANCE: Definition = Definition {
    name: "maintenance",
    functions: &["compact"],
    describe: maintenance,
    views: Vec::new,
    local_parameters: &[],
};

/// Compacts night by night, and says whether somebody has to look.
fn machine(compact: &impl Callee<Contract = Compact<Synth>>) -> Machine<Nights, Summary> {
    Machine::<Nights, Summary>::new("Maintenance", |flow, request| {
        let nights = flow
            .map("Nights", request.nights)
            .max_concurrency(1)
            .each(|flow, night| {
                let report = flow.call("Compact", compact, night);
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
    .timeout(Duration::from_mins(10))
}

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
    let machine = StateMachine::new(machine(&compact)).add_to(&mut stack);
    stack.output("Records", "The table's bucket", records.bucket_name());
    stack.output("Machine", "ARN of the state machine", machine.arn());
    stack
}

fn two_nights() -> Value {
    json!({"nights": [{"now": "2026-03-11T02:00:00Z"}, {"now": "2026-03-12T02:00:00Z"}]})
}

/// Runs the machine over two nights and returns how it ended: status, output, error.
async fn execute(deployed: &Deployed) -> (ExecutionStatus, Value, String) {
    let client = aws_sdk_sfn::Client::new(deployed.target().config());
    let started = client
        .start_execution()
        .state_machine_arn(&deployed.outputs["Machine"])
        .input(two_nights().to_string())
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

    deployed
        .target()
        .s3()
        .put_object()
        .bucket(&deployed.outputs["Records"])
        .key(format!("processed/{BROKEN}"))
        .body(b"no Parquet".to_vec().into())
        .send()
        .await
        .expect("the file is uploaded");
    let (status, output, error) = execute(&deployed).await;
    assert_eq!(status, ExecutionStatus::Succeeded, "{error}");
    let found = json!({"verdict": "look at the files", "runs": 2, "unreadable": [format!("processed/{BROKEN}")]});
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

/// A table of one file, which is no Parquet.
struct OneBrokenFile(CompactionPolicy);

impl Store for OneBrokenFile {
    fn policy(&self) -> &CompactionPolicy {
        &self.0
    }

    async fn folders(&self) -> Result<Vec<String>, StoreError> {
        let (folder, _) = BROKEN.rsplit_once('/').expect("the file is in a folder");
        Ok(vec![folder.to_owned()])
    }

    async fn list(&self, side: Side, _: Partition) -> Result<Vec<Listed>, StoreError> {
        let file = Listed {
            modified: 0,
            key: BROKEN.to_owned(),
            etag: "one".to_owned(),
        };
        Ok(Vec::from_iter((side == Side::Live).then_some(file)))
    }

    async fn read(&self, _: Side, _: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(Some(b"no Parquet".to_vec()))
    }

    async fn write(&self, _: Partition, _: &str, _: Vec<u8>) -> Result<(), StoreError> {
        Err(StoreError::new("nothing may be written"))
    }

    async fn remove(&self, _: Side, _: &[String]) -> Result<(), StoreError> {
        Err(StoreError::new("nothing may be removed"))
    }
}

/// The same machine and the same function without any server, in no time: the second of waiting is virtual.
#[test]
fn the_machine_rehearsed_in_process_does_the_same() {
    let function = workflow::Function::<Compact<Synth>>::by_arn("CompactFunction", "arn");
    let table = Arc::new(OneBrokenFile(CompactionPolicy::default()));
    let outcome = Rehearsal::of(&machine(&function).definition())
        .function("${CompactFunction}", async |night: CompactionRequest| {
            compact::run(&table, &night).await
        })
        .input(two_nights())
        .run()
        .expect("the machine can be rehearsed");
    let found = json!({"verdict": "look at the files", "runs": 2, "unreadable": [BROKEN]});
    assert_eq!(outcome.output(), Some(&found), "{outcome}");
    assert_eq!(outcome.elapsed(), Duration::from_secs(1));
}
