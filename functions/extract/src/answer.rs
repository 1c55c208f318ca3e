//! What the model answers: the Anthropic Messages format.

use serde::Deserialize;

/// The parts of an answer that matter here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The first block of text.
    pub text: String,
    /// Whether the answer was cut off at the most tokens allowed.
    pub cut_off: bool,
    /// Tokens billed, if the answer says so.
    pub usage: Option<Usage>,
}

/// Tokens billed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Usage {
    /// Sent, image included.
    pub input_tokens: u32,
    /// Answered.
    pub output_tokens: u32,
}

/// Why an answer could not be used.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    /// It is not in the format of the model's family.
    #[error(
        "the model's response is not in the Messages format ({0}); check that the model is one of Anthropic's"
    )]
    Format(#[from] serde_json::Error),
    /// There is no text in it.
    #[error("model response missing content")]
    MissingContent,
}

#[derive(Deserialize)]
struct Body {
    #[serde(default)]
    content: Vec<Block>,
    stop_reason: Option<String>,
    usage: Option<Usage>,
}

/// A block; models that think put a block of their thoughts before the text.
#[derive(Deserialize)]
struct Block {
    #[serde(rename = "type")]
    kind: String,
    text: Option<String>,
}

impl Answer {
    /// Reads the body of a response.
    ///
    /// # Errors
    /// When it has another format, or no text.
    pub fn read(body: &[u8]) -> Result<Self, AnswerError> {
        let body: Body = serde_json::from_slice(body)?;
        let text = body
            .content
            .into_iter()
            .find(|block| block.kind == "text")
            .and_then(|block| block.text)
            .ok_or(AnswerError::MissingContent)?;
        Ok(Self {
            text,
            cut_off: body.stop_reason.as_deref() == Some("max_tokens"),
            usage: body.usage,
        })
    }
}
