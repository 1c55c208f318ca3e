//! An AWS on a port of this machine that answers each request by its name: a CloudFormation action, or the method and path of
//! a request to another service.

use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

pub(crate) const STACK_ID: &str =
    "arn:aws:cloudformation:eu-central-1:111122223333:stack/vision/0001";

/// What an AWS says to a request, by name and body.
type Answers = Box<dyn Fn(&str, &str) -> String + Send + Sync>;

pub(crate) struct Aws {
    answers: Answers,
    asked: Mutex<Vec<String>>,
}

/// As long as it lives, there are answers.
pub(crate) struct Served {
    pub(crate) url: String,
    _runtime: tokio::runtime::Runtime,
}

/// What the binary did, and what it asked.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    /// One line, whatever the width of a terminal.
    pub(crate) stderr: String,
    pub(crate) asked: Vec<String>,
}

impl Aws {
    pub(crate) fn new(answers: impl Fn(&str, &str) -> String + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self {
            answers: Box::new(answers),
            asked: Mutex::default(),
        })
    }

    pub(crate) fn answer(&self, name: &str, body: &str) -> String {
        (self.answers)(name, body)
    }

    /// Answers on a port of its own.
    pub(crate) fn serve(self: &Arc<Self>) -> Served {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let listener = runtime
            .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
            .unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(answer).with_state(self.clone());
        // Parts of packages are larger than what a server takes by itself.
        let router = router.layer(DefaultBodyLimit::disable());
        runtime.spawn(async move { axum::serve(listener, router).await });
        Served {
            url,
            _runtime: runtime,
        }
    }

    /// Runs the binary against it.
    pub(crate) fn run(self: &Arc<Self>, arguments: &[&str]) -> Run {
        let served = self.serve();
        let output = infra(&[arguments, &["--endpoint-url", &served.url]].concat());
        let asked = std::mem::take(&mut *self.asked.lock().unwrap());
        Run {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: one_line(&String::from_utf8(output.stderr).unwrap()),
            asked,
        }
    }
}

/// The binary, with credentials that are none.
pub(crate) fn program(arguments: &[&str]) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_infra"));
    program
        .args(arguments)
        .env("AWS_REGION", "eu-central-1")
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .env_remove("CLICOLOR_FORCE");
    program
}

pub(crate) fn infra(arguments: &[&str]) -> Output {
    program(arguments).output().unwrap()
}

pub(crate) fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

fn one_line(text: &str) -> String {
    let words = text.split_whitespace().filter(|word| *word != "│");
    words.collect::<Vec<_>>().join(" ")
}

async fn answer(
    State(aws): State<Arc<Aws>>,
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
    let answer = aws.answer(&name, &body);
    aws.asked.lock().unwrap().push(name);
    let status = if answer.contains("<ErrorResponse>") {
        StatusCode::BAD_REQUEST
    } else {
        StatusCode::OK
    };
    (status, answer).into_response()
}

/// A result of CloudFormation.
pub(crate) fn result(action: &str, result: &str) -> String {
    format!("<{action}Response><{action}Result>{result}</{action}Result></{action}Response>")
}

pub(crate) fn refused(code: &str, message: &str) -> String {
    format!(
        "<ErrorResponse><Error><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"
    )
}

/// The stack `vision` with these fields.
pub(crate) fn stack(status: &str, fields: &str) -> String {
    result(
        "DescribeStacks",
        &format!(
            "<Stacks><member><StackName>vision</StackName><StackId>{STACK_ID}</StackId><CreationTime>2026-11-21T00:00:00Z</CreationTime><StackStatus>{status}</StackStatus>{fields}</member></Stacks>"
        ),
    )
}
