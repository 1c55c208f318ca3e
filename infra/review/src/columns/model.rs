//! What a review says of the columns of tables.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

/// Something about the columns of a Glue table, or the files behind them, that changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SchemaChange {
    /// The logical id of the table; after the change, where it is renamed.
    pub logical_id: String,
    /// What it is about, such as `Columns[title]`, `PartitionKeys[day]`, `Location`.
    pub path: String,
    /// What is done to it.
    pub action: SchemaAction,
    /// The type, the name or the order before; for files, what was said of them.
    pub old: Option<Value>,
    /// The same afterwards.
    pub new: Option<Value>,
    /// Whether queries or the reading of files that are there already break.
    pub breaking: bool,
    /// Why, or why not.
    pub explanation: String,
}

/// What is done to columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SchemaAction {
    /// A column is new.
    Add,
    /// A column is gone.
    Drop,
    /// A column has another name in the same place.
    Rename,
    /// A column has another type.
    Retype,
    /// Columns that stay have another order.
    Reorder,
    /// The files are others, or read otherwise.
    Files,
}
