//! What the cover of a book says.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::record::Record;

/// What the cover of a book says.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct BookMetadata {
    /// Title of the book
    pub title: String,
    /// Author, or authors separated by commas
    pub author: String,
    /// ISBN without hyphens and spaces
    pub isbn: String,
    /// Publisher
    pub publisher: String,
    /// Year of publication
    pub published_year: Option<i64>,
    /// One or two sentences on what the book is about
    pub description: String,
    /// How well the cover could be read, 0.0 to 1.0
    #[schemars(range(min = 0.0, max = 1.0))]
    pub confidence: Option<f64>,
}

impl Record for BookMetadata {
    const NAME: &'static str = "books";

    const TASK: &'static str =
        "The image shows the cover of a book. Read the book's metadata from it.";

    const RULES: &'static [&'static str] = &[
        "`isbn`: digits (and a final X, if it has one) without hyphens and spaces.",
        "`published_year`: a whole number of four digits, not text.",
        "`author`: who wrote the book; not who wrote a foreword, a blurb or a translation.",
    ];

    fn normalize(&mut self) {
        self.isbn
            .retain(|character| !matches!(character, '-' | ' '));
        self.published_year = self
            .published_year
            .filter(|year| (1000..=2100).contains(year));
    }

    fn confidence(&self) -> Option<f64> {
        self.confidence
    }
}
