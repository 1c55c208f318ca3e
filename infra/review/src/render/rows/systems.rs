//! Rows on state machines, columns and costs.

use serde_json::Value;

use super::{Lines, Row, clean, text};
use crate::columns::model::{SchemaAction, SchemaChange};
use crate::cost::model::{CostChange, Direction};
use crate::workflow::model::{FlightWarning, StateAspect, StateChange, WorkflowChange};

/// What executions in flight may meet.
pub(super) fn in_flight(change: &WorkflowChange, lines: &Lines) -> Vec<Row> {
    let row = |warning: &FlightWarning| Row {
        rule: "executions-in-flight",
        mark: '!',
        subject: clean(&change.logical_id),
        kind: "executions in flight".to_owned(),
        verdict: clean(&warning.explanation),
        values: Vec::new(),
        reasons: (warning.states.iter())
            .map(|state| clean(&format!("{state} calls {}", warning.resource)))
            .collect(),
        source: lines.get(&change.logical_id).cloned(),
    };
    change.warnings.iter().map(row).collect()
}

/// The states of a machine that change: one row for the machine.
pub(super) fn machine(change: &WorkflowChange, lines: &Lines) -> Option<Row> {
    if change.states.is_empty() && change.unread.is_none() {
        return None;
    }
    Some(Row {
        rule: "workflow",
        mark: '~',
        subject: clean(&change.logical_id),
        kind: "state machine".to_owned(),
        verdict: match change.states.len() {
            0 => "changed, and not wholly compared".to_owned(),
            1 => "1 change".to_owned(),
            count => format!("{count} changes"),
        },
        values: change.states.iter().map(state).collect(),
        reasons: change.unread.iter().map(|reason| clean(reason)).collect(),
        source: lines.get(&change.logical_id).cloned(),
    })
}

fn state(change: &StateChange) -> String {
    let path = if change.path.is_empty() {
        "the machine"
    } else {
        &change.path
    };
    let what = match change.aspect {
        StateAspect::Added => return clean(&format!("{path}: added")),
        StateAspect::Removed => return clean(&format!("{path}: removed")),
        StateAspect::Moved => "moved",
        StateAspect::Type => "type",
        StateAspect::Wiring => "wiring",
        StateAspect::Resource => "call",
        StateAspect::Retries => "retries",
        StateAspect::Timeouts => "timeouts",
        StateAspect::Concurrency => "concurrency",
        StateAspect::Data => "data",
    };
    values(
        &format!("{path}, {what}"),
        change.old.as_ref(),
        change.new.as_ref(),
    )
}

/// A column, or the files of a table.
pub(super) fn column(change: &SchemaChange, lines: &Lines) -> Row {
    let action = match change.action {
        SchemaAction::Add => "added",
        SchemaAction::Drop => "dropped",
        SchemaAction::Rename => "renamed",
        SchemaAction::Retype => "retyped",
        SchemaAction::Reorder => "in another order",
        SchemaAction::Files => "changed",
    };
    let breaks = if change.breaking {
        ", which breaks readers"
    } else {
        ""
    };
    Row {
        rule: if change.breaking {
            "breaking-schema"
        } else {
            "schema"
        },
        mark: if change.breaking { '!' } else { '~' },
        subject: clean(&change.logical_id),
        kind: clean(&change.path),
        verdict: format!("{action}{breaks}"),
        values: vec![values(
            &change.path,
            change.old.as_ref(),
            change.new.as_ref(),
        )],
        reasons: vec![clean(&change.explanation)],
        source: lines.get(&change.logical_id).cloned(),
    }
}

/// Something that a bill shows.
pub(super) fn cost(change: &CostChange, lines: &Lines) -> Row {
    let (rule, mark, verdict) = match change.direction {
        Direction::Up => ("cost-up", '^', "costs more, or may"),
        Direction::Down => ("cost-down", 'v', "costs less, or may"),
        Direction::Unknown => ("cost", '~', "may cost something else"),
    };
    let path = if change.path.is_empty() {
        "the resource"
    } else {
        &change.path
    };
    Row {
        rule,
        mark,
        subject: clean(&change.logical_id),
        kind: clean(&change.resource_type),
        verdict: verdict.to_owned(),
        values: vec![values(path, change.old.as_ref(), change.new.as_ref())],
        reasons: vec![clean(&change.explanation)],
        source: lines.get(&change.logical_id).cloned(),
    }
}

fn values(place: &str, old: Option<&Value>, new: Option<&Value>) -> String {
    clean(&format!("{place}: {} -> {}", text(old), text(new)))
}
