//! The least that CloudFormation and a pipeline have to be allowed to deploy a template.
//!
//! [`roles`] reads a template, anybody's, and writes another one with two roles. Under the *execution role* CloudFormation
//! creates, changes and deletes the stack's resources: it is allowed what the handlers of their types call, by the specification,
//! on the names that they will have. The *pipeline's role* may do what the caller says it does itself, and pass the other one.
//!
//! ```
//! use roles::{Options, roles};
//! use serde_json::json;
//!
//! let template = json!({"Resources": {"Work": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "work"}}}});
//! let document = roles(&template, Options::new("jobs"))?;
//! assert!(document.to_json().contains("arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:work"));
//! # Ok::<(), roles::Error>(())
//! ```
#![warn(missing_docs)]

mod conditions;
mod corrections;
mod error;
mod lengths;
mod names;
mod needs;
mod owners;
mod passing;
mod policies;
mod property;
mod statements;
mod template;
mod unneeded;

use std::collections::BTreeMap;

use cfn::{Document, Statement};
use serde_json::Value;

pub use error::Error;
pub use names::STACK;
pub use unneeded::{Unneeded, unneeded};

use names::Names;
use needs::Needs;

/// What a template does not say itself.
#[derive(Clone, Debug)]
pub struct Options<'a> {
    stack: &'a str,
    known: BTreeMap<String, String>,
    pipeline: Vec<Statement>,
}

impl<'a> Options<'a> {
    /// The name under which the stack is deployed, unless a parameter of the roles' template says another.
    #[must_use]
    pub fn new(stack: &'a str) -> Self {
        Self {
            stack,
            known: BTreeMap::new(),
            pipeline: Vec::new(),
        }
    }

    /// What deployment gives for a parameter of the template, as a text for `Fn::Sub` with `*` for what differs from one
    /// deployment to the next. Of other parameters nothing is known.
    #[must_use]
    pub fn parameter(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.known.insert(name.into(), text.into());
        self
    }

    /// What the pipeline may do itself. [`STACK`] in a text for `Fn::Sub` is the deployed stack's name.
    #[must_use]
    pub fn pipeline(mut self, statements: impl IntoIterator<Item = Statement>) -> Self {
        self.pipeline.extend(statements);
        self
    }
}

/// The template of the roles that deploy a template.
///
/// # Errors
/// When a type's needs are unknown or cannot be limited to the stack, or take more than a role can hold.
pub fn roles(template: &Value, options: Options<'_>) -> Result<Document, Error> {
    let longest_stack_name = lengths::longest_stack_name(template, options.stack)?;
    let needs = Needs::of(template, Names::new(template, &options.known))?;
    let roles = template::Roles {
        stack: options.stack,
        longest_stack_name,
        execution: policies::of(statements::of(&needs), longest_stack_name)?,
        pipeline: options.pipeline,
    };
    roles.document()
}
