//! The batch stack on a local AWS: runs, their results row by row, and what their jobs left behind.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use arrow::util::display::{ArrayFormatter, FormatOptions};
use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_sfn::types::ExecutionStatus;
use bytes::Bytes;
use infra::session::Session;
use infra::{stacks, workspace};
use local::aws::Options;
use local::bedrock::{Config, Scenario};
use serde_json::Value;
use tables::input::{Batches, Limits};

use crate::Deployed;

/// How long a run may take: many times what it takes on a machine that also compiles.
const PATIENCE: Duration = Duration::from_mins(6);

/// A row of a result, by column; null is left out.
pub type Row = BTreeMap<String, String>;

/// How an execution ended.
#[derive(Debug)]
pub struct Ended {
    /// Its status.
    pub status: ExecutionStatus,
    /// What it answered.
    pub output: Value,
    /// Error and cause.
    pub error: String,
}

/// The batch stack on a local AWS of its own.
pub struct Batch {
    deployed: Deployed,
}

/// The part of the time that machines wait between attempts, which are minutes for jobs of hours.
const WAITING: f64 = 0.01;

/// A local AWS whose Bedrock behaves as a scenario says.
pub async fn account(scenario: Value) -> Session {
    let scenario: Scenario = serde_json::from_value(scenario).expect("the scenario is one");
    let config = Config {
        scenario,
        upstream: None,
    };
    let options = Options::new(workspace::target_directory()).waiting(WAITING);
    let session = Session::with(options, config, &|_| ()).await;
    session.expect("the local AWS starts")
}

impl Batch {
    /// Deploys it with values for some parameters, its template changed as the test wants.
    pub async fn deploy(
        scenario: Value,
        parameters: &[(&str, &str)],
        change: impl FnOnce(&mut Value),
    ) -> Self {
        Self::deploy_to(account(scenario).await, parameters, change).await
    }

    /// The same in an account that has something already.
    pub async fn deploy_to(
        account: Session,
        parameters: &[(&str, &str)],
        change: impl FnOnce(&mut Value),
    ) -> Self {
        let definition = stacks::find("batch").expect("the stack exists");
        let deployed = Deployed::within(account, definition, |template| {
            let rule = &mut template["Resources"]["ReconcileJobsSchedule"]["Properties"];
            rule["ScheduleExpression"] = Value::from("rate(1 minute)");
            for (name, value) in parameters {
                template["Parameters"][name]["Default"] = Value::from(*value);
            }
            change(template);
        })
        .await;
        Self { deployed }
    }

    /// The local AWS and the simulator.
    #[must_use]
    pub fn session(&self) -> &Session {
        &self.deployed.session
    }

    /// Where it is deployed.
    #[must_use]
    pub fn target(&self) -> &deploy::Target {
        self.deployed.target()
    }

    /// An output of the stack.
    #[must_use]
    pub fn output(&self, name: &str) -> &str {
        &self.deployed.outputs[name]
    }

    /// Puts an object into the stack's bucket, and returns its URI.
    pub async fn put(&self, key: &str, body: impl Into<Vec<u8>>) -> String {
        let bucket = self.output("Bucket");
        self.target()
            .s3()
            .put_object()
            .bucket(bucket)
            .key(key)
            .body(body.into().into())
            .send()
            .await
            .expect("the object is put");
        format!("s3://{bucket}/{key}")
    }

    /// The bytes of an object of the stack's bucket.
    pub async fn get(&self, key: &str) -> Vec<u8> {
        let request = self.target().s3().get_object();
        let answer = request.bucket(self.output("Bucket")).key(key).send().await;
        let answer = answer.unwrap_or_else(|error| panic!("{key}: {error:?}"));
        let body = answer.body.collect().await.expect("the object is read");
        body.to_vec()
    }

    /// The keys of the stack's bucket below a prefix.
    pub async fn keys(&self, prefix: &str) -> BTreeSet<String> {
        let mut pages = self
            .target()
            .s3()
            .list_objects_v2()
            .bucket(self.output("Bucket"))
            .prefix(prefix)
            .into_paginator()
            .send();
        let mut keys = BTreeSet::new();
        while let Some(page) = pages.next().await {
            let page = page.expect("the bucket is listed");
            let found = page.contents().iter();
            keys.extend(found.filter_map(|object| object.key().map(str::to_owned)));
        }
        keys
    }

    /// Starts a run, as people do who give the machine its input by hand. Returns the ARN of the execution.
    pub async fn start(&self, name: &str, request: &Value) -> String {
        self.start_on("Machine", name, request).await
    }

    /// Starts an execution of the machine that an output names.
    pub async fn start_on(&self, machine: &str, name: &str, input: &Value) -> String {
        let started = self
            .machines()
            .start_execution()
            .state_machine_arn(self.output(machine))
            .name(name)
            .input(input.to_string())
            .send()
            .await
            .expect("the execution starts");
        started.execution_arn
    }

    /// Whether an execution goes on.
    pub async fn is_running(&self, execution: &str) -> bool {
        let describe = self.machines().describe_execution();
        let described = describe.execution_arn(execution).send().await;
        *described.expect("the execution is described").status() == ExecutionStatus::Running
    }

    /// Waits until an execution has ended.
    pub async fn ended(&self, execution: &str) -> Ended {
        let since = Instant::now();
        loop {
            let described = self
                .machines()
                .describe_execution()
                .execution_arn(execution)
                .send()
                .await
                .expect("the execution is described");
            if *described.status() != ExecutionStatus::Running {
                let output = described.output().unwrap_or("null");
                return Ended {
                    status: described.status().clone(),
                    output: serde_json::from_str(output).expect("outputs are JSON"),
                    error: format!(
                        "{}: {}",
                        described.error().unwrap_or_default(),
                        described.cause().unwrap_or_default()
                    ),
                };
            }
            assert!(
                since.elapsed() < PATIENCE,
                "{execution} runs for {PATIENCE:?}; its jobs: {:#?}",
                self.jobs().await
            );
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
    }

    /// Starts a run and waits until it has ended well; returns its report.
    pub async fn run(&self, name: &str, request: &Value) -> Value {
        let execution = self.start(name, request).await;
        let ended = self.ended(&execution).await;
        assert_eq!(ended.status, ExecutionStatus::Succeeded, "{ended:?}");
        ended.output
    }

    /// Step Functions.
    #[must_use]
    pub fn machines(&self) -> aws_sdk_sfn::Client {
        aws_sdk_sfn::Client::new(self.target().config())
    }

    /// The rows of a run's result, in their order.
    pub async fn rows(&self, prefix: &str, run: &str) -> Vec<Row> {
        let mut rows = Vec::new();
        let folder = format!("batch_output_parquet/{prefix}/{run}/");
        for key in self.keys(&folder).await {
            let file = Bytes::from(self.get(&key).await);
            rows.extend(read_rows(&key, file));
        }
        rows
    }

    /// The rows of the table of jobs, by the name of the job.
    pub async fn jobs(&self) -> BTreeMap<String, Row> {
        let client = aws_sdk_dynamodb::Client::new(self.target().config());
        let scanned = client.scan().table_name(self.output("JobTable")).send();
        let scanned = scanned.await.expect("the table is scanned");
        let row = |item: &std::collections::HashMap<String, AttributeValue>| -> Row {
            item.iter()
                .map(|(name, value)| {
                    let text = value.as_s().or(value.as_n());
                    (name.clone(), text.cloned().unwrap_or_default())
                })
                .collect()
        };
        let rows = scanned.items().iter().map(row);
        rows.map(|row| (row["job_name"].clone(), row)).collect()
    }

    /// Takes what failed for good from its queue.
    pub async fn failures(&self) -> Vec<Value> {
        let queue = self.deployed.physical_id("FailuresQueue").await;
        self.deployed.messages(&queue).await
    }

    /// The jobs that Bedrock has, by name, with their statuses, as the service lists them.
    pub async fn listed_jobs(&self) -> Vec<(String, String)> {
        let config = aws_sdk_bedrock::config::Builder::from(self.target().config())
            .endpoint_url(self.session().bedrock_endpoint())
            .build();
        let mut pages = aws_sdk_bedrock::Client::from_conf(config)
            .list_model_invocation_jobs()
            .into_paginator()
            .send();
        let mut jobs = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.expect("the jobs are listed");
            jobs.extend(page.invocation_job_summaries().iter().map(|job| {
                let status = job.status().map_or("", |status| status.as_str());
                (job.job_name().to_owned(), status.to_owned())
            }));
        }
        jobs.sort();
        jobs
    }

    /// The ids of all records that the outputs of a run hold, each as often as the model was asked.
    pub async fn asked(&self, prefix: &str, run: &str) -> Vec<String> {
        let folder = format!("batch_outputs_json/{prefix}/{run}/");
        let mut ids = Vec::new();
        for key in self.keys(&folder).await {
            if !key.ends_with(".jsonl.out") {
                continue;
            }
            let output = self.get(&key).await;
            let lines = serde_json::Deserializer::from_slice(&output).into_iter::<Value>();
            ids.extend(lines.map(|line| {
                let line = line.expect("a line of an output is JSON");
                line["recordId"].as_str().unwrap_or_default().to_owned()
            }));
        }
        ids.sort();
        ids
    }

    /// Aborts an execution.
    pub async fn abort(&self, execution: &str) {
        let stop = self.machines().stop_execution();
        let stopped = stop.execution_arn(execution).send().await;
        stopped.expect("the execution is stopped");
    }

    /// Stops the local AWS and asserts that it leaves no process behind.
    pub async fn stop(self) {
        self.deployed.stop().await;
    }
}

/// Waits until something holds.
pub async fn until(mut holds: impl AsyncFnMut() -> bool) {
    let since = Instant::now();
    while !holds().await {
        assert!(since.elapsed() < PATIENCE, "it does not come to hold");
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
}

/// How many rows have each status.
#[must_use]
pub fn statuses(rows: &[Row]) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for row in rows {
        *counts.entry(row["status"].as_str()).or_default() += 1;
    }
    counts
}

fn read_rows(name: &str, file: Bytes) -> Vec<Row> {
    let table = Batches::open(name, file, Limits::default()).expect("the result is a table");
    let mut rows = Vec::new();
    for batch in table {
        let batch = batch.expect("the result can be read");
        let names: Vec<String> = batch
            .schema()
            .fields()
            .iter()
            .map(|field| field.name().clone())
            .collect();
        let options = FormatOptions::new();
        let columns: Vec<_> = batch
            .columns()
            .iter()
            .map(|column| {
                let texts = ArrayFormatter::try_new(column, &options);
                (column, texts.expect("the column has texts"))
            })
            .collect();
        rows.extend((0..batch.num_rows()).map(|row| {
            names
                .iter()
                .zip(&columns)
                .filter(|(_, (column, _))| column.is_valid(row))
                .map(|(name, (_, texts))| (name.clone(), texts.value(row).to_string()))
                .collect::<Row>()
        }));
    }
    rows
}
