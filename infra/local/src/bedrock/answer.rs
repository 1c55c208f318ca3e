//! What a model says, before it is put into a wire format.

use super::conversation::text_tokens;

/// An answer of one text block, or of none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    /// `None`: no content block at all.
    pub(super) text: Option<String>,
    pub(super) stop: StopReason,
    pub(super) output_tokens: u32,
    /// The upstream's own count of the input, where there is one.
    pub(super) input_tokens: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StopReason {
    EndTurn,
    MaxTokens,
    Refusal,
}

impl StopReason {
    /// The name in the Messages format and, but for the refusal, in Converse.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::EndTurn => "end_turn",
            Self::MaxTokens => "max_tokens",
            Self::Refusal => "refusal",
        }
    }
}

impl Answer {
    /// A text that ends by itself, unless it is longer than the caller allows.
    pub(super) fn new(text: String, max_tokens: u32) -> Self {
        let tokens = text_tokens(&text);
        if tokens <= max_tokens {
            return Self {
                text: Some(text),
                stop: StopReason::EndTurn,
                output_tokens: tokens,
                input_tokens: None,
            };
        }
        let limit = usize::try_from(max_tokens)
            .unwrap_or(usize::MAX)
            .saturating_mul(4);
        let cut = text.chars().take(limit).collect();
        Self {
            text: Some(cut),
            stop: StopReason::MaxTokens,
            output_tokens: max_tokens,
            input_tokens: None,
        }
    }

    /// The text in the pieces that a stream sends.
    pub(super) fn pieces(&self) -> Vec<String> {
        let characters: Vec<char> = self.text.iter().flat_map(|text| text.chars()).collect();
        characters
            .chunks(24)
            .map(|piece| piece.iter().collect())
            .collect()
    }
}
