//! Cohere's embeddings, of texts or images.
//!
//! Source: "Cohere Embed v3" in the Bedrock user guide. Its answers count no tokens.

use serde::{Deserialize, Serialize};

use super::{BodyError, Input, Kind, Options, Processor, embedding_outcome, write};
use crate::batch::outcome::Outcome;

/// Cohere Embed.
#[derive(Debug)]
pub(super) struct CohereEmbed;

/// One text or one image to a record, so that each row has its own outcome.
#[derive(Serialize)]
#[serde(untagged)]
enum Body<'a> {
    Text {
        texts: [&'a str; 1],
        input_type: &'static str,
    },
    Image {
        images: [String; 1],
        input_type: &'static str,
    },
}

#[derive(Deserialize)]
struct Output {
    embeddings: Embeddings,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Embeddings {
    /// `response_type` is `embeddings_floats`.
    Floats(Vec<Vec<f32>>),
    /// `response_type` is `embeddings_by_type`.
    ByType { float: Option<Vec<Vec<f32>>> },
}

impl Processor for CohereEmbed {
    fn family(&self) -> &'static str {
        "Cohere Embed"
    }

    fn models(&self) -> &'static [&'static str] {
        &[
            "cohere.embed-english-v3",
            "cohere.embed-multilingual-v3",
            "cohere.embed-v4:",
        ]
    }

    fn kind(&self) -> Kind {
        Kind::Embedding
    }

    fn write_body(
        &self,
        input: &Input<'_>,
        _options: &Options,
        out: &mut Vec<u8>,
    ) -> Result<(), BodyError> {
        let body = match (input.written_text(), input.image) {
            (Some(text), None) => Body::Text {
                texts: [text],
                input_type: "search_document",
            },
            (None, Some(image)) => Body::Image {
                images: [format!(
                    "data:image/{};base64,{}",
                    image.format.as_str(),
                    image.base64
                )],
                input_type: "image",
            },
            (Some(_), Some(_)) => return Err(BodyError::NotBoth(self.family())),
            (None, None) => return Err(BodyError::Empty),
        };
        write(&body, out)
    }

    fn read_output(&self, output: &str) -> serde_json::Result<Outcome> {
        let output: Output = serde_json::from_str(output)?;
        let vectors = match output.embeddings {
            Embeddings::Floats(vectors) => Some(vectors),
            Embeddings::ByType { float } => float,
        };
        Ok(embedding_outcome(
            vectors.and_then(|vectors| vectors.into_iter().next()),
        ))
    }
}
