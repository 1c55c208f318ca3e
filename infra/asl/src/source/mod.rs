//! Reads the text of a definition or of a template, JSON or YAML, and notices what other readers drop.

mod json;
mod yaml;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::Pointer;

/// A document that was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// Its data; of keys that are there twice, the last value.
    pub value: Value,
    /// The keys that an object has twice, which readers of JSON drop without a word.
    pub duplicates: Vec<Pointer>,
    /// The lines on which values begin, members with their keys; they count from 1.
    lines: BTreeMap<Pointer, usize>,
}

impl Document {
    /// The line of a value, or of the innermost one around it that stands in the text: what an alias repeats does not.
    #[must_use]
    pub fn line(&self, place: &Pointer) -> usize {
        let mut place = place.clone();
        loop {
            match (self.lines.get(&place), place.parent()) {
                (Some(line), _) => return *line,
                (None, Some(parent)) => place = parent,
                (None, None) => return 1,
            }
        }
    }
}

/// Why a text cannot be read. Lines and columns count from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// It begins like JSON and is none.
    #[error("not JSON: line {line}, column {column}: {problem}; correct the text there")]
    Json {
        /// The line.
        line: usize,
        /// The column.
        column: usize,
        /// What is wrong.
        problem: String,
    },
    /// It is neither JSON nor YAML.
    #[error("not YAML: line {line}, column {column}: {problem}; correct the text there")]
    Yaml {
        /// The line.
        line: usize,
        /// The column.
        column: usize,
        /// What is wrong.
        problem: String,
    },
    /// There is nothing in it.
    #[error("the text is empty; give it a definition or a template")]
    Empty,
}

/// Reads a text: as JSON when it begins with a brace or a bracket, as YAML otherwise.
///
/// `CloudFormation`'s short forms (`!Ref`, `!Sub`, `!GetAtt` ...) become the long ones.
///
/// # Errors
/// When the text is empty, or malformed; the error says where.
pub fn read(text: &str) -> Result<Document, ReadError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match text.trim_start().chars().next() {
        None => Err(ReadError::Empty),
        Some('{' | '[') => json::read(text),
        Some(_) => yaml::read(text),
    }
}

/// Reads JSON and nothing else.
///
/// # Errors
/// When the text is no JSON; the error says where.
pub fn read_json(text: &str) -> Result<Document, ReadError> {
    json::read(text)
}
