//! An account with a deployed batch stack: enough of CloudFormation, S3, Step Functions, DynamoDB and Bedrock for the
//! commands, on a port of this machine.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

pub(super) const BUCKET: &str = "batch-bucket";
const MACHINE: &str = "arn:aws:states:eu-west-1:111122223333:stateMachine:batch-Run";

/// What is in the account.
#[derive(Default)]
pub(super) struct Account {
    /// Objects by key, with the second in which they were written.
    pub(super) objects: BTreeMap<String, (i64, Vec<u8>)>,
    /// Executions by name, as `DescribeExecution` answers them.
    pub(super) executions: BTreeMap<String, Value>,
    /// Rows of the table of jobs.
    pub(super) jobs: Vec<Value>,
    /// Whether the stack is not there.
    pub(super) empty: bool,
    /// What every call to Step Functions is refused with.
    pub(super) refusal: Option<&'static str>,
    /// What the model was asked.
    pub(super) asked: Vec<Value>,
}

impl Account {
    pub(super) fn put(&mut self, key: &str, written: i64, content: impl Into<Vec<u8>>) {
        self.objects
            .insert(key.to_owned(), (written, content.into()));
    }

    pub(super) fn execution(&mut self, name: &str, status: &str, started: i64, more: &Value) {
        let mut execution = json!({
            "executionArn": format!("{}:{name}", MACHINE.replace("stateMachine", "execution")),
            "stateMachineArn": MACHINE, "name": name, "status": status, "startDate": started,
        });
        if status != "RUNNING" {
            execution["stopDate"] = json!(started + 60);
        }
        let fields = execution.as_object_mut().unwrap();
        fields.extend(more.as_object().unwrap().clone());
        self.executions.insert(name.to_owned(), execution);
    }
}

/// The account, served until the value is dropped.
pub(super) struct Fake {
    account: Arc<Mutex<Account>>,
    address: String,
    _runtime: tokio::runtime::Runtime,
}

impl Fake {
    pub(super) fn new() -> Self {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let account = Arc::new(Mutex::new(Account::default()));
        let router = Router::new()
            .fallback(answer)
            .layer(DefaultBodyLimit::disable())
            .with_state(Arc::clone(&account));
        let listener = runtime
            .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
            .unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        runtime.spawn(async move { axum::serve(listener, router).await });
        Self {
            account,
            address,
            _runtime: runtime,
        }
    }

    pub(super) fn account(&self) -> MutexGuard<'_, Account> {
        self.account.lock().unwrap()
    }

    /// Runs `infra batch` against the account, in a folder.
    pub(super) fn batch(&self, folder: &Path, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_infra"))
            .arg("batch")
            .args(arguments)
            .args(["--endpoint-url", &self.address, "--region", "eu-west-1"])
            .current_dir(folder)
            .env_clear()
            .envs([
                ("NO_COLOR", "1"),
                ("AWS_ACCESS_KEY_ID", "test"),
                ("AWS_SECRET_ACCESS_KEY", "test"),
            ])
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }
}

async fn answer(
    State(account): State<Arc<Mutex<Account>>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut account = account.lock().unwrap();
    let of = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some((_, operation)) = of("x-amz-target").and_then(|target| target.rsplit_once('.')) {
        let request = serde_json::from_slice(&body).unwrap();
        return operate(&mut account, operation, &request);
    }
    if of("content-type").is_some_and(|kind| kind.starts_with("application/x-www-form")) {
        return stack(&account);
    }
    if uri.path().starts_with("/model/") {
        return model(&mut account, &body);
    }
    let key = uri
        .path()
        .strip_prefix(&format!("/{BUCKET}"))
        .map(|key| key.trim_start_matches('/').to_owned());
    let Some(key) = key else {
        return refused(
            StatusCode::NOT_FOUND,
            "<Error><Code>NoSuchBucket</Code></Error>",
        );
    };
    match method {
        Method::PUT => {
            account.put(&key, 2_000, plain(&headers, &body));
            ([(header::ETAG, "\"new\"")], "").into_response()
        }
        _ if key.is_empty() => listing(&account, uri.query().unwrap_or_default()),
        _ => object(&account, &key, of("range")),
    }
}

/// The content of an upload, which the SDK may send in chunks with a checksum behind.
fn plain(headers: &HeaderMap, body: &Bytes) -> Vec<u8> {
    if !headers.contains_key("x-amz-decoded-content-length") {
        return body.to_vec();
    }
    let (mut content, mut rest) = (Vec::new(), &body[..]);
    while let Some(line) = rest.windows(2).position(|pair| pair == b"\r\n") {
        let size = std::str::from_utf8(&rest[..line]).unwrap();
        let size = usize::from_str_radix(size.split(';').next().unwrap(), 16).unwrap();
        if size == 0 {
            break;
        }
        content.extend(&rest[line + 2..line + 2 + size]);
        rest = &rest[line + 4 + size..];
    }
    content
}

fn stack(account: &Account) -> Response {
    if account.empty {
        let error = "<ErrorResponse><Error><Code>ValidationError</Code><Message>Stack with id batch does not exist</Message></Error></ErrorResponse>";
        return refused(StatusCode::BAD_REQUEST, error);
    }
    let outputs = [
        ("Bucket", BUCKET),
        ("Machine", MACHINE),
        ("JobTable", "jobs"),
    ];
    let mut members = String::new();
    for (key, value) in outputs {
        members += "<member><OutputKey>";
        members += key;
        members += "</OutputKey><OutputValue>";
        members += value;
        members += "</OutputValue></member>";
    }
    format!("<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>batch</StackName><CreationTime>2026-11-21T00:00:00Z</CreationTime><StackStatus>CREATE_COMPLETE</StackStatus><Outputs>{members}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>").into_response()
}

fn operate(account: &mut Account, operation: &str, request: &Value) -> Response {
    if let Some(code) = account.refusal {
        return failed(code, "not allowed");
    }
    let name = |field: &str| {
        let text = request[field].as_str().unwrap_or_default();
        text.rsplit(':').next().unwrap_or_default().to_owned()
    };
    match operation {
        "DescribeExecution" => match account.executions.get(&name("executionArn")) {
            Some(execution) => execution.to_string().into_response(),
            None => failed("ExecutionDoesNotExist", "no such execution"),
        },
        "ListExecutions" => {
            let executions: Vec<_> = account.executions.values().collect();
            json!({ "executions": executions })
                .to_string()
                .into_response()
        }
        "StartExecution" => {
            let name = name("name");
            account.execution(
                &name,
                "RUNNING",
                2_000,
                &json!({ "input": request["input"] }),
            );
            let arn = &account.executions[&name]["executionArn"];
            json!({ "executionArn": arn, "startDate": 2_000 })
                .to_string()
                .into_response()
        }
        "StopExecution" => {
            let execution = account.executions.get_mut(&name("executionArn")).unwrap();
            execution["status"] = json!("ABORTED");
            execution["cause"] = request["cause"].clone();
            json!({ "stopDate": 2_001 }).to_string().into_response()
        }
        "Query" => json!({ "Items": account.jobs, "Count": account.jobs.len() })
            .to_string()
            .into_response(),
        other => failed("UnknownOperationException", other),
    }
}

fn model(account: &mut Account, body: &Bytes) -> Response {
    account.asked.push(serde_json::from_slice(body).unwrap());
    json!({
        "content": [{ "type": "text", "text": "Why\u{1b}[31m not?" }],
        "stop_reason": "end_turn", "usage": { "input_tokens": 20, "output_tokens": 10 }
    })
    .to_string()
    .into_response()
}

fn listing(account: &Account, query: &str) -> Response {
    let of = |name: &str| {
        let pair = query
            .split('&')
            .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        pair.unwrap_or_default().replace("%2F", "/")
    };
    let (prefix, delimiter) = (of("prefix"), of("delimiter"));
    let mut entries = String::new();
    let mut folders = std::collections::BTreeSet::new();
    for (key, (written, content)) in &account.objects {
        let Some(rest) = key.strip_prefix(&prefix) else {
            continue;
        };
        if let Some((folder, _)) = rest.split_once('/').filter(|_| !delimiter.is_empty()) {
            folders.insert(format!("{prefix}{folder}/"));
            continue;
        }
        let (minutes, seconds) = (written / 60, written % 60);
        let entry = format!(
            "<Contents><Key>{key}</Key><Size>{}</Size><ETag>\"{written}\"</ETag><LastModified>1970-01-01T00:{minutes:02}:{seconds:02}Z</LastModified></Contents>",
            content.len()
        );
        entries += &entry;
    }
    for folder in folders {
        entries += &[
            "<CommonPrefixes><Prefix>",
            &folder,
            "</Prefix></CommonPrefixes>",
        ]
        .concat();
    }
    format!("<ListBucketResult><IsTruncated>false</IsTruncated>{entries}</ListBucketResult>")
        .into_response()
}

fn object(account: &Account, key: &str, range: Option<&str>) -> Response {
    let Some((written, content)) = account.objects.get(key) else {
        return refused(
            StatusCode::NOT_FOUND,
            "<Error><Code>NoSuchKey</Code></Error>",
        );
    };
    let etag = [(header::ETAG, format!("\"{written}\""))];
    let Some(range) = range.and_then(|range| range.strip_prefix("bytes=")?.split_once('-')) else {
        return (etag, content.clone()).into_response();
    };
    let (start, end): (usize, usize) = (range.0.parse().unwrap(), range.1.parse().unwrap());
    let part = content[start..content.len().min(end + 1)].to_vec();
    (StatusCode::PARTIAL_CONTENT, etag, part).into_response()
}

fn failed(code: &str, message: &str) -> Response {
    let body = json!({ "__type": code, "message": message }).to_string();
    (
        StatusCode::BAD_REQUEST,
        [("x-amzn-errortype", code.to_owned())],
        body,
    )
        .into_response()
}

fn refused(status: StatusCode, body: &str) -> Response {
    (status, body.to_owned()).into_response()
}
