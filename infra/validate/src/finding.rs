//! What a validation returns.

use std::collections::BTreeMap;
use std::fmt;
use std::panic::Location;

pub use asl::check::Severity;

/// One thing that is wrong with a template.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The resource it is about; none when it is about the template.
    pub logical_id: Option<String>,
    /// Where in the resource (`Properties.Tags.0.Key`) or in the template (`Outputs.Url.Value`).
    pub path: String,
    /// One of [`crate::code`].
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: String,
    /// The line of Rust that made the resource, when the caller knows it.
    pub source: Option<SourceLine>,
}

/// A line of a source file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceLine {
    /// The file, relative to the workspace.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
}

impl From<&Location<'_>> for SourceLine {
    fn from(location: &Location<'_>) -> Self {
        Self {
            file: location.file().to_owned(),
            line: location.line(),
        }
    }
}

impl fmt::Display for SourceLine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.file, self.line)
    }
}

/// Which line of Rust made which resource, by logical id.
pub type Sources = BTreeMap<String, SourceLine>;

/// The findings, and how far they can be trusted to be all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// What is wrong, sorted by resource, path and code.
    pub findings: Vec<Finding>,
    /// How much was checked.
    pub coverage: Coverage,
}

/// How much of a template was checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Values that were compared with the specification.
    pub checked: usize,
    /// Values that only the deployment knows: references, substitutions and other intrinsics.
    pub deferred: usize,
    /// What the specification or this crate cannot judge.
    pub not_checked: Vec<NotChecked>,
}

/// Something that was not checked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NotChecked {
    /// The resource; none for the template itself.
    pub logical_id: Option<String>,
    /// Where in it.
    pub path: String,
    /// Why.
    pub reason: String,
}
