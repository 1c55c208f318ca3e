//! Amazon Titan's embeddings: of texts (version 2), and of texts and images (version 1).
//!
//! Source: "Amazon Titan Embeddings Text" and "Amazon Titan Multimodal Embeddings G1" in the Bedrock user guide.

use serde::{Deserialize, Serialize};

use super::{BodyError, Input, Kind, Options, Processor, embedding_outcome, write};
use crate::batch::outcome::Outcome;

/// Titan Text Embeddings V2.
#[derive(Debug)]
pub(super) struct TitanText;

/// Titan Multimodal Embeddings G1.
#[derive(Debug)]
pub(super) struct TitanImage;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TextBody<'a> {
    input_text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    dimensions: Option<u32>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ImageBody<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    input_text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    input_image: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    embedding_config: Option<EmbeddingConfig>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EmbeddingConfig {
    output_embedding_length: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Output {
    embedding: Option<Vec<f32>>,
    /// Where the vector is when types were asked for.
    embeddings_by_type: Option<ByType>,
    input_text_token_count: Option<u64>,
    /// Set by the multimodal model when it could not embed the input.
    message: Option<String>,
}

#[derive(Deserialize)]
struct ByType {
    float: Option<Vec<f32>>,
}

fn read(output: &str) -> serde_json::Result<Outcome> {
    let output: Output = serde_json::from_str(output)?;
    let by_type = output.embeddings_by_type.and_then(|types| types.float);
    let outcome = match (output.embedding.or(by_type), output.message) {
        (None, Some(message)) => Outcome::no_answer(message),
        (embedding, _) => embedding_outcome(embedding),
    };
    Ok(Outcome {
        input_tokens: output.input_text_token_count,
        ..outcome
    })
}

impl Processor for TitanText {
    fn family(&self) -> &'static str {
        "Titan Text Embeddings V2"
    }

    fn models(&self) -> &'static [&'static str] {
        &["amazon.titan-embed-text-v2:"]
    }

    fn models_without_images(&self) -> &'static [&'static str] {
        self.models()
    }

    fn kind(&self) -> Kind {
        Kind::Embedding
    }

    fn dimensions(&self) -> &'static [u32] {
        &[256, 512, 1024]
    }

    fn write_body(
        &self,
        input: &Input<'_>,
        options: &Options,
        out: &mut Vec<u8>,
    ) -> Result<(), BodyError> {
        if input.image.is_some() {
            return Err(BodyError::NoImages(self.family()));
        }
        let body = TextBody {
            input_text: input.written_text().ok_or(BodyError::EmptyText)?,
            dimensions: options.dimensions,
        };
        write(&body, out)
    }

    fn read_output(&self, output: &str) -> serde_json::Result<Outcome> {
        read(output)
    }
}

impl Processor for TitanImage {
    fn family(&self) -> &'static str {
        "Titan Multimodal Embeddings G1"
    }

    fn models(&self) -> &'static [&'static str] {
        &["amazon.titan-embed-image-v1"]
    }

    fn kind(&self) -> Kind {
        Kind::Embedding
    }

    fn dimensions(&self) -> &'static [u32] {
        &[256, 384, 1024]
    }

    fn write_body(
        &self,
        input: &Input<'_>,
        options: &Options,
        out: &mut Vec<u8>,
    ) -> Result<(), BodyError> {
        let body = ImageBody {
            input_text: input.written_text(),
            input_image: input.image.map(|image| image.base64),
            embedding_config: options.dimensions.map(|length| EmbeddingConfig {
                output_embedding_length: length,
            }),
        };
        if body.input_text.is_none() && body.input_image.is_none() {
            return Err(BodyError::Empty);
        }
        write(&body, out)
    }

    fn read_output(&self, output: &str) -> serde_json::Result<Outcome> {
        read(output)
    }
}
