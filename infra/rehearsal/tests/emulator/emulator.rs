//! Machines on the local AWS.

use std::path::PathBuf;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::Request;
use axum::http::request::Builder;
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use local::aws::{LocalAws, Options};
use serde_json::{Value, json};

use crate::cases::Case;

const ROLE: &str = "rehearsal";

pub(crate) struct Emulator {
    aws: LocalAws,
    client: Client<HttpConnector, Full<Bytes>>,
}

impl Emulator {
    pub(crate) async fn start() -> Self {
        let aws = LocalAws::start(&Options::new(target_dir()), &|_| {})
            .await
            .unwrap();
        let client = Client::builder(TokioExecutor::new()).build_http();
        let emulator = Self { aws, client };
        let everybody = json!({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "states.amazonaws.com"}}});
        let everything = json!({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}});
        emulator
            .iam(&format!(
                "Action=CreateRole&RoleName={ROLE}&AssumeRolePolicyDocument={everybody}"
            ))
            .await;
        emulator
            .iam(&format!(
                "Action=PutRolePolicy&RoleName={ROLE}&PolicyName=all&PolicyDocument={everything}"
            ))
            .await;
        emulator
    }

    pub(crate) async fn stop(self) {
        self.aws.stop().await;
    }

    /// Runs a machine to its end: its status, and its output or the name of its error.
    pub(crate) async fn run(&self, case: Case) -> Value {
        if let Some((bucket, object)) = case.object {
            self.object(bucket, object).await;
        }
        let machine = json!({
            "name": case.name.replace(' ', "-"),
            "definition": case.definition.to_string(),
            "roleArn": format!("arn:aws:iam::{}:role/{ROLE}", local::aws::ACCOUNT_ID),
        });
        let machine = self.states("CreateStateMachine", &machine).await;
        let start =
            json!({"stateMachineArn": machine["stateMachineArn"], "input": case.input.to_string()});
        let execution = self.states("StartExecution", &start).await;
        loop {
            let described = self
                .states(
                    "DescribeExecution",
                    &json!({"executionArn": execution["executionArn"]}),
                )
                .await;
            match described["status"].as_str().unwrap() {
                "RUNNING" => tokio::time::sleep(Duration::from_millis(100)).await,
                "SUCCEEDED" => {
                    let output: Value =
                        serde_json::from_str(described["output"].as_str().unwrap()).unwrap();
                    return json!({"status": "SUCCEEDED", "output": output});
                }
                "FAILED" => return json!({"status": "FAILED", "error": described["error"]}),
                other => return json!({"status": other}),
            }
        }
    }

    async fn states(&self, action: &str, body: &Value) -> Value {
        let request = Request::post(self.aws.endpoint())
            .header("x-amz-target", format!("AWSStepFunctions.{action}"))
            .header("content-type", "application/x-amz-json-1.0");
        let answer = self.send("states", request, body.to_string()).await;
        serde_json::from_str(&answer).unwrap()
    }

    async fn object(&self, bucket: &str, object: &str) {
        let place = "<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>";
        let bucket = format!("{}/{bucket}", self.aws.endpoint());
        self.send("s3", Request::put(&bucket), place.to_owned())
            .await;
        self.send(
            "s3",
            Request::put(format!("{bucket}/items")),
            object.to_owned(),
        )
        .await;
    }

    async fn iam(&self, form: &str) {
        let request = Request::post(self.aws.endpoint())
            .header("content-type", "application/x-www-form-urlencoded");
        self.send("iam", request, form.to_owned()).await;
    }

    async fn send(&self, service: &str, request: Builder, body: String) -> String {
        // The emulator knows the root user by the key and does not check the signature.
        let scope = format!("Credential=test/20260101/eu-west-1/{service}/aws4_request");
        let authorization = format!("AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=0");
        let request = request.header("authorization", authorization);
        let response = self
            .client
            .request(request.body(Full::from(body)).unwrap())
            .await
            .unwrap();
        let status = response.status();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        let body = String::from_utf8(body.to_vec()).unwrap();
        assert!(status.is_success(), "{status}: {body}");
        body
    }
}

/// The workspace's own target directory, so that the emulator is installed once and not per test run.
fn target_dir() -> PathBuf {
    let executable = std::env::current_exe().unwrap();
    let profile = executable
        .ancestors()
        .find(|path| path.join("deps").is_dir());
    profile
        .and_then(|profile| profile.parent())
        .unwrap()
        .to_path_buf()
}
