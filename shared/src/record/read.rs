//! Reading a model's answer into a record, in three stages.
//!
//! 1. the whole answer is the JSON object: [`ParseStage::Direct`];
//! 2. the text between the first `{` and the last `}` is: [`ParseStage::Extracted`];
//! 3. neither is: the empty record, [`ParseStage::Empty`].
//!
//! No answer is an error: a row is written for every image, and says by its stage how it came about.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::value::{self, Cell};
use super::{Column, Record, columns};
use crate::contracts::ParseMode;

/// A record and how it was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading<R> {
    /// The record; empty when nothing could be read.
    pub record: R,
    /// Where it was found.
    pub stage: ParseStage,
    /// Invalid fields, as `field: reason`; in strict mode also what emptied the record.
    pub validation_errors: Vec<String>,
}

/// Where in the answer the record was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ParseStage {
    /// The whole answer.
    Direct,
    /// Between the first `{` and the last `}`.
    Extracted,
    /// Nowhere: the record is empty.
    Empty,
}

impl<R> Reading<R> {
    /// The text of the `validation_errors` column.
    #[must_use]
    pub fn errors_text(&self) -> Option<String> {
        (!self.validation_errors.is_empty()).then(|| self.validation_errors.join("; "))
    }
}

impl ParseStage {
    /// The word in the `parse_stage` column.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Extracted => "extracted",
            Self::Empty => "empty",
        }
    }
}

impl fmt::Display for ParseStage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// Reads a record from a model's answer.
///
/// [`ParseMode::Strict`] has the semantics of a pydantic 2 model: numbers in text are coerced, unknown fields ignored,
/// and one invalid field empties the record. [`ParseMode::Lenient`] keeps the valid fields and names the others.
#[must_use]
pub fn read<R: Record>(answer: &str, mode: ParseMode) -> Reading<R> {
    let columns = columns::<R>();
    match find_object(answer, mode) {
        Ok((stage, fields)) => take_fields(&columns, &fields, stage, mode),
        Err(reason) => empty(vec![reason]),
    }
}

fn empty<R: Record>(validation_errors: Vec<String>) -> Reading<R> {
    Reading {
        record: R::default(),
        stage: ParseStage::Empty,
        validation_errors,
    }
}

/// The members of the answer's object, unparsed. Only the record's own fields are ever parsed further, so nesting and
/// size of anything else cost one scan.
type Fields = BTreeMap<String, Box<RawValue>>;

fn find_object(answer: &str, mode: ParseMode) -> Result<(ParseStage, Fields), String> {
    let whole = answer.trim_matches(is_python_whitespace);
    let error = match value::parse(whole) {
        Ok(fields) => return Ok((ParseStage::Direct, fields)),
        Err(error) => error,
    };
    let is_json = value::parse::<Box<RawValue>>(whole).is_ok();
    let reason = if is_json {
        "answer: JSON, but not an object".to_owned()
    } else {
        format!("answer: not JSON ({error})")
    };
    // The Python original looks for an object only in text that is no JSON.
    if is_json && mode == ParseMode::Strict {
        return Err(reason);
    }
    let inner = answer
        .find('{')
        .zip(answer.rfind('}'))
        .and_then(|(start, end)| answer.get(start..=end))
        .ok_or(reason)?;
    match value::parse(inner) {
        Ok(fields) => Ok((ParseStage::Extracted, fields)),
        Err(error) => Err(format!("answer: no JSON object in it ({error})")),
    }
}

/// What Python's `str.strip` removes: Unicode white space and the four ASCII separators.
fn is_python_whitespace(character: char) -> bool {
    character.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&character)
}

fn take_fields<R: Record>(
    columns: &[Column],
    fields: &Fields,
    stage: ParseStage,
    mode: ParseMode,
) -> Reading<R> {
    let mut valid = Map::new();
    let mut validation_errors = Vec::new();
    for column in columns {
        let Some(raw) = fields.get(column.name) else {
            continue;
        };
        let Cell { value, error } = value::cell(column, raw, mode);
        if let Some(reason) = error {
            validation_errors.push(format!("{}: {reason}", column.name));
        }
        if let Some(value) = value {
            valid.insert(column.name.to_owned(), value);
        }
    }
    if mode == ParseMode::Strict && !validation_errors.is_empty() {
        return empty(validation_errors);
    }
    match serde_json::from_value::<R>(Value::Object(valid)) {
        Ok(mut record) => {
            record.normalize();
            Reading {
                record,
                stage,
                validation_errors,
            }
        }
        // A type of the record narrower than its column, for example an enum over text.
        Err(error) => empty(vec![format!("answer: {error}")]),
    }
}
