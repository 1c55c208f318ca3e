//! What a change of a CloudFormation template means.
//!
//! [`review`] compares two templates, anybody's, by what they mean: another order, `Fn::Join` instead of `Fn::Sub`, `"1"` instead
//! of `1` are no changes. Of each change it says whether it replaces the resource, why, and whether data is lost.
//!
//! ```
//! use serde_json::json;
//!
//! let table = |name: &str| json!({"Resources": {"Orders": {
//!     "Type": "AWS::DynamoDB::Table",
//!     "Properties": {"TableName": name, "KeySchema": [], "AttributeDefinitions": []},
//! }}});
//! let review = review::review("shop", &table("orders"), &table("sales"));
//! assert_eq!(review.changes[0].replacement, review::Replacement::Will);
//! assert!(review.changes[0].data_loss);
//! ```
#![warn(missing_docs)]

mod columns;
mod cost;
mod exports;
mod iam;
mod intent;
mod lifecycle;
mod meaning;
mod model;
mod order;
mod parameters;
mod policy;
mod render;
mod resources;
mod sections;
mod settings;
mod source;
mod summary;
mod template;
mod workflow;

use serde_json::Value;

pub use iam::{PermissionChange, PermissionRequest, SecurityChange, Verdict, Witness};
pub use model::{
    Action, Cause, Change, PropertyChange, Replacement, Review, SectionChange, StackReview, Summary,
};

pub use columns::model::{SchemaAction, SchemaChange};
pub use cost::model::{CostChange, Direction};
pub use intent::model::{
    Agreement, IntendedAction, IntendedChange, Intent, IntentDetail, IntentSource,
};
pub use order::{Successor, deployment_order};
pub use parameters::with_parameter_values;
pub use settings::StackSettings;
pub use source::{SourceFile, SourceLines};
pub use workflow::model::{FlightWarning, StateAspect, StateChange, WorkflowChange};

use exports::{Imports, Neighbours};
use lifecycle::Lifecycles;
use resources::Pair;
use template::Template;

/// A stack's template, before and afterwards. A stack that is new, or goes, has [`Value::Null`] on one side.
#[derive(Clone, Copy, Debug)]
pub struct Templates<'a> {
    /// The stack.
    pub name: &'a str,
    /// Before.
    pub old: &'a Value,
    /// Afterwards.
    pub new: &'a Value,
}

/// Reviews the change of a stack's template from `old` to `new`; see [`Templates`].
#[must_use]
pub fn review(name: &str, old: &Value, new: &Value) -> StackReview {
    reviewed(Templates { name, old, new }, &Neighbours::default())
}

/// Reviews stacks that may import what others of them export, one after the other.
#[must_use]
pub fn review_together(stacks: &[Templates<'_>]) -> Vec<StackReview> {
    let imports = stacks.iter();
    let imports: Vec<_> = imports
        .map(|stack| Imports::of(stack.name, stack.old, stack.new))
        .collect();
    let others = |stack: &Templates<'_>| Neighbours {
        stacks: (imports.iter())
            .filter(|other| other.stack != stack.name)
            .collect(),
    };
    let stacks = stacks.iter();
    stacks
        .map(|stack| reviewed(*stack, &others(stack)))
        .collect()
}

fn reviewed(stack: Templates<'_>, neighbours: &Neighbours<'_>) -> StackReview {
    let renamed = resources::renames(stack.old, stack.new);
    let old = Template::renamed(stack.old, renamed.clone());
    let new = Template::read(stack.new);
    let pair = Pair {
        stack: stack.name,
        old: &old,
        new: &new,
        renamed: &renamed,
        lifecycles: &Lifecycles::default(),
        neighbours,
    };
    let permissions = iam::compare(&pair);
    let changes = resources::changes(&pair);
    let mut review = StackReview {
        name: stack.name.to_owned(),
        workflows: workflow::changes(&pair, &changes, &permissions.losses),
        schemas: columns::changes(&pair),
        costs: cost::changes(&pair, &changes),
        changes,
        sections: sections::changes(&pair),
        iam: permissions.changes,
        security: permissions.security,
        intended: Vec::new(),
        summary: Summary::default(),
    };
    review.summary = Summary::of(&review);
    review
}

impl Review {
    /// The JSON Schema of a review.
    #[must_use]
    pub fn schema() -> Value {
        schemars::schema_for!(Self).to_value()
    }

    /// The reviews of several stacks, those without changes left out.
    #[must_use]
    pub fn of(stacks: impl IntoIterator<Item = StackReview>) -> Self {
        let stacks: Vec<_> = stacks
            .into_iter()
            .filter(|stack| !stack.is_empty())
            .collect();
        let summary = stacks.iter().map(|stack| stack.summary).sum();
        Self { stacks, summary }
    }
}
