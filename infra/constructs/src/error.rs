//! What can be wrong with a stack.

use workflow::Problem;

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
