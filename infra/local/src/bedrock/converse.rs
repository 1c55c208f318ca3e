//! The Converse format, which is the same for every model.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::{Answer, StopReason};
use super::conversation::{Conversation, Part, Picture, Role, Turn};
use super::error::ServiceError;

/// What the models allow when the caller names no limit.
const DEFAULT_MAX_TOKENS: u32 = 4096;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    messages: Vec<Message>,
    #[serde(default)]
    system: Vec<SystemBlock>,
    #[serde(default)]
    inference_config: InferenceConfig,
}

#[derive(Deserialize)]
struct Message {
    role: String,
    content: Vec<Block>,
}

/// A union: one of the members is there.
#[derive(Deserialize)]
struct Block {
    text: Option<String>,
    image: Option<Image>,
}

#[derive(Deserialize)]
struct Image {
    format: String,
    source: Source,
}

#[derive(Deserialize)]
struct Source {
    bytes: String,
}

#[derive(Deserialize)]
struct SystemBlock {
    #[serde(default)]
    text: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct InferenceConfig {
    max_tokens: Option<u32>,
    temperature: Option<f64>,
}

/// Parses and validates a request body.
pub(super) fn parse(body: &[u8]) -> Result<Conversation, ServiceError> {
    let body: Body = serde_json::from_slice(body)
        .map_err(|error| ServiceError::validation(format!("The request is not valid: {error}")))?;
    conversation(body).map_err(ServiceError::validation)
}

fn conversation(body: Body) -> Result<Conversation, String> {
    let turns = body
        .messages
        .into_iter()
        .enumerate()
        .map(|(index, message)| turn(index, message))
        .collect::<Result<Vec<_>, _>>()?;
    if turns.first().is_none_or(|turn| turn.role != Role::User) {
        return Err("A conversation must start with a user message. Try again with a conversation that starts with a user message.".into());
    }
    let max_tokens = body
        .inference_config
        .max_tokens
        .unwrap_or(DEFAULT_MAX_TOKENS);
    if max_tokens == 0 {
        return Err("The value at inferenceConfig.maxTokens must be at least 1.".into());
    }
    let system: Vec<String> = body.system.into_iter().map(|block| block.text).collect();
    let conversation = Conversation {
        system: system.join("\n"),
        turns,
        max_tokens,
        temperature: body.inference_config.temperature,
    };
    conversation.check_many_images()?;
    Ok(conversation)
}

fn turn(index: usize, message: Message) -> Result<Turn, String> {
    let place = format!("messages.{index}");
    let role = Role::parse(&message.role)
        .ok_or_else(|| format!("The role at {place} must be user or assistant."))?;
    let parts = message
        .content
        .into_iter()
        .map(|block| match block {
            Block {
                text: Some(text), ..
            } => Ok(Part::Text(text)),
            Block {
                image: Some(image), ..
            } => picture(&image).map(Part::Picture),
            _ => Err("the simulator takes text and image blocks only".into()),
        })
        .collect::<Result<Vec<_>, String>>()
        .map_err(|reason| format!("The content at {place} is not valid: {reason}"))?;
    if parts.is_empty() {
        return Err(format!(
            "The content field in the Message object at {place} is empty. Add a ContentBlock object to the content field and try again."
        ));
    }
    Ok(Turn { role, parts })
}

fn picture(image: &Image) -> Result<Picture, String> {
    let bytes = BASE64_STANDARD
        .decode(&image.source.bytes)
        .map_err(|_| "the image is not valid base64")?;
    Picture::new(&format!("image/{}", image.format), bytes)
}

/// The body of a whole answer.
pub(super) fn response(input_tokens: u32, answer: &Answer, latency_ms: u64) -> Value {
    let content: Vec<Value> = answer
        .text
        .iter()
        .map(|text| json!({ "text": text }))
        .collect();
    json!({
        "output": { "message": { "role": "assistant", "content": content } },
        "stopReason": stop_reason(answer.stop),
        "usage": usage(input_tokens, answer),
        "metrics": { "latencyMs": latency_ms },
    })
}

/// The same answer as the events of a stream, with their types.
pub(super) fn events(
    input_tokens: u32,
    answer: &Answer,
    latency_ms: u64,
) -> Vec<(&'static str, Value)> {
    let mut events = vec![("messageStart", json!({ "role": "assistant" }))];
    let pieces = answer.pieces();
    if !pieces.is_empty() {
        let deltas = pieces.into_iter();
        events.extend(deltas.map(|piece| {
            (
                "contentBlockDelta",
                json!({ "contentBlockIndex": 0, "delta": { "text": piece } }),
            )
        }));
        events.push(("contentBlockStop", json!({ "contentBlockIndex": 0 })));
    }
    events.push((
        "messageStop",
        json!({ "stopReason": stop_reason(answer.stop) }),
    ));
    events.push((
        "metadata",
        json!({ "usage": usage(input_tokens, answer), "metrics": { "latencyMs": latency_ms } }),
    ));
    events
}

fn usage(input_tokens: u32, answer: &Answer) -> Value {
    let total = input_tokens.saturating_add(answer.output_tokens);
    json!({ "inputTokens": input_tokens, "outputTokens": answer.output_tokens, "totalTokens": total })
}

/// Converse has no `refusal`: it names what it filtered.
fn stop_reason(stop: StopReason) -> &'static str {
    match stop {
        StopReason::Refusal => "content_filtered",
        other => other.name(),
    }
}
