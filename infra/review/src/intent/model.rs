//! What CloudFormation intends.

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::Replacement;

/// An entry of a change set: what CloudFormation says it will do to a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// The logical id.
    pub logical_id: String,
    /// The type.
    pub resource_type: String,
    /// What it does.
    pub action: IntendedAction,
    /// Whether another physical resource takes this one's place; CloudFormation's `Conditional` is `May`.
    pub replacement: Replacement,
    /// Whether the physical resource that is there is deleted: `PolicyAction` is `Delete` or `ReplaceAndDelete`.
    pub deletes: bool,
    /// Why: the properties that change and what changes them, such as `Code (parameter CodeKey)`.
    pub because: Vec<String>,
}

/// What CloudFormation does to a resource (`ResourceChange.Action` of its API).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum IntendedAction {
    /// It is created.
    Add,
    /// It is changed, or replaced.
    Modify,
    /// It is taken out of the stack.
    Remove,
    /// It exists and is taken into the stack.
    Import,
    /// CloudFormation cannot tell yet.
    Dynamic,
    /// Nothing: the change set does not name it.
    Nothing,
}

/// How an entry of a change set stands to the review.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Agreement {
    /// CloudFormation intends more than the review shows.
    Unforeseen,
    /// The review shows more than CloudFormation intends.
    NotIntended,
    /// Both say the same.
    AsReviewed,
}

/// What CloudFormation intends for a resource, against what the review says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct IntendedChange {
    /// The logical id.
    pub logical_id: String,
    /// The type.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// What CloudFormation does.
    pub action: IntendedAction,
    /// Whether it replaces the resource.
    pub replacement: Replacement,
    /// How that stands to the review.
    pub agreement: Agreement,
    /// One sentence.
    pub explanation: String,
    /// What CloudFormation names as the reason.
    pub because: Vec<String>,
}
