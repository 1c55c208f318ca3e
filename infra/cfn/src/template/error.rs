//! What can be wrong with a template.

use std::fmt;
use std::panic::Location;

use super::logical_id::LogicalId;

/// One mistake in a template, with the source line that made it where there is one.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Two entries have the same name.
    #[error("the name `{name}` is used twice, at {first} and at {second}; rename one of the two")]
    DuplicateName {
        /// The name.
        name: LogicalId,
        /// Where it was used first.
        first: &'static Location<'static>,
        /// Where it was used again.
        second: &'static Location<'static>,
    },
    /// A name is not one that CloudFormation accepts.
    #[error("`{name}` at {location} is no name for CloudFormation; {reason}")]
    InvalidName {
        /// The name.
        name: LogicalId,
        /// What to do about it.
        reason: String,
        /// Where it was used.
        location: &'static Location<'static>,
    },
    /// A handle belongs to another template.
    #[error(
        "the template has no resource `{logical_id}`, which {location} wants to change; use the handle that this template's `add` returned"
    )]
    ForeignHandle {
        /// The name that the handle has.
        logical_id: LogicalId,
        /// Where it was used.
        location: &'static Location<'static>,
    },
    /// The template's tags cannot be merged into a resource's.
    #[error(
        "the tags of `{logical_id}` at {location} are an intrinsic function, so the template's tags cannot be added; set them as a list of tags"
    )]
    TagsUnknown {
        /// The resource.
        logical_id: LogicalId,
        /// Where it was added.
        location: &'static Location<'static>,
    },
    /// A section has more entries than CloudFormation accepts.
    #[error("the template has {count} {what}, CloudFormation accepts {limit}; split the stack")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// How many there are.
        count: usize,
        /// How many there may be.
        limit: usize,
    },
    /// A text or the whole template is longer than CloudFormation accepts.
    #[error("{what} takes {bytes} bytes, CloudFormation accepts {limit}; {remedy}")]
    TooLong {
        /// What is too long.
        what: String,
        /// How long it is.
        bytes: usize,
        /// How long it may be.
        limit: usize,
        /// What to do about it.
        remedy: &'static str,
    },
    /// A template without resources cannot be deployed.
    #[error("the template has no resources; add at least one")]
    Empty,
}

/// Everything that is wrong with a template, one line each.
#[derive(Clone, Debug, PartialEq)]
pub struct Errors(pub Vec<Error>);

impl fmt::Display for Errors {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "\n" };
            write!(formatter, "{separator}{error}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Errors {}
