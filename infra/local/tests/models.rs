//! The models of the simulator, on the runtime and in the list of the control plane.

#![expect(
    clippy::expect_used,
    reason = "a test stops where its preparation fails"
)]

mod common;

use axum::body::Bytes;
use axum::http::Request;
use common::{MODEL, blob, client, said};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use local::bedrock::{Config, Scenario, Simulator};
use serde_json::{Value, json};

async fn invoke(simulator: &Simulator, model: &str, body: &Value) -> Result<Value, String> {
    let answer = client(simulator.endpoint(), "test")
        .invoke_model()
        .model_id(model)
        .body(blob(body))
        .send()
        .await
        .map_err(|error| format!("{:?}", error.into_service_error()))?;
    Ok(serde_json::from_slice(answer.body().as_ref()).expect("JSON"))
}

async fn get(simulator: &Simulator, path: &str) -> (u16, Value) {
    let request = Request::get(format!("{}{path}", simulator.endpoint()))
        .header("authorization", "AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/bedrock/aws4_request, SignedHeaders=host, Signature=0")
        .body(Full::<Bytes>::default())
        .expect("a request");
    let client: Client<_, Full<Bytes>> = Client::builder(TokioExecutor::new()).build_http();
    let response = client.request(request).await.expect("an answer");
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.expect("a body");
    (
        status,
        serde_json::from_slice(&body.to_bytes()).expect("JSON"),
    )
}

#[tokio::test]
async fn a_text_model_says_that_it_is_simulated_and_what_it_was_asked() {
    let simulator = Simulator::start(Config::default())
        .await
        .expect("it starts");
    let claude = |prompt: &str| {
        json!({ "anthropic_version": "bedrock-2023-05-31", "max_tokens": 100,
            "messages": [{ "role": "user", "content": [{ "type": "text", "text": prompt }] }] })
    };
    let mut answers = Vec::new();
    for prompt in ["Tell a joke about\n cats.", "Tell a joke about dogs."] {
        let answer = invoke(&simulator, MODEL, &claude(prompt))
            .await
            .expect("it answers");
        let again = invoke(&simulator, MODEL, &claude(prompt))
            .await
            .expect("it answers");
        assert_eq!(answer["content"], again["content"], "the same every time");
        answers.push(said(answer.to_string().as_bytes()));
    }
    assert!(
        answers[0].starts_with("Simulated answer ")
            && answers[0].ends_with(": Tell a joke about\n cats."),
        "{answers:?}"
    );
    assert_ne!(answers[0][..25], answers[1][..25]);

    let nova = json!({ "messages": [{ "role": "user", "content": [{ "text": "Tell a joke about cats." }] }],
        "inferenceConfig": { "maxTokens": 3 } });
    let answer = invoke(&simulator, "amazon.nova-lite-v1:0", &nova)
        .await
        .expect("it answers");
    assert_eq!(
        answer["output"]["message"]["content"][0]["text"],
        "Simulated an"
    );
    assert_eq!(answer["stopReason"], "max_tokens");
    assert_eq!(answer["usage"]["outputTokens"], 3);
}

#[tokio::test]
async fn embedding_models_answer_in_their_own_shapes() {
    let scenario: Scenario = serde_json::from_value(json!({ "rules": [
        { "when": { "prompt_contains": "cursed" }, "then": { "fault": "error", "code": "ModelErrorException" } }] }))
    .expect("a scenario");
    let config = Config {
        scenario,
        upstream: None,
    };
    let simulator = Simulator::start(config).await.expect("it starts");
    let length = |vector: &Value| vector.as_array().map(Vec::len);

    let titan = json!({ "inputText": "cats", "dimensions": 256 });
    let text = invoke(&simulator, "amazon.titan-embed-text-v2:0", &titan)
        .await
        .expect("it answers");
    assert_eq!(length(&text["embedding"]), Some(256));
    assert_eq!(text["embedding"], text["embeddingsByType"]["float"]);
    let image =
        json!({ "inputImage": "AAAA", "embeddingConfig": { "outputEmbeddingLength": 384 } });
    let image = invoke(&simulator, "amazon.titan-embed-image-v1", &image)
        .await
        .expect("it answers");
    assert_eq!(length(&image["embedding"]), Some(384));
    for body in [
        json!({ "texts": ["cats"], "input_type": "search_document" }),
        json!({ "images": ["data:image/png;base64,AAAA"], "input_type": "image" }),
    ] {
        let cohere = invoke(&simulator, "cohere.embed-multilingual-v3", &body)
            .await
            .expect("it answers");
        assert_eq!(length(&cohere["embeddings"][0]), Some(1024));
    }

    for (body, words) in [
        (json!({ "inputText": "" }), "minLength"),
        (json!({ "text": "cats" }), "Malformed input request"),
        (json!({ "inputText": "cursed" }), "ModelErrorException"),
    ] {
        let error = invoke(&simulator, "amazon.titan-embed-text-v2:0", &body)
            .await
            .expect_err("it is refused");
        assert!(error.contains(words), "{error}");
    }
}

#[tokio::test]
async fn the_list_has_what_can_be_invoked_and_nothing_retired() {
    let simulator = Simulator::start(Config::default())
        .await
        .expect("it starts");
    let (status, all) = get(&simulator, "/foundation-models").await;
    assert_eq!(status, 200);
    let ids = |list: &Value| -> Vec<String> {
        let models = list["modelSummaries"].as_array().expect("a list");
        let ids = models.iter().map(|model| model["modelId"].as_str());
        ids.map(|id| id.expect("an id").to_owned()).collect()
    };
    assert!(ids(&all).contains(&"amazon.titan-embed-text-v2:0".to_owned()));
    assert!(!ids(&all).iter().any(|id| id.contains("claude-3")));
    let (_, cohere) = get(
        &simulator,
        "/foundation-models?byProvider=cohere&byOutputModality=EMBEDDING",
    )
    .await;
    assert!(ids(&cohere).iter().all(|id| id.starts_with("cohere.")) && ids(&cohere).len() > 1);

    let (status, haiku) = get(
        &simulator,
        "/foundation-models/anthropic.claude-haiku-4-5-20251001-v1%3A0",
    )
    .await;
    assert_eq!(status, 200);
    let details = &haiku["modelDetails"];
    assert_eq!(
        details["inferenceTypesSupported"],
        json!(["INFERENCE_PROFILE"])
    );
    assert_eq!(details["modelLifecycle"]["status"], "ACTIVE");
    for (model, words) in [
        (
            "anthropic.claude-3-haiku-20240307-v1%3A0",
            "end of its life",
        ),
        ("nobody.knows", "Could not resolve"),
    ] {
        let (status, error) = get(&simulator, &format!("/foundation-models/{model}")).await;
        assert_eq!(status, 404);
        let message = error["message"].as_str().expect("a message");
        assert!(message.contains(words), "{message}");
    }
}
