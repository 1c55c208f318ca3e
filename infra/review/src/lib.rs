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
mod iam;
mod lifecycle;
mod meaning;
mod model;
mod policy;
mod render;
mod resources;
mod sections;
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
pub use render::SourceLines;
pub use workflow::model::{FlightWarning, StateAspect, StateChange, WorkflowChange};

use lifecycle::Lifecycles;
use resources::Pair;
use template::Template;

/// Reviews the change of a stack's template from `old` to `new`. A stack that is new, or goes, has an empty template on one side:
/// [`Value::Null`].
#[must_use]
pub fn review(name: &str, old: &Value, new: &Value) -> StackReview {
    let renamed = resources::renames(old, new);
    let old = Template::renamed(old, renamed.clone());
    let new = Template::read(new);
    let pair = Pair {
        old: &old,
        new: &new,
        renamed: &renamed,
        lifecycles: &Lifecycles::default(),
    };
    let (iam, security) = iam::changes(&pair);
    let changes = resources::changes(&pair);
    let mut review = StackReview {
        name: name.to_owned(),
        workflows: workflow::changes(&pair, &changes),
        schemas: columns::changes(&pair),
        costs: cost::changes(&pair, &changes),
        changes,
        sections: sections::changes(&pair),
        iam,
        security,
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
