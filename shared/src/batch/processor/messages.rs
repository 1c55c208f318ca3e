//! Anthropic's Messages format, as Bedrock takes it.

use std::borrow::Cow;

use serde::Deserialize;

use super::{BodyError, ImageSize, Input, Kind, Options, Processor, text_outcome};
use crate::batch::json::write_text;
use crate::batch::outcome::Outcome;

/// Version of the format.
const VERSION: &str = "bedrock-2023-05-31";

/// Pixels of an image that are a token, by Anthropic's documents.
const PIXELS_PER_TOKEN: u64 = 750;

/// Pixels on the longer side that an image is scaled down to, by the same.
const LONGER_SIDE: u64 = 1_568;

/// About the tokens that an image is scaled down to, by the same.
const MOST_IMAGE_TOKENS: u64 = 1_600;

/// Claude.
#[derive(Debug)]
pub(super) struct Messages;

#[derive(Deserialize)]
struct Output<'a> {
    #[serde(borrow)]
    content: Vec<Block<'a>>,
    stop_reason: Option<String>,
    usage: Option<Usage>,
}

/// A block of any type; only those of type `text` have a text of the answer. Thinking and calls of tools come first.
#[derive(Deserialize)]
struct Block<'a> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
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

    /// A token for 750 pixels, after the scaling that Anthropic documents: to 1,568 pixels on the longer side, and to about
    /// 1,600 tokens.
    fn image_tokens(&self, image: ImageSize) -> Option<u64> {
        let (width, height) = (u64::from(image.width), u64::from(image.height));
        let longer = width.max(height).max(1);
        let scaled = longer.min(LONGER_SIDE);
        let pixels = (width * scaled / longer) * (height * scaled / longer);
        Some(pixels.div_ceil(PIXELS_PER_TOKEN).min(MOST_IMAGE_TOKENS))
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
        // By hand: this is most of what a run writes, and serde looks at each letter of it.
        let mut write = |part: &str| out.extend_from_slice(part.as_bytes());
        write(r#"{"anthropic_version":""#);
        write(VERSION);
        write(r#"","max_tokens":"#);
        write(&options.max_tokens.to_string());
        write(r#","messages":[{"role":"user","content":["#);
        // The image first: models read better when they see what a question is about.
        if let Some(image) = input.image {
            write(r#"{"type":"image","source":{"type":"base64","media_type":"image/"#);
            write(image.format.as_str());
            write(r#"","data":"#);
            write_text(image.base64, out);
            out.extend_from_slice(b"}},");
        }
        out.extend_from_slice(br#"{"type":"text","text":"#);
        write_text(text, out);
        out.extend_from_slice(b"}]}]}");
        Ok(())
    }

    fn read_output(&self, output: &str) -> serde_json::Result<Outcome> {
        let output: Output<'_> = serde_json::from_str(output)?;
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
