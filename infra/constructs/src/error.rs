//! What can be wrong with a stack.

use std::fmt;
use std::panic::Location;

/// A mistake in the description of a stack, with the source line that made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong and what to do about it.
    pub message: String,
    /// The line of the construct.
    pub location: &'static Location<'static>,
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.location, self.message)
    }
}

/// Why a stack could not be synthesized.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Constructs were used in a way that cannot work; every mistake is listed.
    #[error("stack `{stack}` cannot be synthesized, correct these:\n{}", lines(.problems))]
    Problems {
        /// The stack's name.
        stack: String,
        /// The mistakes, in the order of the code.
        problems: Vec<Problem>,
    },
    /// The template itself is not acceptable.
    #[error("the template of stack `{stack}` is not acceptable, correct these:\n{errors}")]
    Template {
        /// The stack's name.
        stack: String,
        /// What is wrong with it.
        errors: cfn::Errors,
    },
}

fn lines(problems: &[Problem]) -> String {
    problems
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("\n")
}
