//! What becomes of the resources that executions in flight know.

use std::collections::BTreeMap;

use crate::model::{Action, Change, Replacement};
use crate::resources::Pair;
use crate::template::{Resource, retains};

/// What an update does to resources, by the logical ids they had.
pub(super) struct Fates<'a> {
    changes: BTreeMap<&'a str, &'a Change>,
    old: BTreeMap<&'a str, Resource<'a>>,
    new: BTreeMap<&'a str, Resource<'a>>,
    /// The ids they had, by those they have: the old template is read with new ids.
    old_ids: BTreeMap<&'a str, &'a str>,
}

impl<'a> Fates<'a> {
    pub(super) fn of(pair: &Pair<'a>, changes: &'a [Change]) -> Self {
        let by_old_id = changes.iter().map(|change| {
            let id = change.renamed_from.as_ref().unwrap_or(&change.logical_id);
            (id.as_str(), change)
        });
        Self {
            changes: by_old_id.collect(),
            old: pair.old.resources(),
            new: pair.new.resources(),
            old_ids: pair.old_ids(),
        }
    }

    /// The id that a resource had, by the one it has.
    pub(super) fn old_id<'b>(&self, id: &'b str) -> &'b str
    where
        'a: 'b,
    {
        self.old_ids.get(id).copied().unwrap_or(id)
    }

    pub(super) fn old(&self) -> &BTreeMap<&'a str, Resource<'a>> {
        &self.old
    }

    /// Whether every old resource stays.
    pub(super) fn spare_all(&self) -> bool {
        self.changes.keys().all(|id| self.end(id).is_none())
    }

    /// How an old resource goes, or may go; nothing when it stays, in the stack or beside it.
    pub(super) fn end(&self, old_id: &str) -> Option<String> {
        let change = self.changes.get(old_id)?;
        let old = self.old.get(old_id)?;
        let after_update = || {
            let new = self.new.get(old_id);
            let policies = [Some(old), new].map(|resource| resource?.text("UpdateReplacePolicy"));
            policies.into_iter().all(retains)
        };
        match (change.action, change.replacement) {
            (Action::Remove | Action::Rename, _) if retains(old.text("DeletionPolicy")) => None,
            (Action::Remove, _) => Some("is removed".to_owned()),
            (Action::Rename, _) => Some(format!(
                "is deleted and comes back as `{}`",
                change.logical_id
            )),
            (Action::Add, _) | (Action::Modify, Replacement::None) => None,
            (Action::Modify, _) if after_update() => None,
            (Action::Modify, Replacement::Will) => Some("is replaced by another".to_owned()),
            (Action::Modify, Replacement::May) if keeps_its_name(change) => None,
            (Action::Modify, Replacement::May) => Some("may be replaced by another".to_owned()),
        }
    }
}

/// SAM's types are in no specification, so every change of one may replace it; but what they become is only replaced with its
/// name.
fn keeps_its_name(change: &Change) -> bool {
    let mut properties = change.properties.iter();
    change.resource_type.starts_with("AWS::Serverless::")
        && !properties.any(|property| property.path.ends_with("Name"))
}
