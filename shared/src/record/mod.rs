//! Records: what a model is asked for, and what becomes a row.
//!
//! A record is one struct. Its JSON Schema and prompt, the validation of answers, the table's columns and their
//! comments all follow from the fields and their doc comments. See [`crate::records`] for the records themselves.

mod column;
mod prompt;
mod read;
mod row;
mod value;

use std::fmt::Debug;

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use column::{Column, ColumnKind, columns};
pub use prompt::{prompt, schema};
pub use read::{ParseStage, Reading, read};
pub use row::{Provenance, Row, row_columns};

/// What a vision model reads from an image.
///
/// Fields are `String` (unknown is `""`), `Option<i64>`, `Option<f64>` and `Option<bool>` (unknown is `None`), in the
/// order of the columns. The struct carries `#[serde(default)]`, doc comments become column comments and are shown to
/// the model, and `#[schemars(range(..))]` bounds are enforced on answers.
pub trait Record:
    Serialize + DeserializeOwned + JsonSchema + Default + Clone + Debug + PartialEq + Send + 'static
{
    /// Name of the table, in lower case.
    const NAME: &'static str;

    /// What the image shows and what to look for: the opening of the [`prompt`].
    const TASK: &'static str;

    /// Rules for single fields that their comments do not say, one per entry.
    const RULES: &'static [&'static str];

    /// Brings valid values into their one form, for example an ISBN without hyphens.
    fn normalize(&mut self) {}

    /// How sure the model is, 0.0 to 1.0.
    fn confidence(&self) -> Option<f64>;
}
