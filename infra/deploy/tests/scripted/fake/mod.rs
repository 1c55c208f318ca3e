//! An AWS that follows a script: each request has to be the one the script expects next, and gets the script's answer.
//! Requests and events end up in one transcript, in the order in which they happened.
#![expect(
    clippy::unwrap_used,
    reason = "a fake that cannot start fails its test"
)]

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use aws_credential_types::Credentials;
use aws_smithy_types::retry::RetryConfig;
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use deploy::{Connection, Error, Event, Polling, Target};

pub(crate) mod answers;

/// What the script says to one request.
#[derive(Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
    pub(crate) headers: Vec<(&'static str, &'static str)>,
}

#[derive(Default)]
struct Shared {
    steps: Mutex<VecDeque<(&'static str, Answer)>>,
    transcript: Mutex<Vec<String>>,
}

pub(crate) struct Fake {
    pub(crate) target: Target,
    shared: Arc<Shared>,
}

impl Fake {
    /// Expects the named requests: a CloudFormation action, or the method and path of an S3 request.
    pub(crate) async fn new(steps: impl IntoIterator<Item = (&'static str, Answer)>) -> Self {
        let shared = Arc::new(Shared {
            steps: Mutex::new(steps.into_iter().collect()),
            ..Shared::default()
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().fallback(answer).with_state(shared.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });

        let target = Target::connect(Connection {
            region: Some("eu-central-1".into()),
            endpoint_url: Some(format!("http://{address}")),
            credentials: Some(Credentials::new("test", "test", None, None, "test")),
        });
        let at_once = Polling {
            first: Duration::ZERO,
            longest: Duration::ZERO,
        };
        // The SDK tries again by itself, after real pauses; the script is about what we do when it has given up.
        let config = target.await.unwrap().config().to_builder();
        let config = config.retry_config(RetryConfig::disabled()).build();
        Self {
            target: Target::from_config(config).unwrap().with_polling(at_once),
            shared,
        }
    }

    /// A listener that writes events into the transcript.
    pub(crate) fn listener(&self) -> impl FnMut(Event) + Send + use<> {
        let shared = self.shared.clone();
        move |event| {
            shared
                .transcript
                .lock()
                .unwrap()
                .push(format!("  {event:?}"));
        }
    }

    /// The transcript with the result. Fails when the script was not followed to its end.
    pub(crate) fn transcript<T: std::fmt::Debug>(&self, result: &Result<T, Error>) -> String {
        let rest: Vec<&str> = self
            .shared
            .steps
            .lock()
            .unwrap()
            .iter()
            .map(|(name, _)| *name)
            .collect();
        let mut lines = self.shared.transcript.lock().unwrap().clone();
        lines.push(match result {
            Ok(value) => format!("=> {value:#?}"),
            Err(error) => format!("=> error: {error}"),
        });
        assert!(
            rest.is_empty(),
            "not asked for: {rest:?}\n{}",
            lines.join("\n")
        );
        lines.join("\n")
    }
}

async fn answer(
    State(shared): State<Arc<Shared>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let form = String::from_utf8_lossy(&body).into_owned();
    let of_cloudformation = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind == "application/x-www-form-urlencoded");
    let (name, details) = if of_cloudformation {
        query_request(&form)
    } else {
        (
            format!("{method} {}", uri.path()),
            storage_details(&uri, &headers) + function_request(&uri, &form),
        )
    };
    shared
        .transcript
        .lock()
        .unwrap()
        .push(format!("{name} {details}").trim_end().to_owned());

    let expected = shared.steps.lock().unwrap().pop_front();
    match expected {
        Some((expected, answer)) if expected == name => answer.into_response(),
        other => {
            let expected = other.map_or("nothing more", |(expected, _)| expected);
            // A client error, which the SDK does not try again.
            answers::error(
                "NotInTheScript",
                &format!("expected {expected}, got {name}"),
            )
            .into_response()
        }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut response = (StatusCode::from_u16(self.status).unwrap(), self.body).into_response();
        for (name, value) in self.headers {
            response.headers_mut().insert(name, value.parse().unwrap());
        }
        response
    }
}

/// The action and the other parameters of a request in the query protocol, long ones by their length.
fn query_request(form: &str) -> (String, String) {
    let mut action = String::new();
    let mut details = Vec::new();
    for pair in form.split('&') {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        match key {
            "Action" => value.clone_into(&mut action),
            "Version" => {}
            "TemplateBody" => details.push(format!("TemplateBody=({} encoded bytes)", value.len())),
            _ => details.push(format!("{key}={}", decoded(value))),
        }
    }
    (action, details.join(" "))
}

/// What Lambda is asked, which is in the body.
fn function_request<'a>(uri: &Uri, body: &'a str) -> &'a str {
    if uri.path().contains("/functions/") {
        body
    } else {
        ""
    }
}

fn storage_details(uri: &Uri, headers: &HeaderMap) -> String {
    let of_interest = ["x-amz-checksum-sha256", "x-amz-expected-bucket-owner"];
    let mut details: Vec<String> = of_interest
        .iter()
        .filter_map(|name| Some(format!("{name}={}", headers.get(*name)?.to_str().ok()?)))
        .collect();
    details.extend(uri.query().map(|query| format!("?{query}")));
    details.join(" ")
}

/// The value as it was, with short words for the ids and the port that differs in every run.
fn decoded(value: &str) -> String {
    let value = value
        .replace("%3A", ":")
        .replace("%2F", "/")
        .replace("%20", " ");
    let value = value
        .replace(answers::STACK_ID, "STACK-ID")
        .replace(answers::CHANGE_SET_ID, "CHANGE-SET-ID");
    match value.split_once("127.0.0.1:") {
        Some((before, after)) => format!(
            "{before}127.0.0.1:PORT{}",
            after.trim_start_matches(|c: char| c.is_ascii_digit())
        ),
        None => value,
    }
}
