//! What a check returns.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use super::code;
use crate::Pointer;

/// What is known of the data beside the definition, as JSON Schemas.
#[derive(Clone, Debug, Default)]
pub struct Schemas {
    /// The execution's input.
    pub input: Option<Value>,
    /// What tasks answer: a function's response by the text that names it in `FunctionName` or `Resource` (its ARN, its
    /// name, `${Placeholder}`), any other result by the name of the state.
    pub results: BTreeMap<String, Value>,
}

/// The kinds of state machines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MachineType {
    /// Runs up to a year, and can wait for jobs and callbacks.
    #[default]
    Standard,
    /// Runs up to five minutes, and waits for nothing but answers.
    Express,
}

/// One thing that is wrong with a definition.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// Where.
    pub pointer: Pointer,
    /// One of [`super::code`].
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

/// How bad a finding is, of a definition or of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// AWS would refuse it, or do something else than was meant; an execution that gets there would fail.
    Error,
    /// Advice, or something that could not be checked: it may work, and may cost or surprise.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

/// Something that was not checked, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NotChecked {
    /// Where.
    pub pointer: Pointer,
    /// Why.
    pub reason: String,
}

/// The findings, and how far they can be trusted to be all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// What is wrong, sorted by place and code, each once.
    pub findings: Vec<Finding>,
    /// Expressions and paths whose data was followed.
    pub checked: usize,
    /// What could not be judged.
    pub not_checked: Vec<NotChecked>,
}

impl Report {
    /// Adds what only the reader of the text knows: keys that an object has twice.
    pub fn add_duplicates(&mut self, duplicates: &[Pointer]) {
        self.findings
            .extend(duplicates.iter().map(|pointer| Finding {
                pointer: pointer.clone(),
                code: code::DUPLICATE_KEY,
                severity: Severity::Error,
                message: "this key is there twice; the first value is lost".to_owned(),
                help: "rename or remove one of them".to_owned(),
            }));
        self.findings.sort();
    }

    /// Says of everything that it is inside this place: where a definition is in a template.
    pub fn move_under(&mut self, place: &Pointer) {
        let findings = self.findings.iter_mut().map(|finding| &mut finding.pointer);
        let not_checked = self.not_checked.iter_mut().map(|each| &mut each.pointer);
        for pointer in findings.chain(not_checked) {
            *pointer = place.join(pointer);
        }
    }
}
