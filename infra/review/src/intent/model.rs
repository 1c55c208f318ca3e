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
    /// What changes in it, for a modification.
    pub details: Vec<IntentDetail>,
}

/// A property that CloudFormation changes, or may change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IntentDetail {
    /// The property's name; where it is none, the part of the resource: `Tags`, `Metadata`, `DeletionPolicy` ...
    pub name: String,
    /// Whether its change replaces the resource; CloudFormation's `Conditionally` is `May`.
    pub replacement: Replacement,
    /// Whether CloudFormation cannot tell before the update if it changes at all (`Evaluation` is `Dynamic`).
    pub dynamic: bool,
    /// What changes it.
    pub source: IntentSource,
}

/// What changes a property (`ChangeSource` and `CausingEntity` of CloudFormation's API).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum IntentSource {
    /// The template, or the stack's tags.
    Direct,
    /// A parameter, by its name.
    Parameter(String),
    /// The physical id of another resource, by its logical id.
    Resource(String),
    /// An attribute of another resource: its logical id and the attribute.
    Attribute(String, String),
    /// A nested stack, of which CloudFormation does not look whether it changes.
    Automatic,
}

impl IntentDetail {
    /// For people, such as `Code (parameter CodeKey)`.
    pub(crate) fn text(&self) -> String {
        let name = &self.name;
        match &self.source {
            IntentSource::Direct => name.clone(),
            IntentSource::Parameter(parameter) => format!("{name} (parameter {parameter})"),
            IntentSource::Resource(id) => format!("{name} ({id})"),
            IntentSource::Attribute(id, attribute) => format!("{name} ({id}.{attribute})"),
            IntentSource::Automatic => format!("{name} (nested stack)"),
        }
    }
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
