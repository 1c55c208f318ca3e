//! What is sent to the model: the Anthropic Messages format of the Bedrock runtime.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

/// Version of the format.
pub const VERSION: &str = "bedrock-2023-05-31";
/// Most tokens of an answer. Newer models count it against the quota when a request is admitted, so it is not generous.
pub const MAX_TOKENS: u32 = 1024;

#[derive(Serialize)]
struct Request<'a> {
    anthropic_version: &'static str,
    max_tokens: u32,
    messages: [Message<'a>; 1],
}

#[derive(Serialize)]
struct Message<'a> {
    role: &'static str,
    /// The image first: models read better when they see what a question is about.
    content: [Content<'a>; 2],
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Content<'a> {
    Image { source: Source },
    Text { text: &'a str },
}

#[derive(Serialize)]
struct Source {
    #[serde(rename = "type")]
    kind: &'static str,
    media_type: &'static str,
    data: String,
}

/// The body of the request for a JPEG and a prompt.
///
/// # Errors
/// None in practice: text and numbers always serialize.
pub fn body(jpeg: &[u8], prompt: &str) -> serde_json::Result<Vec<u8>> {
    serde_json::to_vec(&Request {
        anthropic_version: VERSION,
        max_tokens: MAX_TOKENS,
        messages: [Message {
            role: "user",
            content: [
                Content::Image {
                    source: Source {
                        kind: "base64",
                        media_type: "image/jpeg",
                        data: STANDARD.encode(jpeg),
                    },
                },
                Content::Text { text: prompt },
            ],
        }],
    })
}
