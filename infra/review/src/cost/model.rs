//! What a review says of costs.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

/// A change that a bill may show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CostChange {
    /// The logical id of the resource.
    pub logical_id: String,
    /// Its type.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// Where it is, such as `Properties.MemorySize`; empty where it is the resource as a whole.
    pub path: String,
    /// The value before, if there was one.
    pub old: Option<Value>,
    /// The value afterwards, if there is one.
    pub new: Option<Value>,
    /// Whether it costs more or less.
    pub direction: Direction,
    /// What is paid for.
    pub explanation: String,
}

/// Whether something costs more or less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// It costs more, or may.
    Up,
    /// It costs less, or may.
    Down,
    /// It depends on the use, or on what only a deployment knows.
    Unknown,
}
