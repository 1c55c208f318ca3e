//! Mistakes that types cannot rule out.

use std::fmt;
use std::panic::Location;

/// A mistake in the description of a machine or of a stack, with the source line that made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong and what to do about it.
    pub message: String,
    /// The line of the step or of the construct.
    pub location: &'static Location<'static>,
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.location, self.message)
    }
}
