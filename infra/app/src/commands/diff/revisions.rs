//! The stacks of a revision against those of the working tree, or of another revision.

use std::collections::BTreeSet;

use review::SourceLines;
use serde_json::Value;

use super::revision::Revision;
use super::sides::Sides;
use crate::CommandError;
use crate::deploy_role::{SUFFIX, deploy_role};
use crate::stacks::{self, Definition};
use crate::synthesis::synthesize;
use crate::templates::read;

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
        None => of_today(&base.stacks),
    };
    if let Some(unknown) =
        (selected.iter()).find(|name| !now.contains(*name) && !base.stacks.contains(*name))
    {
        return Err(CommandError::UnknownStack {
            name: unknown.clone(),
            known: Vec::from_iter(now).join(", "),
        });
    }
    // Who names a stack means its roles too.
    let is_named = |name: &str| selected.iter().any(|selected| selected == name);
    let is_selected = |name: &&String| {
        selected.is_empty() || is_named(name) || name.strip_suffix(SUFFIX).is_some_and(is_named)
    };
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

/// The stacks of the working tree, and the roles that deploy them. A stack whose roles nobody has written down has none to compare.
fn of_today(before: &BTreeSet<String>) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for stack in &stacks::ALL {
        let roles = format!("{}{SUFFIX}", stack.name);
        if before.contains(&roles) || !before.contains(stack.name) {
            names.insert(roles);
        }
        names.insert(stack.name.to_owned());
    }
    names
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
    let find = |name: &str| stacks::ALL.iter().find(|stack| stack.name == name);
    if let Some(definition) = find(name) {
        return of_definition(definition, old);
    }
    let new = match name.strip_suffix(SUFFIX).and_then(find) {
        Some(definition) => {
            let roles = deploy_role(definition, &synthesize(definition)?)?;
            read(name, &roles.to_json())?
        }
        None => Value::Null,
    };
    Ok(without_lines(name, old, new))
}

fn of_definition(definition: &Definition, old: Value) -> Result<Sides, CommandError> {
    let synthesized = synthesize(definition)?;
    Ok(Sides {
        name: definition.name.to_owned(),
        old,
        new: read(definition.name, &synthesized.document.to_json())?,
        lines: SourceLines::of_code(definition.name, synthesized.lines()),
        intents: None,
    })
}
