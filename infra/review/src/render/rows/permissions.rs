//! Rows on permissions and security.

use super::{Row, clean};
use crate::iam::{PermissionChange, SecurityChange, Verdict};
use crate::model::StackReview;
use crate::source::StackLines;

/// Principals whose permissions change so.
pub(super) fn permissions(
    stack: &StackReview,
    lines: StackLines<'_>,
    is_so: fn(Verdict) -> bool,
) -> Vec<Row> {
    let changes = stack.iam.iter().filter(|change| is_so(change.verdict));
    changes
        .map(|change| permission_row(change, lines))
        .collect()
}

fn permission_row(change: &PermissionChange, lines: StackLines<'_>) -> Row {
    let witnesses = || std::iter::once(&change.witness).chain(&change.further);
    let whose = |on: &String| format!("{} on {on}", change.principal);
    Row {
        rule: match change.verdict {
            Verdict::Widened => "iam-widened",
            Verdict::NotComparable => "iam-not-comparable",
            Verdict::Narrowed => "iam-narrowed",
            Verdict::Equivalent => "iam-equivalent",
        },
        mark: match change.verdict {
            Verdict::Widened => '+',
            Verdict::NotComparable => '?',
            Verdict::Narrowed => '-',
            Verdict::Equivalent => '=',
        },
        subject: clean(
            &change
                .on
                .as_ref()
                .map_or_else(|| change.principal.clone(), whose),
        ),
        kind: "permissions".to_owned(),
        verdict: match change.verdict {
            Verdict::Widened => "widened",
            Verdict::NotComparable => "not comparable",
            Verdict::Narrowed => "narrowed",
            Verdict::Equivalent => "the same, written in another way",
        }
        .to_owned(),
        values: witnesses().map(|witness| clean(&witness.text)).collect(),
        reasons: witnesses()
            .map(|witness| clean(&format!("{}: {}", witness.logical_id, witness.path)))
            .collect(),
        source: lines.resource(&change.witness.logical_id, place(change)),
        is_told: false,
    }
}

/// Where the example stands. What is no longer allowed has no statement any more; its document is as near as it gets.
fn place(change: &PermissionChange) -> &str {
    match change.verdict {
        Verdict::Narrowed => document(&change.witness.path),
        _ => &change.witness.path,
    }
}

/// The policy document that a statement is in.
pub(super) fn document(path: &str) -> &str {
    path.find(".Statement").map_or(path, |end| &path[..end])
}

/// A setting that is weakened or strengthened.
pub(super) fn security_row(change: &SecurityChange, lines: StackLines<'_>) -> Row {
    let weakens = change.verdict == Verdict::Widened;
    Row {
        rule: if weakens {
            "security-weakened"
        } else {
            "security-strengthened"
        },
        mark: if weakens { '!' } else { '~' },
        subject: clean(&change.logical_id),
        kind: clean(&change.path),
        verdict: if weakens { "weakened" } else { "strengthened" }.to_owned(),
        values: vec![clean(&change.explanation)],
        reasons: Vec::new(),
        source: lines.resource(&change.logical_id, &change.path),
        is_told: false,
    }
}
