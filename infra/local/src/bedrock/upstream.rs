//! Forwards to a server that speaks the `OpenAI` chat protocol, and translates both ways.

use std::time::Duration;

use axum::body::Bytes;
use axum::http::{Request, StatusCode, Uri, header};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http_body_util::Full;
use serde::Deserialize;
use serde_json::{Value, json};

use super::ErrorCode;
use super::answer::{Answer, StopReason};
use super::conversation::{Conversation, Part, Turn};
use super::error::ServiceError;
use crate::http::{HttpError, HttpsClient};

/// A small local model on a laptop needs a minute for an image.
const TIMEOUT: Duration = Duration::from_mins(4);

/// A model server: Ollama, LM Studio, llama.cpp, vLLM, or a hosted one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upstream {
    /// Its base URL, without `/v1/chat/completions`: `http://127.0.0.1:11434`.
    pub url: String,
    /// The model to ask it for; the id that the client gave when there is none.
    pub model: Option<String>,
    /// Sent as a bearer token.
    pub api_key: Option<String>,
}

/// An upstream with its connections.
#[derive(Debug)]
pub(super) struct Forwarder {
    upstream: Upstream,
    uri: Uri,
    client: HttpsClient,
}

#[derive(Deserialize)]
struct Completion {
    choices: Vec<Choice>,
    usage: Option<Usage>,
}

#[derive(Deserialize)]
struct Choice {
    message: Message,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Message {
    content: Option<String>,
}

#[derive(Deserialize)]
struct Usage {
    prompt_tokens: u32,
    completion_tokens: u32,
}

impl Forwarder {
    /// Fails on a URL that is none, and without root certificates.
    pub(super) fn new(upstream: Upstream) -> Result<Self, std::io::Error> {
        let base = upstream.url.trim_end_matches('/').trim_end_matches("/v1");
        let uri = format!("{base}/v1/chat/completions").parse::<Uri>().ok();
        let uri = uri
            .filter(|uri| matches!(uri.scheme_str(), Some("http" | "https")))
            .ok_or_else(|| {
                let reason = format!(
                    "the upstream must be an http:// or https:// URL, not `{}`",
                    upstream.url
                );
                std::io::Error::new(std::io::ErrorKind::InvalidInput, reason)
            })?;
        Ok(Self {
            upstream,
            uri,
            client: HttpsClient::with_native_roots()?,
        })
    }

    /// Asks the upstream, and answers in its words.
    pub(super) async fn answer(
        &self,
        model: &str,
        conversation: &Conversation,
    ) -> Result<Answer, ServiceError> {
        let body = json!({
            "model": self.upstream.model.as_deref().unwrap_or(model),
            "messages": messages(conversation),
            "max_tokens": conversation.max_tokens,
            "temperature": conversation.temperature,
            "stream": false,
        });
        let mut request =
            Request::post(self.uri.clone()).header(header::CONTENT_TYPE, "application/json");
        if let Some(key) = &self.upstream.api_key {
            request = request.header(header::AUTHORIZATION, format!("Bearer {key}"));
        }
        let request = request
            .body(Full::new(Bytes::from(body.to_string())))
            .map_err(|error| {
                ServiceError::new(ErrorCode::InternalServerException, error.to_string())
            })?;
        match self.client.send(request, TIMEOUT).await {
            Ok((status, body)) if status.is_success() => understood(&body),
            Ok((status, body)) => Err(refused(status, &body)),
            Err(error @ HttpError::Timeout(_)) => Err(ServiceError::new(
                ErrorCode::ModelTimeoutException,
                format!("the upstream gave {error}"),
            )),
            Err(HttpError::Transport(reason)) => Err(ServiceError::new(
                ErrorCode::ServiceUnavailableException,
                format!(
                    "the upstream {} cannot be reached, start it or correct --upstream: {reason}",
                    self.upstream.url
                ),
            )),
        }
    }
}

fn messages(conversation: &Conversation) -> Vec<Value> {
    let system = Some(&conversation.system).filter(|system| !system.is_empty());
    let system = system.map(|system| json!({ "role": "system", "content": system }));
    system
        .into_iter()
        .chain(conversation.turns.iter().map(message))
        .collect()
}

fn message(turn: &Turn) -> Value {
    let parts: Vec<Value> = turn
        .parts
        .iter()
        .map(|part| match part {
            Part::Text(text) => json!({ "type": "text", "text": text }),
            Part::Picture(picture) => {
                let url = format!(
                    "data:{};base64,{}",
                    picture.media_type,
                    BASE64_STANDARD.encode(&picture.bytes)
                );
                json!({ "type": "image_url", "image_url": { "url": url } })
            }
        })
        .collect();
    json!({ "role": turn.role.name(), "content": parts })
}

fn understood(body: &[u8]) -> Result<Answer, ServiceError> {
    let odd = |reason: String| {
        ServiceError::new(
            ErrorCode::ModelErrorException,
            format!("the upstream's answer is not a chat completion: {reason}"),
        )
    };
    let completion: Completion =
        serde_json::from_slice(body).map_err(|error| odd(error.to_string()))?;
    let choice = completion
        .choices
        .into_iter()
        .next()
        .ok_or_else(|| odd("it has no choices".into()))?;
    let text = choice.message.content.filter(|text| !text.is_empty());
    let stop = match choice.finish_reason.as_deref() {
        Some("length") => StopReason::MaxTokens,
        Some("content_filter") => StopReason::Refusal,
        _ => StopReason::EndTurn,
    };
    let estimate = super::conversation::text_tokens(text.as_deref().unwrap_or_default());
    let output_tokens = completion
        .usage
        .as_ref()
        .map_or(estimate, |usage| usage.completion_tokens);
    Ok(Answer {
        text,
        stop,
        output_tokens,
        input_tokens: completion.usage.map(|usage| usage.prompt_tokens),
    })
}

fn refused(status: StatusCode, body: &[u8]) -> ServiceError {
    let code = match status.as_u16() {
        401 | 403 => ErrorCode::AccessDeniedException,
        404 => ErrorCode::ResourceNotFoundException,
        408 | 504 => ErrorCode::ModelTimeoutException,
        429 => ErrorCode::ThrottlingException,
        400..=499 => ErrorCode::ValidationException,
        502 | 503 => ErrorCode::ServiceUnavailableException,
        _ => ErrorCode::ModelErrorException,
    };
    let parsed: Value = serde_json::from_slice(body).unwrap_or_default();
    let said = [
        &parsed["error"]["message"],
        &parsed["error"],
        &parsed["message"],
    ]
    .into_iter()
    .find_map(Value::as_str);
    let said = said.map_or_else(
        || String::from_utf8_lossy(body).chars().take(300).collect(),
        str::to_owned,
    );
    ServiceError::new(code, format!("the upstream answered {status}: {said}"))
}
