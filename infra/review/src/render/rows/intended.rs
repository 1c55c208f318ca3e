//! Rows on what CloudFormation intends.

use super::{Row, clean};
use crate::intent::model::{Agreement, IntendedAction, IntendedChange};
use crate::model::{Replacement, StackReview};
use crate::source::StackLines;

/// The resources of which CloudFormation and the review agree so far, or so little.
pub(super) fn intended(
    stack: &StackReview,
    lines: StackLines<'_>,
    agreement: Agreement,
) -> Vec<Row> {
    let changes = stack.intended.iter();
    changes
        .filter(|change| change.agreement == agreement)
        .map(|change| row(change, lines))
        .collect()
}

fn row(change: &IntendedChange, lines: StackLines<'_>) -> Row {
    Row {
        rule: match change.agreement {
            Agreement::Unforeseen => "unforeseen",
            Agreement::NotIntended | Agreement::AsReviewed => "not-intended",
        },
        mark: match (change.action, change.replacement) {
            (IntendedAction::Add | IntendedAction::Import, _) => '+',
            (IntendedAction::Remove, _) => '-',
            (IntendedAction::Nothing, _) => '=',
            (_, Replacement::None) => '~',
            _ => '!',
        },
        subject: clean(&change.logical_id),
        kind: clean(&change.resource_type),
        verdict: change.explanation.clone(),
        values: Vec::new(),
        reasons: change.because.iter().map(|reason| clean(reason)).collect(),
        source: lines.resource(&change.logical_id, ""),
        is_told: false,
    }
}
