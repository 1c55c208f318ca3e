//! A function as a process, against a Runtime API of this test's own.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::server::{Answer, Server};

/// Cargo builds examples before it runs the tests of a package, but not before it runs a single test target.
fn echo() -> Command {
    let test = std::env::current_exe().unwrap();
    let profile = test.parent().and_then(|deps| deps.parent()).unwrap();
    let example: PathBuf = [profile.as_os_str(), "examples".as_ref(), "echo".as_ref()]
        .iter()
        .collect();
    assert!(
        example.exists(),
        "run `cargo build -p shared --features run --example echo` first"
    );
    let mut command = Command::new(example);
    command
        .env_clear()
        .env("AWS_LAMBDA_FUNCTION_NAME", "echo")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
        .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
        .env("AWS_REGION", "eu-west-1")
        .env("STACK_NAME", "library")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// A notification about an object.
fn notification(key: &str) -> Value {
    json!({ "Records": [{
        "eventName": "ObjectCreated:Put",
        "eventTime": "2026-03-09T15:05:30.000Z",
        "s3": { "bucket": { "name": "raw" }, "object": { "key": key } },
    }] })
}

/// Runs the function until it has answered one event; gives the answer's path and body, and the lines logged.
fn answer_to(event: &Value) -> (String, Value, Vec<Value>) {
    let event = Answer::ok(&event.to_string())
        .header("lambda-runtime-aws-request-id", "request-1")
        .header("lambda-runtime-deadline-ms", "1773068730125")
        .header(
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:eu-west-1:111122223333:function:echo",
        );
    let server = Server::answering(vec![event, Answer::failed(202, "{}")]);
    let mut function = echo()
        .env("AWS_LAMBDA_RUNTIME_API", server.address())
        .env("GREETING", "hello")
        .spawn()
        .unwrap();
    let patience = Instant::now() + Duration::from_secs(20);
    while server.requests().len() < 2 && Instant::now() < patience {
        std::thread::sleep(Duration::from_millis(5));
    }
    function.kill().unwrap();
    let output = function.wait_with_output().unwrap();
    let requests = server.requests();
    assert!(
        requests.len() >= 2,
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(
        requests[0].line.ends_with("/runtime/invocation/next"),
        "{}",
        requests[0].line
    );
    let lines = String::from_utf8(output.stdout).unwrap();
    (
        requests[1].line.clone(),
        serde_json::from_str(&requests[1].body).unwrap(),
        lines
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect(),
    )
}

#[test]
fn an_event_is_answered_logged_and_counted() {
    let (path, answer, lines) = answer_to(&notification("my+cover.jpg"));
    assert!(path.ends_with("/invocation/request-1/response"), "{path}");
    assert_eq!(answer, json!(["my cover.jpg"]));
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert_eq!(lines[0]["message"], "greeted");
    assert_eq!(lines[0]["level"], "INFO");
    assert_eq!(lines[0]["function"], "echo");
    assert_eq!(lines[0]["requestId"], "request-1");
    assert_eq!(lines[0]["fields"], json!({ "greeting": "hello" }));
    assert_eq!(
        lines[1]["_aws"]["CloudWatchMetrics"][0]["Dimensions"],
        json!([["Function", "Stack"]])
    );
    assert_eq!(lines[1]["Function"], "echo");
    assert_eq!(lines[1]["Stack"], "library");
    assert_eq!(lines[1]["Records"], 1.0);
}

#[test]
fn an_error_is_reported_and_logged() {
    let (path, answer, lines) = answer_to(&notification("%FF"));
    assert!(path.ends_with("/invocation/request-1/error"), "{path}");
    assert_eq!(
        answer["errorMessage"],
        "object key `%FF` is not UTF-8 once decoded"
    );
    assert_eq!(lines[1]["message"], "invocation failed");
    assert_eq!(lines[1]["level"], "ERROR");
}

#[test]
fn an_event_of_another_kind_is_reported_and_logged() {
    let (path, answer, lines) = answer_to(&json!({ "Records": 5 }));
    assert!(path.ends_with("/invocation/request-1/error"), "{path}");
    assert_eq!(answer["errorType"], "InvalidEvent");
    assert_eq!(
        lines[0]["fields"]["error"],
        "not an event of `echo`: invalid type: integer `5`, expected a sequence"
    );
}

/// Runs the function where it cannot start; gives what it logged as the reason.
fn start_failure(variables: &[(&str, &str)]) -> String {
    let server = Server::answering(vec![Answer::failed(500, "")]);
    let output = echo()
        .env("AWS_LAMBDA_RUNTIME_API", server.address())
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    assert!(!output.status.success());
    assert!(server.requests().is_empty(), "it asked for an event");
    let line: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(line["level"], "CRITICAL");
    assert_eq!(line["message"], "the function cannot start");
    line["fields"]["error"].as_str().unwrap().to_owned()
}

#[test]
fn a_function_does_not_start_half_configured() {
    let error = start_failure(&[]);
    assert!(
        error.starts_with("environment variable `GREETING` is not set"),
        "{error}"
    );
    let error = start_failure(&[("GREETING", "hello"), ("LOG_LEVEL", "LOUD")]);
    assert_eq!(
        error,
        "`LOUD` is not a log level: use DEBUG, INFO, WARNING, ERROR or CRITICAL"
    );
    let error = start_failure(&[("GREETING", "hello"), ("STACK_NAME", "")]);
    assert!(
        error.starts_with("environment variable `STACK_NAME` is not set"),
        "{error}"
    );
}
