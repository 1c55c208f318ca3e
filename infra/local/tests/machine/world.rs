//! The test's stack on a local AWS, and what a test asks it.

use std::io::Write;
use std::time::Duration;

use aws_sdk_cloudformation::types::{Capability, StackStatus};
use axum::body::Bytes;
use axum::http::Request;
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use local::aws::{LocalAws, Options};
use local::bedrock::{Config, Scenario, Simulator};
use serde_json::{Value, json};
use zip::write::SimpleFileOptions;

use crate::common::{config, create_bucket, s3, target_dir};

const MACHINE: &str = "arn:aws:states:eu-west-1:000000000000:stateMachine";
const PATIENCE: Duration = Duration::from_mins(1);
const POLL: Duration = Duration::from_millis(100);

pub(crate) struct World {
    aws: LocalAws,
    simulator: Simulator,
    s3: aws_sdk_s3::Client,
}

impl World {
    /// The jobs last milliseconds and need two records; the end of those named `lost` is not told.
    pub(crate) async fn start() -> Self {
        let scenario: Scenario = serde_json::from_value(json!({ "batch": {
            "clock": { "speed": 5_000 },
            "quotas": { "minimum_records": 2 },
            "rules": [{ "when": { "name_contains": "lost" }, "then": { "fault": "lost_event", "status": "Completed" } }],
        } }))
        .expect("a scenario");
        let simulator = Simulator::start(Config {
            scenario,
            upstream: None,
        })
        .await
        .expect("the simulator starts");
        let options = Options::new(target_dir()).bedrock(simulator.endpoint());
        let aws = LocalAws::start(&options, &|_| ())
            .await
            .expect("the local AWS starts");
        simulator.authorize_with(aws.endpoint());
        let s3 = s3(&aws);
        for bucket in ["assets", "runs"] {
            create_bucket(&s3, bucket, aws.region()).await;
        }
        let world = Self { aws, simulator, s3 };
        world.put("assets", "f.zip", package()).await;
        let record = |id: &str| {
            json!({ "recordId": id, "modelInput": {
                "messages": [{ "role": "user", "content": [{ "text": "Tell me a joke." }] }] } })
        };
        let records = format!("{}\n{}", record("r0"), record("r1"));
        world
            .put("runs", "in/0000.jsonl", records.into_bytes())
            .await;
        world.deploy().await;
        world
    }

    pub(crate) async fn stop(self) {
        assert_eq!(self.simulator.undelivered_events(), Vec::<String>::new());
        self.simulator.stop().await;
        self.aws.stop().await;
    }

    async fn deploy(&self) {
        let mut template: Value =
            serde_json::from_str(include_str!("template.json")).expect("JSON");
        for machine in ["Machine", "BlindMachine"] {
            template["Resources"][machine]["Properties"]["DefinitionString"] =
                include_str!("definition.json").into();
        }
        let client = aws_sdk_cloudformation::Client::new(&config(&self.aws));
        client
            .create_stack()
            .stack_name("batch")
            .template_body(template.to_string())
            .capabilities(Capability::CapabilityNamedIam)
            .send()
            .await
            .expect("accepted");
        for _ in 0..200 {
            let stacks = client
                .describe_stacks()
                .stack_name("batch")
                .send()
                .await
                .expect("described");
            match stacks.stacks()[0].stack_status() {
                Some(StackStatus::CreateComplete) => return,
                Some(StackStatus::CreateInProgress) => tokio::time::sleep(POLL).await,
                _ => panic!("{:?}", stacks.stacks()[0]),
            }
        }
        panic!("the stack did not settle");
    }

    async fn put(&self, bucket: &str, key: &str, body: Vec<u8>) {
        let put = self.s3.put_object().bucket(bucket).key(key);
        put.body(body.into()).send().await.expect("uploaded");
    }

    pub(crate) async fn upload_tasks(&self, tasks: &[Value]) {
        let lines: Vec<String> = tasks.iter().map(Value::to_string).collect();
        self.put("runs", "tasks.jsonl", lines.join("\n").into_bytes())
            .await;
    }

    pub(crate) async fn json(&self, key: &str) -> Value {
        let object = self.s3.get_object().bucket("runs").key(key);
        let object = object.send().await.expect("it is there");
        let bytes = object.body.collect().await.expect("read").into_bytes();
        serde_json::from_slice(&bytes).expect("JSON")
    }

    pub(crate) async fn keys(&self, prefix: &str) -> Vec<String> {
        let listing = self.s3.list_objects_v2().bucket("runs").prefix(prefix);
        let listing = listing.send().await.expect("listed");
        let keys = listing.contents().iter().filter_map(|object| object.key());
        keys.map(str::to_owned).collect()
    }

    /// Starts an execution: its ARN.
    pub(crate) async fn begin(&self, machine: &str, input: &Value) -> String {
        let start = json!({ "stateMachineArn": format!("{MACHINE}:{machine}"), "input": input.to_string() });
        let started = self.states("StartExecution", &start).await;
        started["executionArn"].as_str().expect("an ARN").to_owned()
    }

    /// Runs an execution to its end, and describes it.
    pub(crate) async fn execute(&self, machine: &str, input: &Value) -> Value {
        let arn = self.begin(machine, input).await;
        eventually("the execution did not end", async || {
            let execution = self
                .states("DescribeExecution", &json!({ "executionArn": arn }))
                .await;
            (execution["status"] != "RUNNING").then_some(execution)
        })
        .await
    }

    /// The ARN of the one child of an execution's map, once it runs.
    pub(crate) async fn waiting_child(&self, execution: &str) -> String {
        eventually("no child was started", async || {
            let runs = self
                .states("ListMapRuns", &json!({ "executionArn": execution }))
                .await;
            let run = runs["mapRuns"][0]["mapRunArn"].as_str()?;
            let children = self
                .states("ListExecutions", &json!({ "mapRunArn": run }))
                .await;
            let child = children["executions"][0]["executionArn"].as_str()?;
            Some(child.to_owned())
        })
        .await
    }

    /// The next message of a queue.
    pub(crate) async fn received(&self, queue: &str) -> String {
        let url = format!("{}/000000000000/{queue}", self.aws.endpoint());
        eventually("no message came", async || {
            let received = self
                .ask(
                    "sqs",
                    "AmazonSQS.ReceiveMessage",
                    &json!({ "QueueUrl": url }),
                )
                .await;
            let message = &received["Messages"][0];
            let body = message["Body"].as_str()?.to_owned();
            let delete = json!({ "QueueUrl": url, "ReceiptHandle": message["ReceiptHandle"] });
            self.ask("sqs", "AmazonSQS.DeleteMessage", &delete).await;
            Some(body)
        })
        .await
    }

    /// The row of a job.
    pub(crate) async fn row(&self, job: &str) -> Value {
        let get = json!({ "TableName": "jobs", "Key": { "job": { "S": job } } });
        let found = self
            .ask("dynamodb", "DynamoDB_20120810.GetItem", &get)
            .await;
        found["Item"].clone()
    }

    pub(crate) async fn states(&self, action: &str, body: &Value) -> Value {
        self.ask("states", &format!("AWSStepFunctions.{action}"), body)
            .await
    }

    /// As root, whose signature is not checked.
    async fn ask(&self, service: &str, target: &str, body: &Value) -> Value {
        let scope = format!("Credential=test/20260101/eu-west-1/{service}/aws4_request");
        let request = Request::post(self.aws.endpoint())
            .header("x-amz-target", target)
            .header("content-type", "application/x-amz-json-1.0")
            .header(
                "authorization",
                format!("AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=0"),
            )
            .body(Full::new(Bytes::from(body.to_string())))
            .expect("a request");
        let client: Client<_, Full<Bytes>> = Client::builder(TokioExecutor::new()).build_http();
        let response = client.request(request).await.expect("an answer");
        let status = response.status();
        let answer = response.into_body().collect().await.expect("a body");
        let answer = answer.to_bytes();
        assert!(
            status.is_success(),
            "{target}: {}",
            String::from_utf8_lossy(&answer)
        );
        serde_json::from_slice(&answer).unwrap_or_default()
    }
}

async fn eventually<T>(otherwise: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let begun = std::time::Instant::now();
    while begun.elapsed() < PATIENCE {
        if let Some(found) = look().await {
            return found;
        }
        tokio::time::sleep(POLL).await;
    }
    panic!("{otherwise}")
}

fn package() -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let executable = SimpleFileOptions::default().unix_permissions(0o755);
    zip.start_file("bootstrap", executable).expect("started");
    zip.write_all(include_bytes!("bootstrap.py"))
        .expect("written");
    zip.finish().expect("finished").into_inner()
}
