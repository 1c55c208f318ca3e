//! What CloudFormation intends, in the words of a review.

use deploy::{Change, ChangeDetail};
use review::{IntendedAction, Intent, IntentDetail, IntentSource, Replacement};

/// Who worked out a change set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Planner {
    /// CloudFormation.
    Aws,
    /// The local AWS, which knows of no property whether it replaces the resource and calls each of them `Conditional`: that
    /// says nothing, and is left out. What it calls `True` stands.
    Local,
}

/// The entries of a change set.
pub(crate) fn intents(changes: &[Change], planner: Planner) -> Vec<Intent> {
    let intents = changes.iter();
    intents.map(|change| intent(change, planner)).collect()
}

fn intent(change: &Change, planner: Planner) -> Intent {
    let policy = change.policy_action.as_deref();
    let details = change.details.iter();
    Intent {
        logical_id: change.logical_id.clone(),
        resource_type: change.resource_type.clone(),
        action: match change.action.as_str() {
            "Add" => IntendedAction::Add,
            "Modify" => IntendedAction::Modify,
            "Remove" => IntendedAction::Remove,
            "Import" => IntendedAction::Import,
            // What a later version of the API may say is as uncertain as `Dynamic`.
            _ => IntendedAction::Dynamic,
        },
        replacement: match change.replacement.as_deref() {
            None | Some("False") => Replacement::None,
            Some("True") => Replacement::Will,
            Some(_) => perhaps(planner),
        },
        deletes: matches!(policy, Some("Delete" | "ReplaceAndDelete")),
        details: details.map(|each| detail(each, planner)).collect(),
    }
}

fn perhaps(planner: Planner) -> Replacement {
    match planner {
        Planner::Aws => Replacement::May,
        Planner::Local => Replacement::None,
    }
}

fn detail(detail: &ChangeDetail, planner: Planner) -> IntentDetail {
    let entity = detail.causing_entity.clone().unwrap_or_default();
    IntentDetail {
        name: detail.name.clone(),
        replacement: match detail.requires_recreation.as_str() {
            "" | "Never" => Replacement::None,
            "Always" => Replacement::Will,
            _ => perhaps(planner),
        },
        dynamic: detail.evaluation != "Static",
        source: match detail.source.as_str() {
            "ParameterReference" => IntentSource::Parameter(entity),
            "ResourceReference" => IntentSource::Resource(entity),
            "ResourceAttribute" => match entity.split_once('.') {
                Some((id, attribute)) => {
                    IntentSource::Attribute(id.to_owned(), attribute.to_owned())
                }
                None => IntentSource::Resource(entity),
            },
            "Automatic" => IntentSource::Automatic,
            _ => IntentSource::Direct,
        },
    }
}
