//! Reviews for people and programs.

mod markdown;
mod rows;
mod sarif;
mod terminal;

use serde_json::Value;

use crate::SourceLines;
use crate::model::Review;

impl Review {
    /// As lines for a terminal, in colour or not.
    #[must_use]
    pub fn to_text(&self, lines: &SourceLines, colour: bool) -> String {
        terminal::write(self, lines, colour)
    }

    /// As a comment for a pull request, of no more than 65,536 characters. What does not fit is left out, and the comment says
    /// so. The first line is a mark by which a later run finds the comment again.
    #[must_use]
    pub fn to_markdown(&self, lines: &SourceLines) -> String {
        markdown::write(self, lines)
    }

    /// As SARIF 2.1.0, for code scanning. Results have a place in a file where the line is known, and a logical one always.
    #[must_use]
    pub fn to_sarif(&self, lines: &SourceLines) -> Value {
        sarif::write(self, lines)
    }
}
