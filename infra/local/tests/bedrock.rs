//! The simulator as the real SDK sees it: answers, errors, streams, Converse, faults.

#![expect(
    clippy::expect_used,
    reason = "a test stops where its preparation fails"
)]

mod common;

use aws_sdk_bedrockruntime::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_bedrockruntime::operation::invoke_model::InvokeModelError;
use aws_sdk_bedrockruntime::primitives::Blob;
use aws_sdk_bedrockruntime::types::{
    ContentBlock, ConversationRole, ConverseStreamOutput, ImageBlock, ImageFormat, ImageSource,
    Message, ResponseStream, StopReason,
};
use common::{MODEL, PROMPT, blob, client, prepared, request, said};
use local::bedrock::{Config, ErrorCode, Scenario, Simulator};
use local::covers;
use serde_json::{Value, json};

async fn simulator(scenario: Value) -> Simulator {
    let scenario: Scenario = serde_json::from_value(scenario).expect("a scenario");
    Simulator::start(Config {
        scenario,
        upstream: None,
    })
    .await
    .expect("the simulator starts")
}

/// A prepared cover and its ISBN.
fn a_cover() -> (Vec<u8>, &'static str) {
    let cover = covers::cover(0);
    (
        prepared(&cover.bytes),
        cover.isbn.expect("the first cover has a barcode"),
    )
}

fn without_image(prompt: &str) -> Value {
    json!({ "anthropic_version": "bedrock-2023-05-31", "max_tokens": 1024, "messages": [{ "role": "user", "content": prompt }] })
}

async fn invoke(simulator: &Simulator, body: &Value) -> Result<Vec<u8>, InvokeModelError> {
    let sent = client(simulator.endpoint(), "AKIAEXAMPLE")
        .invoke_model()
        .model_id(MODEL)
        .body(blob(body))
        .send()
        .await;
    sent.map(|answer| answer.body.into_inner())
        .map_err(SdkError::into_service_error)
}

#[tokio::test]
async fn an_answer_has_the_shape_and_the_token_counts_of_the_service() {
    let simulator = simulator(json!({})).await;
    let (jpeg, isbn) = a_cover();
    let body = request(&jpeg, PROMPT);
    let answer: Value =
        serde_json::from_slice(&invoke(&simulator, &body).await.expect("an answer")).expect("JSON");
    assert_eq!(answer["type"], "message");
    assert_eq!(answer["role"], "assistant");
    assert_eq!(answer["model"], "claude-haiku-4-5-20251001-v1:0");
    assert_eq!(answer["stop_reason"], "end_turn");
    assert!(
        answer["id"]
            .as_str()
            .is_some_and(|id| id.starts_with("msg_bdrk_"))
    );
    // 683 x 1024 pixels at 750 to a token, and the prompt at 4 characters to a token.
    let expected = 933 + PROMPT.chars().count() as u64 / 4;
    let counted = answer["usage"]["input_tokens"].as_u64().expect("a count");
    assert!(
        counted.abs_diff(expected) <= 2,
        "{counted} is not about {expected}"
    );
    assert!(
        answer["content"][0]["text"]
            .as_str()
            .is_some_and(|text| text.contains(isbn))
    );

    let [record] = &simulator.requests()[..] else {
        panic!("one request")
    };
    assert_eq!(
        (record.number, record.status, record.operation.as_str()),
        (1, 200, "invoke")
    );
    assert_eq!(
        (record.model_id.as_str(), record.access_key_id.as_str()),
        (MODEL, "AKIAEXAMPLE")
    );
    simulator.stop().await;
}

#[tokio::test]
async fn an_arn_names_the_same_model() {
    let simulator = simulator(json!({})).await;
    let arn = format!("arn:aws:bedrock:eu-west-1:000000000000:inference-profile/{MODEL}");
    let body = blob(&without_image("Give \"title\": ..."));
    client(simulator.endpoint(), "test")
        .invoke_model()
        .model_id(&arn)
        .body(body)
        .send()
        .await
        .expect("an answer");
    assert_eq!(simulator.requests()[0].model_id, arn);
}

#[tokio::test]
async fn another_use_case_gets_its_own_fields_blank() {
    let simulator = simulator(json!({})).await;
    let prompt = r#"Read the invoice. {"properties":{"supplier":{"type":"string"},"total":{"type":["number","null"]}}}"#;
    let (jpeg, _) = a_cover();
    let answer = invoke(&simulator, &request(&jpeg, prompt))
        .await
        .expect("an answer");
    let fields: Value = serde_json::from_str(&said(&answer)).expect("JSON");
    assert_eq!(fields, json!({ "supplier": "", "total": null }));
}

#[tokio::test]
async fn invalid_requests_are_named_as_the_service_names_them() {
    let simulator = simulator(json!({})).await;
    let (jpeg, _) = a_cover();
    let change = |pointer: &str, value: Value| {
        let mut body = request(&jpeg, PROMPT);
        *body.pointer_mut(pointer).expect("the place exists") = value;
        body
    };
    let cases = [
        (
            change("/anthropic_version", json!("2023-06-01")),
            "anthropic_version: Input should be 'bedrock-2023-05-31'",
        ),
        (
            change("/max_tokens", json!(0)),
            "max_tokens: Input should be greater than or equal to 1",
        ),
        (
            change("/messages", json!([])),
            "messages: at least one message is required",
        ),
        (
            change("/messages/0/role", json!("system")),
            "messages.0.role: Input should be 'user' or 'assistant'",
        ),
        (
            change(
                "/messages/0/content/0/source/media_type",
                json!("image/bmp"),
            ),
            "messages.0.content.0.image.source.base64: Input should be 'image/jpeg', 'image/png', 'image/gif' or 'image/webp'",
        ),
        (
            change(
                "/messages/0/content/0/source/media_type",
                json!("image/png"),
            ),
            "messages.0.content.0.image.source.base64: Image does not match the provided media type image/png",
        ),
        (
            change("/messages/0/content/0/source/data", json!("%%%")),
            "messages.0.content.0.image.source.base64.data: The image is not valid base64",
        ),
        (
            json!({ "anthropic_version": "bedrock-2023-05-31", "messages": [], "model": "x" }),
            "model: Extra inputs are not permitted",
        ),
        (
            json!({ "anthropic_version": "bedrock-2023-05-31", "messages": [] }),
            "max_tokens: Field required",
        ),
    ];
    for (body, message) in cases {
        match invoke(&simulator, &body).await {
            Err(InvokeModelError::ValidationException(error)) => {
                assert_eq!(error.message(), Some(message));
            }
            other => panic!("{message}: {other:?}"),
        }
    }
    let bare = client(simulator.endpoint(), "test")
        .invoke_model()
        .model_id("anthropic.claude-haiku-4-5-20251001-v1:0")
        .body(blob(&without_image("x")))
        .send()
        .await
        .expect_err("a profile is needed");
    assert!(
        bare.into_service_error()
            .message()
            .is_some_and(|message| message.contains("inference profile"))
    );
}

#[tokio::test]
async fn every_error_of_the_service_reaches_the_caller_by_its_type() {
    let (jpeg, _) = a_cover();
    let body = request(&jpeg, PROMPT);
    let codes = [
        (ErrorCode::AccessDeniedException, 403),
        (ErrorCode::ResourceNotFoundException, 404),
        (ErrorCode::ModelTimeoutException, 408),
        (ErrorCode::ModelErrorException, 424),
        (ErrorCode::ThrottlingException, 429),
        (ErrorCode::ModelNotReadyException, 429),
        (ErrorCode::InternalServerException, 500),
        (ErrorCode::ServiceUnavailableException, 503),
    ];
    for (code, status) in codes {
        let rule =
            json!({ "then": { "fault": "error", "code": code.name(), "message": "as told" } });
        let simulator = simulator(json!({ "rules": [rule] })).await;
        let error = invoke(&simulator, &body)
            .await
            .expect_err("the fault is injected");
        assert_eq!(
            (error.code(), error.message()),
            (Some(code.name()), Some("as told"))
        );
        let known = format!("{error:?}");
        assert!(
            known.starts_with(code.name().trim_end_matches("Exception")),
            "the SDK knows {code:?}: {known}"
        );
        assert_eq!(simulator.requests()[0].status, status);
    }
}

#[tokio::test]
async fn the_quota_refuses_with_throttling() {
    let simulator =
        simulator(json!({ "throttle": { "requests_per_minute": 1, "burst": 2 } })).await;
    let body = without_image("Give \"title\": ...");
    for _ in 0..2 {
        invoke(&simulator, &body).await.expect("within the burst");
    }
    let error = invoke(&simulator, &body)
        .await
        .expect_err("above the burst");
    assert!(
        matches!(error, InvokeModelError::ThrottlingException(_)),
        "{error:?}"
    );
    let statuses: Vec<u16> = simulator
        .requests()
        .iter()
        .map(|request| request.status)
        .collect();
    assert_eq!(statuses, [200, 200, 429]);
}

#[tokio::test]
async fn faults_follow_their_rules_and_nothing_else() {
    let (jpeg, isbn) = a_cover();
    let simulator = simulator(json!({ "rules": [
        { "when": { "isbn": isbn }, "times": 1, "then": { "fault": "malformed" } },
        { "when": { "isbn": isbn, "every": 2 }, "then": { "fault": "markdown" } },
        { "when": { "prompt_contains": "poem" }, "then": { "fault": "refused" } },
        { "when": { "prompt_contains": "essay" }, "then": { "fault": "max_tokens" } },
        { "when": { "prompt_contains": "silence" }, "then": { "fault": "empty" } },
        { "when": { "model_contains": "opus" }, "then": { "fault": "text", "text": "42" } },
    ]}))
    .await;
    let parses = |text: &str| serde_json::from_str::<Value>(text).is_ok();
    let cover = request(&jpeg, PROMPT);
    let mut texts = Vec::new();
    for _ in 0..5 {
        texts.push(said(&invoke(&simulator, &cover).await.expect("an answer")));
    }
    assert!(!parses(&texts[0]), "once malformed: {}", texts[0]);
    // The first request went to the first rule, so the second rule counts from the next one on.
    let fenced: Vec<bool> = texts[1..]
        .iter()
        .map(|text| text.contains("```json"))
        .collect();
    assert_eq!(fenced, [false, true, false, true]);

    let answer = |body: Value| {
        let simulator = &simulator;
        async move {
            serde_json::from_slice::<Value>(&invoke(simulator, &body).await.expect("an answer"))
                .expect("JSON")
        }
    };
    assert_eq!(
        answer(without_image("a poem")).await["stop_reason"],
        "refusal"
    );
    assert_eq!(
        answer(without_image("an essay with \"title\": ..")).await["stop_reason"],
        "max_tokens"
    );
    assert_eq!(answer(without_image("silence")).await["content"], json!([]));
}

#[tokio::test]
async fn a_tight_limit_cuts_the_answer() {
    let simulator = simulator(json!({})).await;
    let (jpeg, _) = a_cover();
    let mut body = request(&jpeg, PROMPT);
    body["max_tokens"] = json!(5);
    let answer: Value =
        serde_json::from_slice(&invoke(&simulator, &body).await.expect("an answer")).expect("JSON");
    assert_eq!(
        (&answer["stop_reason"], &answer["usage"]["output_tokens"]),
        (&json!("max_tokens"), &json!(5))
    );
}

/// The text of a streamed invocation, and whether it ended well.
async fn streamed(simulator: &Simulator, body: &Value) -> (String, bool) {
    let client = client(simulator.endpoint(), "test");
    let mut answer = client
        .invoke_model_with_response_stream()
        .model_id(MODEL)
        .body(blob(body))
        .send()
        .await
        .expect("a stream");
    let mut text = String::new();
    let mut stopped = false;
    loop {
        match answer.body.recv().await {
            Ok(Some(ResponseStream::Chunk(chunk))) => {
                let bytes = chunk
                    .bytes
                    .map(Blob::into_inner)
                    .expect("a chunk has bytes");
                let event: Value = serde_json::from_slice(&bytes).expect("an event is JSON");
                text += event["delta"]["text"].as_str().unwrap_or_default();
                stopped |= event["type"] == "message_stop";
            }
            Ok(Some(other)) => panic!("{other:?}"),
            Ok(None) => return (text, stopped),
            Err(_) => return (text, false),
        }
    }
}

#[tokio::test]
async fn a_stream_carries_the_same_answer_and_can_break() {
    let (jpeg, isbn) = a_cover();
    let body = request(&jpeg, PROMPT);
    let simulator = simulator(
        json!({ "rules": [{ "when": { "every": 2 }, "then": { "fault": "truncated" } }] }),
    )
    .await;
    let (text, ended_well) = streamed(&simulator, &body).await;
    assert!(ended_well);
    let fields: Value = serde_json::from_str(&text).expect("the pieces make the whole");
    assert_eq!(fields["isbn"], isbn);
    let (text, ended_well) = streamed(&simulator, &body).await;
    assert!(
        !ended_well && serde_json::from_str::<Value>(&text).is_err(),
        "{text}"
    );
}

#[tokio::test]
async fn a_plain_answer_can_break_too() {
    let simulator = simulator(json!({ "rules": [{ "then": { "fault": "truncated" } }] })).await;
    let error = client(simulator.endpoint(), "test")
        .invoke_model()
        .model_id(MODEL)
        .body(blob(&without_image("Give \"title\": ...")))
        .send()
        .await
        .expect_err("half an answer is none");
    assert!(
        matches!(
            error,
            SdkError::ResponseError(_) | SdkError::DispatchFailure(_)
        ),
        "{error:?}"
    );
}

#[tokio::test]
async fn converse_takes_any_model_and_streams() {
    let simulator = simulator(json!({})).await;
    let client = client(simulator.endpoint(), "test");
    let (jpeg, isbn) = a_cover();
    let image = ImageBlock::builder()
        .format(ImageFormat::Jpeg)
        .source(ImageSource::Bytes(Blob::new(jpeg)))
        .build()
        .expect("an image");
    let message = Message::builder()
        .role(ConversationRole::User)
        .content(ContentBlock::Image(image))
        .content(ContentBlock::Text(PROMPT.into()))
        .build()
        .expect("a message");
    let answer = client
        .converse()
        .model_id("amazon.nova-lite-v1:0")
        .messages(message.clone())
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.stop_reason(), &StopReason::EndTurn);
    let output = answer
        .output()
        .and_then(|output| output.as_message().ok())
        .expect("a message");
    let text = output.content()[0].as_text().expect("a text block");
    assert!(text.contains(isbn));
    assert_eq!(
        answer.usage().expect("usage").total_tokens(),
        answer.usage().expect("usage").input_tokens()
            + answer.usage().expect("usage").output_tokens()
    );

    let mut stream = client
        .converse_stream()
        .model_id("amazon.nova-lite-v1:0")
        .messages(message)
        .send()
        .await
        .expect("a stream")
        .stream;
    let mut pieces = String::new();
    while let Some(event) = stream.recv().await.expect("a whole stream") {
        if let ConverseStreamOutput::ContentBlockDelta(delta) = event {
            pieces += delta
                .delta()
                .and_then(|delta| delta.as_text().ok())
                .expect("a text delta");
        }
    }
    assert_eq!(&pieces, text);
}
