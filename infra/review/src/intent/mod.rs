//! What CloudFormation intends, against what the review shows. A reviewer approves what was shown; so whatever goes beyond it
//! stands out.

pub(crate) mod model;
mod reference;

use std::collections::BTreeMap;

use crate::lifecycle::Lifecycles;
use crate::model::{Action, Change, Replacement, StackReview, Summary};
use model::{Agreement, IntendedAction, IntendedChange, Intent, IntentDetail};
use reference::Settled;

impl StackReview {
    /// Adds what CloudFormation intends, an entry of a change set each, and how it stands to this review.
    #[must_use]
    pub fn with_intents(mut self, intents: &[Intent]) -> Self {
        self.intended = against(&self, intents);
        self.summary = Summary::of(&self);
        self
    }
}

/// A rename is two entries of a change set, one by each logical id.
#[derive(Clone, Copy)]
struct Expected<'a> {
    action: IntendedAction,
    change: &'a Change,
}

/// What the review shows.
struct Shown<'a> {
    resources: BTreeMap<&'a str, Expected<'a>>,
    /// Whether the stack's tags change.
    tags: bool,
}

fn against(review: &StackReview, intents: &[Intent]) -> Vec<IntendedChange> {
    let changes = review.changes.iter();
    let mut expected: BTreeMap<&str, Expected<'_>> = changes.flat_map(expectations).collect();
    let shown = Shown {
        resources: expected.clone(),
        tags: review.changes_tags(),
    };
    let mut intended: Vec<_> = intents
        .iter()
        .map(|intent| {
            let intent = reference::settled(intent, &shown);
            compared(&intent, expected.remove(intent.logical_id.as_str()))
        })
        .collect();
    intended.extend(
        expected
            .into_iter()
            .map(|(id, rest)| not_intended(id, rest)),
    );
    intended.sort_by(|one, other| {
        (one.agreement, &one.logical_id).cmp(&(other.agreement, &other.logical_id))
    });
    intended
}

fn expectations(change: &Change) -> Vec<(&str, Expected<'_>)> {
    let of = |action| Expected { action, change };
    let id = change.logical_id.as_str();
    match change.action {
        Action::Add => vec![(id, of(IntendedAction::Add))],
        Action::Remove => vec![(id, of(IntendedAction::Remove))],
        Action::Modify => vec![(id, of(IntendedAction::Modify))],
        Action::Rename => {
            let before = change.renamed_from.as_deref().unwrap_or_default();
            vec![
                (before, of(IntendedAction::Remove)),
                (id, of(IntendedAction::Add)),
            ]
        }
    }
}

fn compared(intent: &Settled<'_>, expected: Option<Expected<'_>>) -> IntendedChange {
    let (agreement, explanation) = match expected {
        None if intent.follows => (
            Agreement::AsReviewed,
            "it follows from what is shown of another resource, or of the stack's tags",
        ),
        None => (Agreement::Unforeseen, beyond(intent)),
        Some(expected) => verdict(intent, expected),
    };
    let mut because: Vec<_> = intent.details.iter().map(IntentDetail::text).collect();
    because.sort();
    because.dedup();
    IntendedChange {
        logical_id: intent.logical_id.clone(),
        resource_type: intent.resource_type.clone(),
        action: intent.action,
        replacement: intent.replacement,
        agreement,
        explanation: explanation.to_owned(),
        because,
    }
}

fn beyond(intent: &Settled<'_>) -> &'static str {
    match (intent.action, intent.replacement) {
        (IntendedAction::Modify, Replacement::Will) => {
            "CloudFormation replaces it, and the templates do not say why"
        }
        (IntendedAction::Modify, _) => {
            "CloudFormation changes it, and the templates do not say why"
        }
        (IntendedAction::Remove, _) => "CloudFormation removes it, and the templates do not say so",
        _ => "CloudFormation names it, and the templates do not",
    }
}

fn verdict(intent: &Settled<'_>, expected: Expected<'_>) -> (Agreement, &'static str) {
    let unforeseen = |explanation| (Agreement::Unforeseen, explanation);
    let change = expected.change;
    let is_expected = intent.action == expected.action || intent.action == IntendedAction::Dynamic;
    if !is_expected && !depends(change) {
        return unforeseen("CloudFormation does something else with it than the templates say");
    }
    if loses_unseen(intent, change) {
        return unforeseen(
            "CloudFormation deletes it with its data, of which the review says nothing",
        );
    }
    let replaced = (intent.action == IntendedAction::Modify).then_some(intent.replacement);
    match (replaced, change.replacement) {
        (Some(Replacement::Will), Replacement::None) => {
            unforeseen("CloudFormation replaces it; the review says that it stays")
        }
        (Some(Replacement::May), Replacement::None) => {
            unforeseen("CloudFormation may replace it; the review says that it stays")
        }
        (Some(Replacement::None), Replacement::Will) => (
            Agreement::NotIntended,
            "the review says that it is replaced; CloudFormation lets it stay",
        ),
        _ => (Agreement::AsReviewed, "as reviewed"),
    }
}

/// Whether what CloudFormation deletes holds data, and the review does not say that it is lost.
fn loses_unseen(intent: &Settled<'_>, change: &Change) -> bool {
    let lifecycle = Lifecycles::default().of(&intent.resource_type);
    intent.deletes && !change.data_loss && lifecycle.loss().is_some()
}

/// Whether the review says that the resource comes or goes by its condition.
fn depends(change: &Change) -> bool {
    let paths = change.properties.iter().map(|property| &property.path);
    paths.into_iter().any(|path| path == "Condition")
}

fn not_intended(id: &str, expected: Expected<'_>) -> IntendedChange {
    IntendedChange {
        logical_id: id.to_owned(),
        resource_type: expected.change.resource_type.clone(),
        action: IntendedAction::Nothing,
        replacement: Replacement::None,
        agreement: Agreement::NotIntended,
        explanation: "the templates differ here; CloudFormation does nothing".to_owned(),
        because: Vec::new(),
    }
}
