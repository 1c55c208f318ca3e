//! References of which CloudFormation cannot tell whether they change, and this review can.
//!
//! A property that takes the id or an attribute of a resource that is updated counts as changing for a change set, because the
//! value is only known afterwards (`Dynamic`). A resource that stays where it is keeps its id and what identifies it.

use std::ops::Deref;

use super::Shown;
use super::model::{IntendedAction, Intent, IntentDetail, IntentSource};
use crate::model::Replacement;
use crate::settings::TAGS;

/// An entry of a change set, with its replacement as far as it is not excluded.
pub(super) struct Settled<'a> {
    intent: &'a Intent,
    pub(super) replacement: Replacement,
    /// Whether it does nothing by itself: it only refers to what is shown, or takes the stack's tags, whose change is shown.
    pub(super) follows: bool,
}

impl Deref for Settled<'_> {
    type Target = Intent;

    fn deref(&self) -> &Intent {
        self.intent
    }
}

/// What is left of an entry when the references that do not change are left out.
pub(super) fn settled<'a>(intent: &'a Intent, shown: &Shown<'_>) -> Settled<'a> {
    let is_modified = intent.action == IntendedAction::Modify && !intent.details.is_empty();
    if !is_modified {
        return Settled {
            intent,
            replacement: intent.replacement,
            follows: false,
        };
    }
    let details = || intent.details.iter();
    let replacing = details().filter(|detail| !stays(detail, shown));
    let certain = replacing.map(|detail| detail.replacement).max();
    Settled {
        intent,
        replacement: intent.replacement.min(certain.unwrap_or_default()),
        follows: details().all(|detail| stays(detail, shown) || follows(detail, shown)),
    }
}

/// Whether the value is certain to stay: it identifies a resource that is not replaced.
fn stays(detail: &IntentDetail, shown: &Shown<'_>) -> bool {
    let id = match &detail.source {
        IntentSource::Resource(id) => id,
        IntentSource::Attribute(id, attribute) if identifies(attribute) => id,
        _ => return false,
    };
    detail.dynamic && is_in_place(id, shown)
}

/// Whether the value may change as a consequence of what is shown, and then changes the resource where it is; or is one of the
/// stack's tags, whose change is shown.
fn follows(detail: &IntentDetail, shown: &Shown<'_>) -> bool {
    if detail.replacement != Replacement::None {
        return false;
    }
    match &detail.source {
        IntentSource::Attribute(id, _) => {
            detail.dynamic && shown.resources.contains_key(id.as_str())
        }
        IntentSource::Direct => shown.tags && detail.name == TAGS,
        _ => false,
    }
}

/// Attributes that are what the resource is called, as their names say.
fn identifies(attribute: &str) -> bool {
    ["Arn", "Id", "Name", "Url", "URL", "Endpoint", "Uri"]
        .iter()
        .any(|ending| attribute.ends_with(ending))
}

fn is_in_place(id: &str, shown: &Shown<'_>) -> bool {
    shown.resources.get(id).is_none_or(|expected| {
        expected.action == IntendedAction::Modify
            && expected.change.replacement == Replacement::None
    })
}
