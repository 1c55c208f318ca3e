//! The simulator in front of a model server that speaks the `OpenAI` chat protocol.

#![expect(
    clippy::expect_used,
    reason = "a test stops where its preparation fails"
)]

mod common;

use std::sync::{Arc, Mutex};

use aws_sdk_bedrockruntime::error::{ProvideErrorMetadata, SdkError};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use axum::{Json, Router};
use common::{MODEL, blob, client, prepared, request};
use local::bedrock::{Config, Scenario, Simulator, Upstream};
use local::covers;
use serde_json::{Value, json};

/// What the fake server answers, and what it was asked.
struct Fake {
    answer: (StatusCode, Value),
    asked: Mutex<Vec<(HeaderMap, Value)>>,
}

async fn complete(
    State(fake): State<Arc<Fake>>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> (StatusCode, Json<Value>) {
    fake.asked
        .lock()
        .expect("no panic before")
        .push((headers, body));
    (fake.answer.0, Json(fake.answer.1.clone()))
}

/// A server in front of which a simulator stands.
async fn pair(status: StatusCode, answer: Value) -> (Arc<Fake>, Simulator) {
    let fake = Arc::new(Fake {
        answer: (status, answer),
        asked: Mutex::default(),
    });
    let router = Router::new()
        .route("/v1/chat/completions", post(complete))
        .with_state(Arc::clone(&fake));
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
        .await
        .expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (fake, in_front_of(&url).await)
}

async fn in_front_of(url: &str) -> Simulator {
    let upstream = Upstream {
        url: url.into(),
        model: Some("llava".into()),
        api_key: Some("key".into()),
    };
    Simulator::start(Config {
        scenario: Scenario::default(),
        upstream: Some(upstream),
    })
    .await
    .expect("it starts")
}

#[tokio::test]
async fn requests_and_answers_are_translated() {
    let completion = json!({
        "choices": [{ "message": { "role": "assistant", "content": "{\"title\":\"A\"}" }, "finish_reason": "length" }],
        "usage": { "prompt_tokens": 700, "completion_tokens": 9 },
    });
    let (fake, simulator) = pair(StatusCode::OK, completion).await;
    let mut body = request(&prepared(&covers::cover(0).bytes), "What is the title?");
    body["system"] = json!("Be brief.");
    let answer = client(simulator.endpoint(), "test")
        .invoke_model()
        .model_id(MODEL)
        .body(blob(&body))
        .send()
        .await
        .expect("an answer");
    let answer: Value = serde_json::from_slice(answer.body().as_ref()).expect("JSON");
    assert_eq!(
        answer["content"],
        json!([{ "type": "text", "text": "{\"title\":\"A\"}" }])
    );
    assert_eq!(answer["stop_reason"], "max_tokens");
    assert_eq!(
        (
            &answer["usage"]["input_tokens"],
            &answer["usage"]["output_tokens"]
        ),
        (&json!(700), &json!(9))
    );

    let asked = fake.asked.lock().expect("no panic before");
    let (headers, asked) = &asked[0];
    assert_eq!(headers["authorization"], "Bearer key");
    assert_eq!(
        (&asked["model"], &asked["max_tokens"]),
        (&json!("llava"), &json!(1024))
    );
    assert_eq!(
        asked["messages"][0],
        json!({ "role": "system", "content": "Be brief." })
    );
    let parts = &asked["messages"][1]["content"];
    assert!(
        parts[0]["image_url"]["url"]
            .as_str()
            .is_some_and(|url| url.starts_with("data:image/jpeg;base64,/9j/"))
    );
    assert_eq!(
        parts[1],
        json!({ "type": "text", "text": "What is the title?" })
    );
}

#[tokio::test]
async fn its_errors_become_the_services() {
    let cases = [
        (StatusCode::TOO_MANY_REQUESTS, "ThrottlingException"),
        (StatusCode::UNAUTHORIZED, "AccessDeniedException"),
        (StatusCode::NOT_FOUND, "ResourceNotFoundException"),
        (StatusCode::BAD_REQUEST, "ValidationException"),
        (
            StatusCode::SERVICE_UNAVAILABLE,
            "ServiceUnavailableException",
        ),
        (StatusCode::INTERNAL_SERVER_ERROR, "ModelErrorException"),
    ];
    for (status, code) in cases {
        let (_fake, simulator) = pair(status, json!({ "error": { "message": "no luck" } })).await;
        let error = failure(&simulator).await;
        assert_eq!(error.0, code);
        assert!(error.1.ends_with("no luck"), "{}", error.1);
    }
    let (_fake, simulator) = pair(StatusCode::OK, json!({ "choices": [] })).await;
    assert_eq!(failure(&simulator).await.0, "ModelErrorException");
}

#[tokio::test]
async fn an_upstream_that_is_not_there_is_named() {
    let simulator = in_front_of("http://127.0.0.1:9").await;
    let (code, message) = failure(&simulator).await;
    assert_eq!(code, "ServiceUnavailableException");
    assert!(
        message.contains("http://127.0.0.1:9 cannot be reached"),
        "{message}"
    );
    let odd = Upstream {
        url: "ollama".into(),
        model: None,
        api_key: None,
    };
    let refused = Simulator::start(Config {
        scenario: Scenario::default(),
        upstream: Some(odd),
    })
    .await;
    assert!(
        refused
            .expect_err("no URL")
            .to_string()
            .contains("must be an http:// or https:// URL")
    );
}

async fn failure(simulator: &Simulator) -> (String, String) {
    let body = request(&prepared(&covers::cover(0).bytes), "What is the title?");
    let sent = client(simulator.endpoint(), "test")
        .invoke_model()
        .model_id(MODEL)
        .body(blob(&body))
        .send()
        .await;
    let error = sent
        .map_err(SdkError::into_service_error)
        .expect_err("the upstream fails");
    (
        error.code().unwrap_or_default().to_owned(),
        error.message().unwrap_or_default().to_owned(),
    )
}
