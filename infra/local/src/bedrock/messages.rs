//! The Anthropic Messages format, as `InvokeModel` takes and gives it.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value, json};

use super::answer::Answer;
use super::conversation::{Conversation, Part, Picture, Role, Turn};
use super::error::ServiceError;

const VERSION: &str = "bedrock-2023-05-31";
/// Everything the service takes at the top of the body.
const KNOWN: [&str; 13] = [
    "anthropic_version",
    "anthropic_beta",
    "max_tokens",
    "messages",
    "system",
    "temperature",
    "top_p",
    "top_k",
    "stop_sequences",
    "tools",
    "tool_choice",
    "thinking",
    "metadata",
];

/// Parses and validates a request body. Errors name the place as the service does: `messages.0.content.1...`.
pub(super) fn parse(body: &[u8]) -> Result<Conversation, ServiceError> {
    let body: Value = serde_json::from_slice(body).map_err(|_| {
        ServiceError::validation(
            "Malformed input request, please reformat your input and try again.",
        )
    })?;
    conversation(&body).map_err(ServiceError::validation)
}

fn conversation(body: &Value) -> Result<Conversation, String> {
    let body = body
        .as_object()
        .ok_or("Malformed input request, expected type: JSONObject")?;
    if let Some(unknown) = body.keys().find(|key| !KNOWN.contains(&key.as_str())) {
        return Err(format!("{unknown}: Extra inputs are not permitted"));
    }
    match body.get("anthropic_version").map(Value::as_str) {
        None => return Err("anthropic_version: Field required".into()),
        Some(Some(VERSION)) => {}
        Some(_) => return Err(format!("anthropic_version: Input should be '{VERSION}'")),
    }
    let max_tokens = required(body, "max_tokens", "")?
        .as_u64()
        .filter(|tokens| *tokens >= 1)
        .and_then(|tokens| u32::try_from(tokens).ok())
        .ok_or("max_tokens: Input should be greater than or equal to 1")?;
    let temperature = body.get("temperature").map(temperature).transpose()?;
    let turns = required(body, "messages", "")?
        .as_array()
        .ok_or("messages: Input should be a valid list")?
        .iter()
        .enumerate()
        .map(|(index, message)| turn(message, &format!("messages.{index}")))
        .collect::<Result<Vec<_>, _>>()?;
    match turns.first() {
        None => return Err("messages: at least one message is required".into()),
        Some(Turn {
            role: Role::Assistant,
            ..
        }) => return Err("messages: first message must use the \"user\" role".into()),
        Some(_) => {}
    }
    let system = body
        .get("system")
        .map(|system| system_text(system, "system"))
        .transpose()?
        .unwrap_or_default();
    let conversation = Conversation {
        system,
        turns,
        max_tokens,
        temperature,
    };
    conversation.check_many_images()?;
    Ok(conversation)
}

fn required<'a>(
    object: &'a Map<String, Value>,
    name: &str,
    place: &str,
) -> Result<&'a Value, String> {
    let separator = if place.is_empty() { "" } else { "." };
    object
        .get(name)
        .ok_or_else(|| format!("{place}{separator}{name}: Field required"))
}

fn temperature(value: &Value) -> Result<f64, String> {
    value
        .as_f64()
        .filter(|temperature| (0.0..=1.0).contains(temperature))
        .ok_or_else(|| "temperature: range: 0..1".into())
}

fn object<'a>(value: &'a Value, place: &str) -> Result<&'a Map<String, Value>, String> {
    value
        .as_object()
        .ok_or_else(|| format!("{place}: Input should be a valid dictionary"))
}

fn text<'a>(object: &'a Map<String, Value>, name: &str, place: &str) -> Result<&'a str, String> {
    required(object, name, place)?
        .as_str()
        .ok_or_else(|| format!("{place}.{name}: Input should be a valid string"))
}

fn turn(message: &Value, place: &str) -> Result<Turn, String> {
    let message = object(message, place)?;
    let role = Role::parse(text(message, "role", place)?)
        .ok_or_else(|| format!("{place}.role: Input should be 'user' or 'assistant'"))?;
    let place = format!("{place}.content");
    let parts = match required(message, "content", place.trim_end_matches(".content"))? {
        Value::String(text) => vec![Part::Text(text.clone())],
        Value::Array(blocks) => {
            let blocks = blocks.iter().enumerate();
            blocks
                .map(|(index, block)| part(block, &format!("{place}.{index}")))
                .collect::<Result<_, _>>()?
        }
        _ => return Err(format!("{place}: Input should be a valid string or list")),
    };
    if parts.is_empty() {
        return Err(format!("{place}: all messages must have non-empty content"));
    }
    Ok(Turn { role, parts })
}

fn part(block: &Value, place: &str) -> Result<Part, String> {
    let block = object(block, place)?;
    match text(block, "type", place)? {
        "text" => match text(block, "text", place)? {
            "" => Err(format!(
                "{place}.text: text content blocks must be non-empty"
            )),
            said => Ok(Part::Text(said.to_owned())),
        },
        "image" => picture(
            required(block, "source", place)?,
            &format!("{place}.image.source"),
        )
        .map(Part::Picture),
        other => Err(format!(
            "{place}.type: the simulator takes 'text' and 'image' blocks, not '{other}'"
        )),
    }
}

fn picture(source: &Value, place: &str) -> Result<Picture, String> {
    let source = object(source, place)?;
    if text(source, "type", place)? != "base64" {
        return Err(format!("{place}.type: Input should be 'base64'"));
    }
    let media_type = text(source, "media_type", place)?;
    let bytes = BASE64_STANDARD
        .decode(text(source, "data", place)?)
        .map_err(|_| format!("{place}.base64.data: The image is not valid base64"))?;
    Picture::new(media_type, bytes).map_err(|reason| format!("{place}.base64: {reason}"))
}

fn system_text(system: &Value, place: &str) -> Result<String, String> {
    let blocks = match system {
        Value::String(text) => return Ok(text.clone()),
        Value::Array(blocks) => blocks,
        _ => return Err(format!("{place}: Input should be a valid string or list")),
    };
    let texts: Vec<&str> = blocks
        .iter()
        .enumerate()
        .map(|(index, block)| {
            let place = format!("{place}.{index}");
            text(object(block, &place)?, "text", &place)
        })
        .collect::<Result<_, String>>()?;
    Ok(texts.join("\n"))
}

/// The body of a whole answer.
pub(super) fn response(model: &str, id: &str, input_tokens: u32, answer: &Answer) -> Value {
    let content: Vec<Value> = answer
        .text
        .iter()
        .map(|text| json!({ "type": "text", "text": text }))
        .collect();
    message(
        model,
        id,
        &content,
        Some(answer.stop.name()),
        input_tokens,
        answer.output_tokens,
    )
}

fn message(
    model: &str,
    id: &str,
    content: &[Value],
    stop: Option<&str>,
    input_tokens: u32,
    output_tokens: u32,
) -> Value {
    json!({
        "model": model,
        "id": id,
        "type": "message",
        "role": "assistant",
        "content": content,
        "stop_reason": stop,
        "stop_sequence": null,
        "usage": {
            "input_tokens": input_tokens,
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 0,
            "output_tokens": output_tokens,
        },
    })
}

/// The same answer as the events of a stream; each becomes the payload of one `chunk`.
pub(super) fn events(
    model: &str,
    id: &str,
    input_tokens: u32,
    answer: &Answer,
    latency_ms: u64,
) -> Vec<Value> {
    let mut events = vec![json!({
        "type": "message_start",
        "message": message(model, id, &[], None, input_tokens, 1),
    })];
    if answer.text.is_some() {
        events.push(json!({ "type": "content_block_start", "index": 0, "content_block": { "type": "text", "text": "" } }));
        let pieces = answer.pieces().into_iter();
        events.extend(pieces.map(|piece| {
            json!({ "type": "content_block_delta", "index": 0, "delta": { "type": "text_delta", "text": piece } })
        }));
        events.push(json!({ "type": "content_block_stop", "index": 0 }));
    }
    events.push(json!({
        "type": "message_delta",
        "delta": { "stop_reason": answer.stop.name(), "stop_sequence": null },
        "usage": { "output_tokens": answer.output_tokens },
    }));
    events.push(json!({
        "type": "message_stop",
        "amazon-bedrock-invocationMetrics": {
            "inputTokenCount": input_tokens,
            "outputTokenCount": answer.output_tokens,
            "invocationLatency": latency_ms,
            "firstByteLatency": latency_ms,
        },
    }));
    events
}
