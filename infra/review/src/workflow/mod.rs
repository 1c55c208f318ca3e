//! State machines: what changes in their states, and what executions in flight may meet.

mod aspects;
mod fate;
mod flight;
mod machine;
pub(crate) mod model;
mod references;
mod states;

use asl::check::MachineType;
use asl::template::is_machine;
use serde_json::{Value, json};

use self::fate::Fates;
use self::flight::{Named, gone_by_name, warnings};
use self::machine::Machine;
use self::model::{StateAspect, StateChange, WorkflowChange};
use crate::iam::Losses;
use crate::model::Change;
use crate::resources::Pair;
use crate::template::Resource;

/// Every state machine of both templates that changes, or whose executions in flight are in danger.
pub(crate) fn changes(pair: &Pair<'_>, changes: &[Change], losses: &Losses) -> Vec<WorkflowChange> {
    let old = pair.old.resources();
    let new = pair.new.resources();
    if !old.values().any(|resource| is_machine(resource.kind())) {
        return Vec::new();
    }
    let fates = Fates::of(pair, changes);
    let around = Around {
        named: gone_by_name(&fates),
        losses,
        fates,
    };
    let both = old.iter().filter_map(|(id, &resource)| {
        let after = new.get(pair.old.new_id(id))?;
        around.change(resource, *after, pair)
    });
    both.collect()
}

/// What is around the machines.
struct Around<'a> {
    fates: Fates<'a>,
    named: Named<'a>,
    losses: &'a Losses,
}

impl Around<'_> {
    fn change(
        &self,
        old: Resource<'_>,
        new: Resource<'_>,
        pair: &Pair<'_>,
    ) -> Option<WorkflowChange> {
        let before = Machine::read(old, pair.old)?;
        let after = Machine::read(new, pair.new)?;
        let (mut states, unread) = compared(&before, &after);
        if let Some(change) = machine_type(&before, &after) {
            states.insert(0, change);
        }
        let change = WorkflowChange {
            logical_id: new.id.to_owned(),
            states,
            warnings: warnings(old.id, &before, &self.fates, &self.named, self.losses),
            unread,
        };
        let is_empty =
            change.states.is_empty() && change.warnings.is_empty() && change.unread.is_none();
        (!is_empty).then_some(change)
    }
}

/// Of a state, or a list of them, that depends on a condition.
const PARTLY: &str = "a part of the definition depends on a condition: what stands where it is false is not compared";

/// What differs between the definitions, and why not all of it is known.
fn compared(before: &Machine, after: &Machine) -> (Vec<StateChange>, Option<String>) {
    if before.source == after.source {
        return (Vec::new(), None);
    }
    match (&before.definition, &after.definition) {
        (Ok(old), Ok(new)) => {
            let is_partly_read = before.is_partly_read || after.is_partly_read;
            (
                states::changes(old, new),
                is_partly_read.then(|| PARTLY.to_owned()),
            )
        }
        (Err(reason), Ok(_)) => (Vec::new(), Some(format!("before: {reason}"))),
        (_, Err(reason)) => (Vec::new(), Some(reason.clone())),
    }
}

fn machine_type(before: &Machine, after: &Machine) -> Option<StateChange> {
    let name = |machine: &Machine| -> Value {
        match machine.kind {
            MachineType::Standard => json!({"Type": "STANDARD"}),
            MachineType::Express => json!({"Type": "EXPRESS"}),
        }
    };
    (before.kind != after.kind).then(|| StateChange {
        path: String::new(),
        aspect: StateAspect::Type,
        old: Some(name(before)),
        new: Some(name(after)),
    })
}
