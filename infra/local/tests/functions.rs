//! Functions run as processes with the identity of their role, the simulator knows them by it, and they end with the
//! local AWS.

#![expect(
    clippy::expect_used,
    reason = "a test stops where its preparation fails"
)]

mod common;

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use aws_sdk_bedrockruntime::error::ProvideErrorMetadata;
use aws_sdk_cloudformation::types::{Capability, StackStatus};
use common::{MODEL, blob, client_with, processes_of, target_dir};
use local::aws::{LocalAws, Options};
use local::bedrock::{Config, Simulator};
use serde_json::{Value, json};
use zip::write::SimpleFileOptions;

/// A custom runtime in the language that is here anyway: tells its environment to a file and stays for more.
const BOOTSTRAP: &str = r#"#!/usr/bin/env python3
import json, os, urllib.request
base = "http://" + os.environ["AWS_LAMBDA_RUNTIME_API"] + "/2018-06-01/runtime/invocation/"
while True:
    event = urllib.request.urlopen(base + "next")
    with open(os.environ["TELL"] + ".new", "w") as file:
        json.dump(dict(os.environ), file)
    os.rename(os.environ["TELL"] + ".new", os.environ["TELL"])
    urllib.request.urlopen(base + event.headers["Lambda-Runtime-Aws-Request-Id"] + "/response", data=b"{}")
"#;

fn package() -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file(
        "bootstrap",
        SimpleFileOptions::default().unix_permissions(0o755),
    )
    .expect("started");
    zip.write_all(BOOTSTRAP.as_bytes()).expect("written");
    zip.finish().expect("finished").into_inner()
}

/// Two functions behind one bucket; only the first may invoke the model.
fn template(directory: &Path) -> Value {
    let profile = format!("arn:aws:bedrock:eu-west-1:000000000000:inference-profile/{MODEL}");
    let model =
        "arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-haiku-4-5-20251001-v1:0";
    let role = |statement: Value| {
        json!({ "Type": "AWS::IAM::Role", "Properties": {
            "AssumeRolePolicyDocument": { "Version": "2012-10-17", "Statement": [
                { "Effect": "Allow", "Principal": { "Service": "lambda.amazonaws.com" }, "Action": "sts:AssumeRole" }] },
            "Policies": [{ "PolicyName": "p", "PolicyDocument": { "Version": "2012-10-17", "Statement": [statement] } }],
        }})
    };
    let function = |name: &str, role: &str| {
        json!({ "Type": "AWS::Lambda::Function", "Properties": {
            "FunctionName": name, "Runtime": "provided.al2023", "Handler": "bootstrap", "Timeout": 20,
            "Role": { "Fn::GetAtt": [role, "Arn"] }, "Code": { "S3Bucket": "assets", "S3Key": "f.zip" },
            "Environment": { "Variables": { "TELL": directory.join(name) } },
        }})
    };
    let notify = |name: &str, suffix: &str| {
        json!({ "Event": "s3:ObjectCreated:*", "Function": { "Fn::GetAtt": [name, "Arn"] },
            "Filter": { "S3Key": { "Rules": [{ "Name": "suffix", "Value": suffix }] } } })
    };
    json!({ "Resources": {
        "MayRole": role(json!({ "Effect": "Allow", "Action": "bedrock:InvokeModel", "Resource": [profile, model] })),
        "MayNotRole": role(json!({ "Effect": "Allow", "Action": "bedrock:InvokeModel", "Resource": [profile] })),
        "May": function("may", "MayRole"),
        "MayNot": function("may-not", "MayNotRole"),
        "Landing": { "Type": "AWS::S3::Bucket", "Properties": { "BucketName": "landing", "NotificationConfiguration": {
            "LambdaConfigurations": [notify("May", ".may"), notify("MayNot", ".may-not")] } } },
    }})
}

async fn deploy(aws: &LocalAws, template: &Value) {
    let client = aws_sdk_cloudformation::Client::new(&common::config(aws));
    client
        .create_stack()
        .stack_name("functions")
        .template_body(template.to_string())
        .capabilities(Capability::CapabilityIam)
        .send()
        .await
        .expect("accepted");
    for _ in 0..200 {
        let stacks = client
            .describe_stacks()
            .stack_name("functions")
            .send()
            .await
            .expect("described");
        match stacks.stacks()[0].stack_status() {
            Some(StackStatus::CreateComplete) => return,
            Some(StackStatus::CreateInProgress) => {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            other => panic!("{other:?}"),
        }
    }
    panic!("the stack did not settle");
}

/// What a function told of its environment.
async fn told(directory: &Path, name: &str) -> Value {
    for _ in 0..400 {
        if let Ok(text) = std::fs::read(directory.join(name)) {
            return serde_json::from_slice(&text).expect("JSON");
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{name} did not run");
}

#[tokio::test]
async fn a_function_has_its_own_identity_and_needs_its_grants() {
    let simulator = Simulator::start(Config::default())
        .await
        .expect("the simulator starts");
    let options = Options::new(target_dir()).bedrock(simulator.endpoint());
    let aws = LocalAws::start(&options, &|_| ())
        .await
        .expect("the local AWS starts");
    simulator.authorize_with(aws.endpoint());
    let directory = tempfile::tempdir().expect("a directory");

    let s3 = common::s3(&aws);
    common::create_bucket(&s3, "assets", aws.region()).await;
    s3.put_object()
        .bucket("assets")
        .key("f.zip")
        .body(package().into())
        .send()
        .await
        .expect("uploaded");
    deploy(&aws, &template(directory.path())).await;
    for key in ["a.may", "a.may-not"] {
        s3.put_object()
            .bucket("landing")
            .key(key)
            .body(b"x".to_vec().into())
            .send()
            .await
            .expect("uploaded");
    }

    let body = json!({ "anthropic_version": "bedrock-2023-05-31", "max_tokens": 9, "messages": [{ "role": "user", "content": "x" }] });
    for (name, allowed) in [("may", true), ("may-not", false)] {
        let environment = told(directory.path(), name).await;
        assert_eq!(environment["AWS_ENDPOINT_URL"], aws.endpoint());
        assert_eq!(
            environment["AWS_ENDPOINT_URL_BEDROCK_RUNTIME"],
            simulator.endpoint()
        );
        let text = |variable: &str| {
            environment[variable]
                .as_str()
                .expect("it is set")
                .to_owned()
        };
        let client = client_with(
            simulator.endpoint(),
            &text("AWS_ACCESS_KEY_ID"),
            &text("AWS_SECRET_ACCESS_KEY"),
            Some(text("AWS_SESSION_TOKEN")),
        );
        let outcome = client
            .invoke_model()
            .model_id(MODEL)
            .body(blob(&body))
            .send()
            .await;
        assert_eq!(outcome.is_ok(), allowed, "{name}: {outcome:?}");
        if let Err(error) = outcome {
            let message = error
                .into_service_error()
                .message()
                .unwrap_or_default()
                .to_owned();
            assert!(
                message.contains("assumed-role/")
                    && message.contains("foundation-model/anthropic.claude-haiku"),
                "{message}"
            );
        }
    }

    let group = aws.process_group();
    let functions = processes_of(group)
        .iter()
        .filter(|process| process.contains("(bootstrap)") || process.contains("(python3)"))
        .count();
    assert!(
        functions >= 2,
        "both functions are kept warm: {:?}",
        processes_of(group)
    );
    aws.stop().await;
    assert_eq!(
        processes_of(group),
        Vec::<String>::new(),
        "a process is left"
    );
}
