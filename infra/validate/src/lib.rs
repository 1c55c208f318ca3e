//! Checks a CloudFormation template against the resource specification, before AWS does.
//!
//! The template is plain JSON, ours or anybody's. [`validate`] returns what is wrong with it, [`inspect`] also says how much of
//! it could be checked, and [`render`] writes findings for people.
//!
//! ```
//! use serde_json::json;
//!
//! let template = json!({"Resources": {"Work": {
//!     "Type": "AWS::SQS::Queue",
//!     "Properties": {"VisibilityTimeout": 50000},
//!     "DeletionPolicy": "Delete",
//!     "UpdateReplacePolicy": "Delete",
//! }}});
//! let findings = validate::validate(&template, &validate::Sources::default());
//! assert_eq!(findings[0].code, "V033 range");
//! assert_eq!(findings[0].path, "Properties.VisibilityTimeout");
//! ```
//!
//! An error means that AWS would refuse the template, or run something else than was meant. A warning is advice. Both can be
//! suppressed where they are known to be wrong, with a reason, in the `Metadata` of the resource or of the template:
//!
//! ```json
//! {"Metadata": {"Colophon": {"Suppress": [{"Code": "V031", "Reason": "the specification lags behind AWS"}]}}}
//! ```
#![warn(missing_docs)]

mod arguments;
pub mod code;
mod collection;
mod cycles;
mod expression;
mod finding;
mod findings;
mod glue;
mod intrinsics;
mod lambda;
mod limits;
mod names;
mod notifications;
mod object_rules;
mod parameter_values;
mod path;
mod patterns;
mod policy;
mod references;
mod relationship;
mod render;
mod scalar;
mod schedule;
mod schedule_rules;
mod schema;
mod sections;
mod state_machines;
mod stateful;
mod statement;
mod substitution;
mod suppression;
mod template;

use serde_json::Value;

pub use parameter_values::parameter_values;

pub use finding::{Coverage, Finding, NotChecked, Report, Severity, SourceLine, Sources};
pub use render::render;

use findings::Findings;
use template::Template;

/// Everything that is wrong with a template, sorted by resource, path and code.
pub fn validate(template: &Value, sources: &Sources) -> Vec<Finding> {
    inspect(template, sources).findings
}

/// Like [`validate`], and says how much was checked and what was not.
pub fn inspect(template: &Value, sources: &Sources) -> Report {
    let mut findings = Findings::default();
    let document = Template::read(template, &mut findings);
    sections::check(&document, &mut findings);
    limits::check(&document, &mut findings);
    let references = intrinsics::check(&document, &mut findings);
    cycles::check(&references, &mut findings);
    sections::check_unused_parameters(&document, &references, &mut findings);
    schema::check(&document, &mut findings);
    lambda::check(&document, &mut findings);
    schedule_rules::check(&document, &mut findings);
    notifications::check(&document, &references.resources, &mut findings);
    glue::check(&document, &mut findings);
    stateful::check(&document, &mut findings);
    state_machines::check(&document, &mut findings);
    suppression::apply(&document, &mut findings);
    findings.report(sources)
}
