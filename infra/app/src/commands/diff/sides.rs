//! What is compared with what.

use std::path::Path;

use asl::source;
use review::{SourceLines, StackReview};
use serde_json::Value;

use super::revision::Revision;
use crate::CommandError;
use crate::cli::DiffArguments;
use crate::stacks::{self, Definition};
use crate::synthesis::synthesize;

/// Two templates of one stack. One that is not there is null.
pub(super) struct Sides {
    name: String,
    old: Value,
    new: Value,
    /// Lines that declare the new resources.
    pub(super) lines: SourceLines,
}

impl Sides {
    pub(super) fn review(&self) -> StackReview {
        review::review(&self.name, &self.old, &self.new)
    }

    pub(super) fn of_files(old: &Path, new: &Path) -> Result<Self, CommandError> {
        let name = new.file_stem().unwrap_or_default().to_string_lossy();
        Ok(Self {
            name: name.trim_end_matches(".template").to_owned(),
            old: read_file(old)?,
            new: read_file(new)?,
            lines: SourceLines::new(),
        })
    }

    /// The stacks of the working tree, or those that are named, against a revision.
    pub(super) fn of_revision(name: &str, selected: &[String]) -> Result<Vec<Self>, CommandError> {
        let revision = Revision::find(name)?;
        let before = revision.stacks()?;
        let is_selected =
            |stack: &str| selected.is_empty() || selected.iter().any(|name| name == stack);
        for name in selected.iter().filter(|name| !before.contains(name)) {
            stacks::find(name)?;
        }
        let read = |stack: &str| -> Result<Value, CommandError> {
            if !before.iter().any(|name| name == stack) {
                return Ok(Value::Null);
            }
            read(&format!("{stack} of {name}"), &revision.template(stack)?)
        };
        let mut sides = Vec::new();
        for definition in stacks::ALL.iter().filter(|stack| is_selected(stack.name)) {
            sides.push(Self::of_definition(definition, read(definition.name)?)?);
        }
        let is_gone = |stack: &&String| !stacks::ALL.iter().any(|known| known.name == **stack);
        for stack in before
            .iter()
            .filter(is_gone)
            .filter(|stack| is_selected(stack))
        {
            sides.push(Self {
                name: stack.clone(),
                old: read(stack)?,
                new: Value::Null,
                lines: SourceLines::new(),
            });
        }
        Ok(sides)
    }

    pub(super) async fn of_deployed(
        stack: &str,
        arguments: &DiffArguments,
    ) -> Result<Self, CommandError> {
        let definition = stacks::find(stack)?;
        let name = arguments.stack_name.as_deref().unwrap_or(stack);
        let target = arguments.target.connect().await?;
        let deployed = deploy::deployed_template(&target, name).await?;
        let Some(deployed) = deployed else {
            return Err(CommandError::NotDeployed(name.to_owned()));
        };
        Self::of_definition(definition, read(&format!("{name} as deployed"), &deployed)?)
    }

    /// A stack of the working tree against what it was.
    fn of_definition(definition: &Definition, old: Value) -> Result<Self, CommandError> {
        let synthesized = synthesize(definition)?;
        let lines = synthesized.sources.iter();
        Ok(Self {
            name: definition.name.to_owned(),
            old,
            new: read(definition.name, &synthesized.document.to_json())?,
            lines: lines
                .map(|(id, line)| (id.clone(), line.to_string()))
                .collect(),
        })
    }
}

fn read_file(path: &Path) -> Result<Value, CommandError> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path);
    let text = text.map_err(|error| unreadable(&name, error.to_string()))?;
    read(&name, &text)
}

fn read(path: &str, text: &str) -> Result<Value, CommandError> {
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
