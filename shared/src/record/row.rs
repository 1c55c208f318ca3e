//! A row: a record and where it came from.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Column, Record, columns};

/// Where a record came from; its columns follow the record's own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Provenance {
    /// Identifies the image version: the same object read twice has the same id
    pub id: String,
    /// Key of the image
    pub filename: String,
    /// When the record was written, ISO 8601 in UTC
    pub processed_at: String,
    /// Bucket of the image
    pub source_bucket: String,
    /// Entity tag of the image
    pub etag: String,
    /// Model or inference profile that answered
    pub model_id: String,
    /// How the answer was read: direct, extracted (from surrounding text) or empty (not readable)
    pub parse_stage: String,
    /// Fields of the answer that were invalid and why, separated by semicolons; null when there were none
    pub validation_errors: Option<String>,
    /// Input tokens billed, image included
    pub input_tokens: Option<i64>,
    /// Output tokens billed
    pub output_tokens: Option<i64>,
}

/// One row of the table.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Row<R> {
    /// What the model read.
    #[serde(flatten)]
    pub record: R,
    /// Where it came from.
    #[serde(flatten)]
    pub provenance: Provenance,
}

/// The columns of a record's table: the record's, then those of [`Provenance`]. Partition columns are not among them.
#[must_use]
pub fn row_columns<R: Record>() -> Vec<Column> {
    let mut all = columns::<R>();
    all.extend(columns::<Provenance>());
    all
}
