//! The stacks of a revision against those of the working tree, or of another revision.

use std::collections::BTreeSet;

use review::SourceLines;
use serde_json::Value;

use super::revision::Revision;
use super::sides::{Sides, lines, read};
use crate::CommandError;
use crate::stacks::{self, Definition};
use crate::synthesis::synthesize;

/// All stacks, or those that are `selected`: from `base` to `head`, or to the working tree.
pub(super) fn sides(
    base: &str,
    head: Option<&str>,
    selected: &[String],
) -> Result<Vec<Sides>, CommandError> {
    let base = Templates::of(base)?;
    let head = head.map(Templates::of).transpose()?;
    let now: BTreeSet<String> = match &head {
        Some(head) => head.stacks.clone(),
        None => (stacks::ALL.iter())
            .map(|stack| stack.name.to_owned())
            .collect(),
    };
    if let Some(unknown) =
        (selected.iter()).find(|name| !now.contains(*name) && !base.stacks.contains(*name))
    {
        return Err(CommandError::UnknownStack {
            name: unknown.clone(),
            known: Vec::from_iter(now).join(", "),
        });
    }
    let is_selected = |stack: &&String| selected.is_empty() || selected.contains(stack);
    let names = base.stacks.union(&now).filter(is_selected);
    names
        .map(|name| {
            let old = base.template(name)?;
            match &head {
                Some(head) => Ok(without_lines(name, old, head.template(name)?)),
                None => of_working_tree(name, old),
            }
        })
        .collect()
}

/// The templates of a revision.
struct Templates {
    revision: Revision,
    stacks: BTreeSet<String>,
}

impl Templates {
    fn of(name: &str) -> Result<Self, CommandError> {
        let revision = Revision::find(name)?;
        let stacks = revision.stacks()?;
        Ok(Self {
            stacks: stacks.into_iter().collect(),
            revision,
        })
    }

    /// Null where the revision has no such stack.
    fn template(&self, stack: &str) -> Result<Value, CommandError> {
        if !self.stacks.contains(stack) {
            return Ok(Value::Null);
        }
        let place = format!("{stack} of {}", self.revision.name);
        read(&place, &self.revision.template(stack)?)
    }
}

fn without_lines(name: &str, old: Value, new: Value) -> Sides {
    Sides {
        name: name.to_owned(),
        old,
        new,
        lines: SourceLines::new(),
        intents: None,
    }
}

fn of_working_tree(name: &str, old: Value) -> Result<Sides, CommandError> {
    match stacks::ALL
        .iter()
        .find(|definition| definition.name == name)
    {
        Some(definition) => of_definition(definition, old),
        None => Ok(without_lines(name, old, Value::Null)),
    }
}

fn of_definition(definition: &Definition, old: Value) -> Result<Sides, CommandError> {
    let synthesized = synthesize(definition)?;
    Ok(Sides {
        name: definition.name.to_owned(),
        old,
        new: read(definition.name, &synthesized.document.to_json())?,
        lines: lines(definition.name, &synthesized),
        intents: None,
    })
}
