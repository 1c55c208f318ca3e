//! What is compared with what.

use std::path::Path;

use asl::source;
use review::{Intent, SourceLines, Templates};
use serde_json::Value;

use crate::CommandError;
use crate::synthesis::Synthesized;

/// Two templates of one stack. One that is not there is null.
pub(super) struct Sides {
    pub(super) name: String,
    pub(super) old: Value,
    pub(super) new: Value,
    /// Lines that declare the new resources.
    pub(super) lines: SourceLines,
    /// What CloudFormation intends, where it was asked.
    pub(super) intents: Option<Vec<Intent>>,
}

impl Sides {
    pub(super) fn templates(&self) -> Templates<'_> {
        Templates {
            name: &self.name,
            old: &self.old,
            new: &self.new,
        }
    }

    pub(super) fn of_files(old: &Path, new: &Path) -> Result<Self, CommandError> {
        let name = new.file_stem().unwrap_or_default().to_string_lossy();
        Ok(Self {
            name: name.trim_end_matches(".template").to_owned(),
            old: read_file(old)?,
            new: read_file(new)?,
            lines: SourceLines::new(),
            intents: None,
        })
    }
}

/// The lines of Rust that declare the resources.
pub(super) fn lines(synthesized: &Synthesized) -> SourceLines {
    let lines = synthesized.sources.iter();
    lines
        .map(|(id, line)| (id.clone(), line.to_string()))
        .collect()
}

fn read_file(path: &Path) -> Result<Value, CommandError> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path);
    let text = text.map_err(|error| unreadable(&name, error.to_string()))?;
    read(&name, &text)
}

pub(super) fn read(path: &str, text: &str) -> Result<Value, CommandError> {
    let document = source::read(text).map_err(|error| unreadable(path, error.to_string()))?;
    let template = document.value;
    if template.get("Resources").is_some_and(Value::is_object) {
        return Ok(template);
    }
    let problem = "it has no `Resources`, so it is no CloudFormation template";
    Err(unreadable(path, problem.to_owned()))
}

fn unreadable(path: &str, problem: String) -> CommandError {
    CommandError::UnreadableTemplate {
        path: path.to_owned(),
        problem,
    }
}
