//! What a review says. This is also its JSON: see [`Review`].

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::columns::model::SchemaChange;
use crate::cost::model::CostChange;
use crate::iam::{PermissionChange, SecurityChange};
use crate::intent::model::IntendedChange;
use crate::workflow::model::WorkflowChange;

/// What a change of templates means.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Review {
    /// The stacks that change, in the order given.
    pub stacks: Vec<StackReview>,
    /// Sums over the stacks.
    pub summary: Summary,
}

/// What changes in one stack.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StackReview {
    /// Its name, or that of its template.
    pub name: String,
    /// Resources, by logical id; those that lose data first.
    pub changes: Vec<Change>,
    /// Everything beside the resources.
    pub sections: Vec<SectionChange>,
    /// Permissions, those that widen first.
    pub iam: Vec<PermissionChange>,
    /// What matters to security beside permissions, what weakens first.
    pub security: Vec<SecurityChange>,
    /// State machines, by logical id.
    pub workflows: Vec<WorkflowChange>,
    /// Columns of tables.
    pub schemas: Vec<SchemaChange>,
    /// What a bill may show.
    pub costs: Vec<CostChange>,
    /// What CloudFormation intends, where it was asked: what goes beyond this review first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub intended: Vec<IntendedChange>,
    /// Counts.
    pub summary: Summary,
}

impl StackReview {
    /// Whether the templates mean the same.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
            && self.sections.is_empty()
            && self.iam.is_empty()
            && self.security.is_empty()
            && self.workflows.is_empty()
            && self.schemas.is_empty()
            && self.costs.is_empty()
            && self.intended.is_empty()
    }
}

/// How many there are of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Summary {
    /// Resources that are added.
    pub added: usize,
    /// Resources that are removed.
    pub removed: usize,
    /// Resources that change where they are.
    pub modified: usize,
    /// Resources with another logical id.
    pub renamed: usize,
    /// Resources that will be replaced, renamed ones among them.
    pub replaced: usize,
    /// Resources that may be replaced.
    pub may_be_replaced: usize,
    /// Resources whose data is lost, or may be.
    pub data_losses: usize,
    /// Changes beside the resources.
    pub sections: usize,
    /// Principals that may do more, or other things.
    pub iam_widened: usize,
    /// Principals that may do less.
    pub iam_narrowed: usize,
    /// Principals that may do the same, written in another way.
    pub iam_equivalent: usize,
    /// Principals of which it is not certain.
    pub iam_not_comparable: usize,
    /// Weak points that come: public access, missing encryption, plain connections.
    pub security_weakened: usize,
    /// Weak points that go.
    pub security_strengthened: usize,
    /// State machines whose states change, or whose executions in flight may meet something.
    pub workflows: usize,
    /// State machines whose executions in flight may meet something.
    pub in_flight: usize,
    /// Changes of columns or files that break queries or readers.
    pub breaking_schemas: usize,
    /// Properties and resources that cost more, or may.
    pub costs_up: usize,
    /// Resources for which CloudFormation intends more than is shown.
    pub unforeseen: usize,
}

/// A resource that changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Change {
    /// Its logical id; after the change, where it is renamed.
    pub logical_id: String,
    /// The logical id before, where it is renamed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub renamed_from: Option<String>,
    /// Its type.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// What is done to it.
    pub action: Action,
    /// Whether another physical resource takes its place.
    pub replacement: Replacement,
    /// Whether data is lost, or may be.
    pub data_loss: bool,
    /// Why it is replaced, or its data lost.
    pub causes: Vec<Cause>,
    /// What changes in it.
    pub properties: Vec<PropertyChange>,
}

/// What is done to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// It is new.
    Add,
    /// It is gone.
    Remove,
    /// It changes.
    Modify,
    /// It is the same under another logical id, which CloudFormation takes for another resource.
    Rename,
}

/// Whether another physical resource takes a resource's place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Replacement {
    /// It stays.
    #[default]
    None,
    /// It depends on the values, on the service, or is not known.
    May,
    /// It is replaced.
    Will,
}

/// Why something happens to a resource.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Cause {
    /// Where it comes from, such as `Properties.BucketName`.
    pub path: String,
    /// One sentence.
    pub explanation: String,
}

/// A value that changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PropertyChange {
    /// Where it is, such as `Properties.Tags[stage]`.
    pub path: String,
    /// The value before, if there was one. Numbers and truth values are texts, as they are for CloudFormation; what only a
    /// deployment knows is written `${Name}`.
    pub old: Option<Value>,
    /// The value afterwards, if there is one.
    pub new: Option<Value>,
    /// Whether this replaces the resource.
    pub replacement: Replacement,
}

/// Something beside the resources that changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SectionChange {
    /// The section, such as `Parameters`.
    pub section: String,
    /// The name in it; empty where the section has no names, such as `Description`.
    pub name: String,
    /// What is done to it.
    pub action: Action,
    /// What changes in it.
    pub properties: Vec<PropertyChange>,
    /// What a reviewer must know about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warning: Option<String>,
}
