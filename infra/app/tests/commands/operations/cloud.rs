//! An AWS on a port of this machine that answers each request by its name: a CloudFormation action, or the method and path of
//! a request to another service.

use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

pub(super) const STACK_ID: &str =
    "arn:aws:cloudformation:eu-central-1:111122223333:stack/vision/0001";

/// What an AWS says to a request, by name and body.
type Answers = Box<dyn Fn(&str, &str) -> String + Send + Sync>;

pub(super) struct Cloud {
    answers: Answers,
    asked: Mutex<Vec<String>>,
}

/// What the binary did, and what it asked.
pub(super) struct Run {
    pub(super) code: i32,
    pub(super) stdout: String,
    /// One line, whatever the width of a terminal.
    pub(super) stderr: String,
    pub(super) asked: Vec<String>,
}

impl Cloud {
    pub(super) fn new(answers: impl Fn(&str, &str) -> String + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self {
            answers: Box::new(answers),
            asked: Mutex::default(),
        })
    }

    pub(super) fn answer(&self, name: &str, body: &str) -> String {
        (self.answers)(name, body)
    }

    /// Runs the binary against it.
    pub(super) fn run(self: &Arc<Self>, arguments: &[&str]) -> Run {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let listener = runtime
            .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
            .unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(answer).with_state(self.clone());
        runtime.spawn(async move { axum::serve(listener, router).await });
        let output = infra(&[arguments, &["--endpoint-url", &url]].concat());
        let asked = std::mem::take(&mut *self.asked.lock().unwrap());
        Run {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: one_line(&String::from_utf8(output.stderr).unwrap()),
            asked,
        }
    }
}

pub(super) fn infra(arguments: &[&str]) -> Output {
    let binary = Command::new(env!("CARGO_BIN_EXE_infra"))
        .args(arguments)
        .env("AWS_REGION", "eu-central-1")
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .env_remove("CLICOLOR_FORCE")
        .output();
    binary.unwrap()
}

fn one_line(text: &str) -> String {
    let words = text.split_whitespace().filter(|word| *word != "│");
    words.collect::<Vec<_>>().join(" ")
}

async fn answer(
    State(cloud): State<Arc<Cloud>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let body = String::from_utf8_lossy(&body);
    let of_cloudformation = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind == "application/x-www-form-urlencoded");
    let action = body
        .split('&')
        .find_map(|pair| pair.strip_prefix("Action="));
    let name = match action {
        Some(action) if of_cloudformation => action.to_owned(),
        _ => format!("{method} {}", uri.path()),
    };
    let answer = cloud.answer(&name, &body);
    cloud.asked.lock().unwrap().push(name);
    let status = if answer.contains("<ErrorResponse>") {
        StatusCode::BAD_REQUEST
    } else {
        StatusCode::OK
    };
    (status, answer).into_response()
}

/// A result of CloudFormation.
pub(super) fn result(action: &str, result: &str) -> String {
    format!("<{action}Response><{action}Result>{result}</{action}Result></{action}Response>")
}

pub(super) fn refused(code: &str, message: &str) -> String {
    format!(
        "<ErrorResponse><Error><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"
    )
}

/// The stack `vision` with these fields.
pub(super) fn stack(status: &str, fields: &str) -> String {
    result(
        "DescribeStacks",
        &format!(
            "<Stacks><member><StackName>vision</StackName><StackId>{STACK_ID}</StackId><CreationTime>2026-11-21T00:00:00Z</CreationTime><StackStatus>{status}</StackStatus>{fields}</member></Stacks>"
        ),
    )
}
