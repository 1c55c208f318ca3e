//! What a change of a template does to permissions.
//!
//! All that a template grants is put together per holder: a role with its policies wherever they stand, or a resource with its
//! policy. Of each, two questions are asked, one in either direction: is everything that the new statements allow allowed by the
//! old ones? "Yes" takes a proof, by inclusion of patterns and conditions; "no" takes a request that the one allows and the
//! other does not. Between the two, permissions are not comparable.

mod alternatives;
mod arn;
mod boundary;
mod budget;
mod clause;
mod collect;
mod compare;
mod describe;
mod evaluation;
mod gap;
mod holder;
mod left;
mod managed;
mod model;
mod operator;
mod pattern;
mod principal;
mod region;
mod resource_policies;
mod scope;
mod search;
mod security;
mod statement;
mod switches;
mod table;

use std::collections::{BTreeMap, BTreeSet};

pub(crate) use self::compare::Loss;
pub use self::model::{PermissionChange, PermissionRequest, SecurityChange, Verdict, Witness};

use self::budget::Budgets;
use self::collect::{Known, granted, known};
use self::compare::Comparison;
use self::holder::Holder;
use self::scope::Grants;
use self::security::Side;
use crate::resources::Pair;

/// What changes in permissions, and what else matters to security; both with what widens first.
pub(crate) struct Permissions {
    pub(crate) changes: Vec<PermissionChange>,
    pub(crate) security: Vec<SecurityChange>,
    pub(crate) losses: Losses,
}

/// All that roles, users and groups which stay are not allowed any more, by their logical ids.
pub(crate) type Losses = BTreeMap<String, Vec<Loss>>;

/// Compares the permissions of two templates.
pub(crate) fn compare(pair: &Pair<'_>) -> Permissions {
    let [old, new] = [pair.old, pair.new].map(known);
    let budgets = Budgets::default();
    let before = granted(&old, pair.old, &budgets.proofs);
    let after = granted(&new, pair.new, &budgets.proofs);
    let sides = [ids(&old), ids(&new)];
    let none = Grants::default();
    let holders: BTreeSet<&Holder> = before.keys().chain(after.keys()).collect();
    let mut permissions = Vec::new();
    let mut losses = Losses::new();
    for holder in holders {
        let [old, mut new] = [&before, &after].map(|granted| granted.get(holder));
        let is_gone = is_gone(holder, &sides);
        if is_gone {
            // With a resource its policy goes, and a role without its name is nobody.
            new = None;
            if holder.has_principals() {
                continue;
            }
        }
        if is_attached_on_one_side(holder, old, new, &sides) {
            continue;
        }
        let mut removed = none.clone();
        let old = match (old, new) {
            // Nobody is left whom it could have denied anything.
            (Some(old), None) if !holder.has_principals() => {
                removed.allows.clone_from(&old.allows);
                removed.opaque.clone_from(&old.opaque);
                &removed
            }
            (old, _) => old.unwrap_or(&none),
        };
        let comparison = Comparison {
            holder,
            old,
            new: new.unwrap_or(&none),
        };
        let compared = comparison.made(&budgets);
        permissions.extend(compared.changes);
        if let (Holder::Principal(id), false) = (holder, is_gone) {
            losses.insert(id.clone(), compared.losses);
        }
    }
    permissions.sort_by_key(|change| change.verdict);
    let sides = [(&old, &before), (&new, &after)];
    let [old, new] = sides.map(|(resources, granted)| Side { resources, granted });
    Permissions {
        changes: permissions,
        security: security::changes(&old, &new),
        losses,
    }
}

fn ids<'a>(resources: &'a [Known<'_>]) -> BTreeSet<&'a str> {
    resources.iter().map(|known| known.id.as_str()).collect()
}

fn is_gone(holder: &Holder, [old, new]: &[BTreeSet<&str>; 2]) -> bool {
    old.contains(holder.name()) && !new.contains(holder.name())
}

/// A managed policy that the template attaches to somebody in one version only counts as what its holders have.
fn is_attached_on_one_side(
    holder: &Holder,
    old: Option<&Grants>,
    new: Option<&Grants>,
    [before, after]: &[BTreeSet<&str>; 2],
) -> bool {
    let is_in_both = before.contains(holder.name()) && after.contains(holder.name());
    matches!(holder, Holder::Policy(_)) && is_in_both && (old.is_none() || new.is_none())
}
