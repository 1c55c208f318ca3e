//! Names within a template.

use std::fmt;

const LONGEST: usize = 255;

/// The name of a resource, parameter, condition, mapping or output within a template: letters and digits, at most 255.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LogicalId(String);

impl LogicalId {
    /// A name as it was given; [`LogicalId::check`] says whether it is one.
    pub(crate) fn unchecked(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// What is wrong with the name.
    pub(crate) fn check(&self) -> Result<(), &'static str> {
        if self.0.is_empty() || !self.0.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err("use ASCII letters and digits only");
        }
        if self.0.len() > LONGEST {
            return Err("use at most 255 characters");
        }
        Ok(())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for LogicalId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
