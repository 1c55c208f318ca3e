//! The verdict on the permissions of one holder.

use std::collections::{BTreeMap, BTreeSet};

use super::budget::Budgets;
use super::describe::{Direction, witness};
use super::gap::{Elsewhere, Gap, gaps};
use super::holder::Holder;
use super::model::{PermissionChange, Verdict, Witness};
use super::scope::{Grants, PRINCIPAL, RESOURCE, Scope};

/// Examples that are named beside the first.
const EXAMPLES: usize = 12;

/// A holder, before and after.
pub(super) struct Comparison<'a> {
    pub(super) holder: &'a Holder,
    pub(super) old: &'a Grants,
    pub(super) new: &'a Grants,
}

/// What a comparison found.
#[derive(Default)]
pub(super) struct Compared {
    pub(super) changes: Vec<PermissionChange>,
    pub(super) losses: Vec<Loss>,
}

/// Something that is allowed no longer, or perhaps no longer.
pub(crate) struct Loss {
    /// As in a witness, such as "no longer `s3:GetObject` on `*`".
    pub(crate) text: String,
    pub(crate) resource: String,
    pub(crate) is_certain: bool,
}

impl Comparison<'_> {
    pub(super) fn made(&self, budgets: &Budgets) -> Compared {
        if self.old.equals(self.new) {
            return Compared::default();
        }
        if budgets.proofs.is_spent() {
            let change = self.too_much();
            let loss = Loss {
                text: change.witness.text.clone(),
                resource: String::new(),
                is_certain: false,
            };
            return Compared {
                changes: vec![change],
                losses: vec![loss],
            };
        }
        let elsewhere = match self.holder {
            Holder::Resource(_) => Elsewhere::Surely,
            _ => Elsewhere::Perhaps,
        };
        let gained = gaps(self.new, self.old, elsewhere, budgets);
        let mut lost = gaps(self.old, self.new, elsewhere, budgets);
        // A policy that nobody can see may allow what statements do not any more.
        let is_replaced =
            (self.new.opaque.keys()).any(|policy| !self.old.opaque.contains_key(policy));
        for gap in &mut lost {
            gap.is_certain &= !is_replaced;
        }
        Compared {
            changes: self.changes(&gained, &lost),
            losses: lost.iter().filter_map(|gap| self.loss(gap)).collect(),
        }
    }

    /// Nobody misses actions that are not there yet.
    fn loss(&self, gap: &Gap) -> Option<Loss> {
        (!gap.extent.only_later).then(|| Loss {
            text: witness(gap, Direction::Lost, self.holder).text,
            resource: gap.scope.regions[RESOURCE].to_string(),
            is_certain: gap.is_certain,
        })
    }

    fn changes(&self, gained: &[Gap], lost: &[Gap]) -> Vec<PermissionChange> {
        if gained.is_empty() && lost.is_empty() {
            return vec![self.equivalent()];
        }
        let lost: Vec<_> = (lost.iter()).map(|gap| (gap, Direction::Lost)).collect();
        if gained.is_empty() {
            return self.by_principal(&lost);
        }
        // Who gains may be among those who lose: so nothing is called narrowed here.
        let gained: Vec<_> = (gained.iter())
            .map(|gap| (gap, Direction::Gained))
            .collect();
        let mut changes = self.by_principal(&gained);
        if let Some(first) = changes.first_mut() {
            let lost = lost
                .iter()
                .map(|(gap, direction)| witness(gap, *direction, self.holder));
            first.further.extend(lost);
            bound(first);
        }
        changes
    }

    /// One change for each principal that statements name, or for the holder itself.
    fn by_principal(&self, gaps: &[(&Gap, Direction)]) -> Vec<PermissionChange> {
        let mut by_principal: BTreeMap<String, Vec<(&Gap, Direction)>> = BTreeMap::new();
        for (gap, direction) in gaps {
            let principal = self.principal(&gap.scope);
            by_principal
                .entry(principal)
                .or_default()
                .push((gap, *direction));
        }
        let changes = by_principal
            .into_iter()
            .filter_map(|(principal, mut gaps)| {
                gaps.sort_by_key(|(gap, _)| !gap.is_certain);
                let (first, direction) = *gaps.first()?;
                let verdict = match (direction, first.is_certain) {
                    (Direction::Lost, _) => Verdict::Narrowed,
                    (Direction::Gained, true) => Verdict::Widened,
                    (Direction::Gained, false) => Verdict::NotComparable,
                };
                let mut witnesses = gaps
                    .iter()
                    .map(|(gap, direction)| witness(gap, *direction, self.holder));
                let mut change = self.change(principal, verdict, witnesses.next()?);
                change.further = witnesses.collect();
                bound(&mut change);
                Some(change)
            });
        changes.collect()
    }

    fn principal(&self, scope: &Scope) -> String {
        if self.holder.has_principals() {
            let region = &scope.regions[PRINCIPAL];
            return match region.except.as_slice() {
                [] => region.include.to_string(),
                _ => region.to_string(),
            };
        }
        self.holder.name().to_owned()
    }

    fn equivalent(&self) -> PermissionChange {
        let scopes = self.new.allows.keys().chain(self.new.denies.keys());
        let principals: BTreeSet<String> = scopes.map(|scope| self.principal(scope)).collect();
        let principals: Vec<String> = principals.into_iter().collect();
        let sources = self
            .new
            .allows
            .values()
            .chain(self.new.denies.values())
            .chain(self.new.opaque.values());
        let source = sources.min().cloned().unwrap_or_default();
        let witness = Witness {
            text: "the same permissions, written in another way".to_owned(),
            logical_id: source.logical_id,
            path: source.path,
            request: None,
            actions: None,
            later: None,
        };
        self.change(principals.join(", "), Verdict::Equivalent, witness)
    }

    /// The template is too large for all of it to be compared.
    fn too_much(&self) -> PermissionChange {
        let witness = Witness {
            text: "not compared: there is too much of it".to_owned(),
            logical_id: self.holder.name().to_owned(),
            path: "Properties".to_owned(),
            request: None,
            actions: None,
            later: None,
        };
        self.change(
            self.holder.name().to_owned(),
            Verdict::NotComparable,
            witness,
        )
    }

    fn change(&self, principal: String, verdict: Verdict, witness: Witness) -> PermissionChange {
        PermissionChange {
            principal,
            on: self
                .holder
                .has_principals()
                .then(|| self.holder.name().to_owned()),
            verdict,
            witness,
            further: Vec::new(),
        }
    }
}

/// Keeps the first examples, each once.
fn bound(change: &mut PermissionChange) {
    let mut seen = BTreeSet::from([change.witness.text.clone()]);
    change
        .further
        .retain(|witness| seen.insert(witness.text.clone()));
    change.further.truncate(EXAMPLES);
}
