//! Rows on state machines, columns and costs.

use serde_json::Value;

use super::{Row, clean, text};
use crate::columns::model::{SchemaAction, SchemaChange};
use crate::cost::model::{CostChange, Direction};
use crate::model::StackReview;
use crate::source::StackLines;
use crate::workflow::model::{FlightWarning, StateAspect, StateChange, WorkflowChange};

/// How the properties begin that say what a machine does.
pub(super) const DEFINITION: &str = "Properties.Definition";

/// What executions in flight may meet.
pub(super) fn in_flight(change: &WorkflowChange, lines: StackLines<'_>) -> Vec<Row> {
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
        source: lines.resource(&change.logical_id, ""),
        is_told: false,
    };
    change.warnings.iter().map(row).collect()
}

/// The states of a machine that change: one row for the machine.
pub(super) fn machine(
    change: &WorkflowChange,
    stack: &StackReview,
    lines: StackLines<'_>,
) -> Option<Row> {
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
        source: lines.resource(&change.logical_id, definition(stack, change)),
        is_told: false,
    })
}

/// The first property that changes in the definition.
fn definition<'a>(stack: &'a StackReview, machine: &WorkflowChange) -> &'a str {
    let changes = stack.changes.iter();
    let mut properties = changes
        .filter(|change| change.logical_id == machine.logical_id)
        .flat_map(|change| &change.properties);
    let found = properties.find(|property| property.path.starts_with(DEFINITION));
    found.map_or(DEFINITION, |property| &property.path)
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
pub(super) fn column(change: &SchemaChange, lines: StackLines<'_>) -> Row {
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
        source: lines.resource(&change.logical_id, &in_table(&change.path)),
        is_told: false,
    }
}

/// The path of a column or its files in the resource.
pub(super) fn in_table(path: &str) -> String {
    let (around, name) = match path {
        "SerdeParameters" => ("StorageDescriptor.SerdeInfo.", "Parameters"),
        "SerializationLibrary" => ("StorageDescriptor.SerdeInfo.", path),
        path if path.starts_with("PartitionKeys") => ("", path),
        path => ("StorageDescriptor.", path),
    };
    format!("Properties.TableInput.{around}{name}")
}

/// Something that a bill shows.
pub(super) fn cost(change: &CostChange, lines: StackLines<'_>) -> Row {
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
        source: lines.resource(&change.logical_id, &change.path),
        is_told: false,
    }
}

fn values(place: &str, old: Option<&Value>, new: Option<&Value>) -> String {
    clean(&format!("{place}: {} -> {}", text(old), text(new)))
}
