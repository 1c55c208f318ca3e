//! Texts that are put together.

use std::fmt;

use super::Meaning;

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    /// Known letters.
    Literal(String),
    /// What only a deployment knows.
    Value(Meaning),
}

impl fmt::Display for Part {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Literal(text) => formatter.write_str(text),
            Self::Value(value) => value.fmt(formatter),
        }
    }
}

/// Puts texts together: neighbouring letters become one part, and a text that is one value is that value.
#[derive(Default)]
pub(super) struct TextBuilder {
    parts: Vec<Part>,
}

impl TextBuilder {
    pub(super) fn literal(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if let Some(Part::Literal(last)) = self.parts.last_mut() {
            last.push_str(text);
            return;
        }
        self.parts.push(Part::Literal(text.to_owned()));
    }

    pub(super) fn value(&mut self, value: Meaning) {
        match value {
            Meaning::Scalar(text) => self.literal(&text),
            Meaning::Text(parts) => {
                for part in parts {
                    match part {
                        Part::Literal(text) => self.literal(&text),
                        value @ Part::Value(_) => self.parts.push(value),
                    }
                }
            }
            other => self.parts.push(Part::Value(other)),
        }
    }

    pub(super) fn finish(mut self) -> Meaning {
        match self.parts.len() {
            0 => Meaning::Scalar(String::new()),
            1 => match self.parts.remove(0) {
                Part::Literal(text) => Meaning::Scalar(text),
                Part::Value(value) => value,
            },
            _ => Meaning::Text(self.parts),
        }
    }
}
