//! Amazon Nova's own format of messages.
//!
//! Source: "Complete request schema" and "Response structure highlights" in the user guide of Nova.

use serde::{Deserialize, Serialize};

use super::{BodyError, Input, Kind, Options, Processor, text_outcome, write};
use crate::batch::outcome::Outcome;

/// The models of Nova that answer in text.
#[derive(Debug)]
pub(super) struct Nova;

#[derive(Serialize)]
struct Body<'a> {
    messages: [Message<'a>; 1],
    #[serde(rename = "inferenceConfig")]
    inference: Inference,
}

#[derive(Serialize)]
struct Message<'a> {
    role: &'static str,
    content: Vec<Content<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Content<'a> {
    Image {
        format: &'static str,
        source: ImageSource<'a>,
    },
    Text(&'a str),
}

#[derive(Serialize)]
struct ImageSource<'a> {
    bytes: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Inference {
    max_tokens: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Reply {
    output: Turn,
    stop_reason: Option<String>,
    usage: Option<Usage>,
}

#[derive(Deserialize)]
struct Turn {
    message: Blocks,
}

#[derive(Deserialize)]
struct Blocks {
    content: Vec<Block>,
}

/// A block of any type: one of reasoning or of a call of a tool has no text.
#[derive(Deserialize)]
struct Block {
    text: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Usage {
    input_tokens: Option<u64>,
    output_tokens: Option<u64>,
}

impl Processor for Nova {
    fn family(&self) -> &'static str {
        "Amazon Nova"
    }

    fn models(&self) -> &'static [&'static str] {
        // Not all of `amazon.nova-`: Canvas and Reel draw, Sonic speaks.
        &[
            "amazon.nova-micro-",
            "amazon.nova-lite-",
            "amazon.nova-pro-",
            "amazon.nova-premier-",
            "amazon.nova-2-lite-",
        ]
    }

    fn models_without_images(&self) -> &'static [&'static str] {
        &["amazon.nova-micro-"]
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
            format: image.format.as_str(),
            source: ImageSource {
                bytes: image.base64,
            },
        });
        let body = Body {
            messages: [Message {
                role: "user",
                content: image.into_iter().chain([Content::Text(text)]).collect(),
            }],
            inference: Inference {
                max_tokens: options.max_tokens,
            },
        };
        write(&body, out)
    }

    fn read_output(&self, output: &str) -> serde_json::Result<Outcome> {
        let reply: Reply = serde_json::from_str(output)?;
        let blocks = reply.output.message.content.into_iter();
        let text = blocks.filter_map(|block| block.text).collect();
        let outcome = text_outcome(text, reply.stop_reason.as_deref());
        Ok(Outcome {
            stop_reason: reply.stop_reason,
            input_tokens: reply.usage.as_ref().and_then(|usage| usage.input_tokens),
            output_tokens: reply.usage.as_ref().and_then(|usage| usage.output_tokens),
            ..outcome
        })
    }
}
