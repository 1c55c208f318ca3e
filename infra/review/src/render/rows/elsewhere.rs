//! What the row of a resource need not say, because another row does.

use asl::template::is_machine;

use super::permissions::document;
use super::systems::{DEFINITION, in_table};
use super::value_line;
use crate::columns::model::SchemaAction;
use crate::iam::Verdict;
use crate::model::{Action, Change, PropertyChange, Replacement, StackReview};

/// The properties of a resource as a whole.
const PROPERTIES: &str = "Properties";

/// What changes in a resource, a line each. What another row tells is one line that says where.
pub(super) fn values(stack: &StackReview, change: &Change) -> Vec<String> {
    let lines = change.properties.iter().map(|property| {
        let told = told(stack, change, property);
        told.map_or_else(
            || value_line(property),
            |told| format!("{}: see {}", told.place, told.rows),
        )
    });
    let mut lines: Vec<_> = lines.map(|line| super::clean(&line)).collect();
    lines.dedup();
    lines
}

/// Whether other rows say all that there is to say of a resource, be it in other words.
pub(super) fn is_told(stack: &StackReview, change: &Change) -> bool {
    let is_told = |property: &PropertyChange| {
        told(stack, change, property).is_some()
            || is_weak_point(stack, change, &property.path)
            || in_permissions(stack, change, &property.path, |_| true).is_some()
    };
    change.action == Action::Modify
        && change.replacement == Replacement::None
        && !change.data_loss
        && change.causes.is_empty()
        && !change.properties.is_empty()
        && change.properties.iter().all(is_told)
}

/// Whether a row on security is about a property. One on all of the properties is about none of them.
fn is_weak_point(stack: &StackReview, change: &Change, path: &str) -> bool {
    (stack.security.iter()).any(|point| {
        point.logical_id == change.logical_id
            && point.path != PROPERTIES
            && covers(&point.path, path)
    })
}

/// Where it is told what changes.
struct Told<'a> {
    /// What it is told of: the property, or one that it is in.
    place: &'a str,
    /// Which rows tell it.
    rows: &'static str,
}

/// Where else it is told what changes in a property. What replaces a resource is told with the resource.
fn told<'a>(
    stack: &'a StackReview,
    change: &Change,
    property: &'a PropertyChange,
) -> Option<Told<'a>> {
    if property.replacement != Replacement::None {
        return None;
    }
    // Of what cannot be compared a reviewer must see the text.
    let is_compared = |verdict| verdict != Verdict::NotComparable;
    in_permissions(stack, change, &property.path, is_compared)
        .or_else(|| in_machines(stack, change, &property.path))
        .or_else(|| in_columns(stack, change, &property.path))
        .or_else(|| in_costs(stack, change, &property.path))
}

/// By the documents that the examples of a change of permissions are from.
fn in_permissions<'a>(
    stack: &'a StackReview,
    change: &Change,
    path: &'a str,
    is_so: fn(Verdict) -> bool,
) -> Option<Told<'a>> {
    let changes = (stack.iam.iter()).filter(|permissions| is_so(permissions.verdict));
    let witnesses = changes
        .flat_map(|permissions| std::iter::once(&permissions.witness).chain(&permissions.further));
    let documents = witnesses
        .filter(|witness| witness.logical_id == change.logical_id)
        .map(|witness| document(&witness.path))
        .filter(|document| *document != PROPERTIES || is_statement(&change.resource_type));
    let mut places = documents.filter_map(|document| {
        if covers(document, path) {
            return Some(document);
        }
        covers(path, document).then_some(path)
    });
    let place = places.next()?;
    Some(Told {
        place,
        rows: "permissions",
    })
}

/// Types such as `AWS::Lambda::Permission` are a statement each; of others the properties as a whole are no document.
fn is_statement(kind: &str) -> bool {
    !kind.starts_with("AWS::IAM::") && (kind.ends_with("Permission") || kind.ends_with("Policy"))
}

fn in_machines<'a>(stack: &StackReview, change: &Change, path: &'a str) -> Option<Told<'a>> {
    let is_compared = is_machine(&change.resource_type)
        && stack.workflows.iter().any(|machine| {
            machine.logical_id == change.logical_id
                && machine.unread.is_none()
                && !machine.states.is_empty()
        });
    let inner = path.strip_prefix(DEFINITION).filter(|_| is_compared)?;
    let end = inner.find(['.', '[']).unwrap_or(inner.len());
    Some(Told {
        place: &path[..DEFINITION.len() + end],
        rows: "state machines",
    })
}

/// Names and types of columns, not their comments.
fn in_columns<'a>(stack: &StackReview, change: &Change, path: &'a str) -> Option<Told<'a>> {
    let mut tables = (stack.schemas.iter()).filter(|row| row.logical_id == change.logical_id);
    let place = tables.find_map(|row| {
        let list = row.path.split('[').next().unwrap_or_default();
        let list = in_table(list);
        let inner = path.strip_prefix(&list).filter(|_| covers(&list, path))?;
        let is_named = matches!(inner.rsplit(']').next(), Some("" | ".Name" | ".Type"));
        (is_named || row.action == SchemaAction::Files).then(|| &path[..list.len()])
    })?;
    Some(Told {
        place,
        rows: "columns",
    })
}

/// A place in what is paid for is more exact than its row, and stays.
fn in_costs<'a>(stack: &'a StackReview, change: &Change, path: &str) -> Option<Told<'a>> {
    let mut costs = stack.costs.iter();
    let cost = costs.find(|cost| cost.logical_id == change.logical_id && cost.path == path)?;
    Some(Told {
        place: &cost.path,
        rows: "costs",
    })
}

/// Whether a path is another one or leads into it.
fn covers(outer: &str, inner: &str) -> bool {
    let rest = inner.strip_prefix(outer);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}
