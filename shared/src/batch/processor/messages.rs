//! Anthropic's Messages format, as Bedrock takes it.

use serde::{Deserialize, Serialize};

use super::{BodyError, Input, Kind, Options, Processor, text_outcome, write};
use crate::batch::outcome::Outcome;

/// Version of the format.
const VERSION: &str = "bedrock-2023-05-31";

/// Claude.
#[derive(Debug)]
pub(super) struct Messages;

#[derive(Serialize)]
struct Body<'a> {
    anthropic_version: &'static str,
    max_tokens: u32,
    messages: [Message<'a>; 1],
}

#[derive(Serialize)]
struct Message<'a> {
    role: &'static str,
    content: Vec<Content<'a>>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Content<'a> {
    Image { source: ImageSource<'a> },
    Text { text: &'a str },
}

#[derive(Serialize)]
struct ImageSource<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    media_type: String,
    data: &'a str,
}

#[derive(Deserialize)]
struct Output {
    content: Vec<Block>,
    stop_reason: Option<String>,
    usage: Option<Usage>,
}

/// A block of any type; only those of type `text` have a text of the answer. Thinking and calls of tools come first.
#[derive(Deserialize)]
struct Block {
    #[serde(rename = "type")]
    kind: String,
    text: Option<String>,
}

#[derive(Deserialize)]
struct Usage {
    input_tokens: Option<u64>,
    output_tokens: Option<u64>,
}

impl Processor for Messages {
    fn family(&self) -> &'static str {
        "Anthropic Messages"
    }

    fn models(&self) -> &'static [&'static str] {
        &["anthropic.claude-"]
    }

    fn kind(&self) -> Kind {
        Kind::Text
    }

    fn write_body(
        &self,
        input: &Input<'_>,
        options: &Options,
        out: &mut Vec<u8>,
    ) -> Result<(), BodyError> {
        let text = input.written_text().ok_or(BodyError::EmptyText)?;
        let image = input.image.map(|image| Content::Image {
            source: ImageSource {
                kind: "base64",
                media_type: format!("image/{}", image.format.as_str()),
                data: image.base64,
            },
        });
        let body = Body {
            anthropic_version: VERSION,
            max_tokens: options.max_tokens,
            messages: [Message {
                role: "user",
                // The image first: models read better when they see what a question is about.
                content: image.into_iter().chain([Content::Text { text }]).collect(),
            }],
        };
        write(&body, out)
    }

    fn read_output(&self, output: &str) -> serde_json::Result<Outcome> {
        let output: Output = serde_json::from_str(output)?;
        let texts = output
            .content
            .into_iter()
            .filter(|block| block.kind == "text")
            .filter_map(|block| block.text);
        let outcome = text_outcome(texts.collect(), output.stop_reason.as_deref());
        Ok(Outcome {
            stop_reason: output.stop_reason,
            input_tokens: output.usage.as_ref().and_then(|usage| usage.input_tokens),
            output_tokens: output.usage.as_ref().and_then(|usage| usage.output_tokens),
            ..outcome
        })
    }
}
