//! Permissions boundaries: what policies allow counts as far as the boundary allows it, too.

use std::collections::BTreeMap;

use super::budget::Budget;
use super::scope::{Grants, Scope, Source};

/// More statements than policies and a boundary of IAM's sizes give.
const LARGEST: usize = 10_000;

/// Puts the boundary of the template into effect. What is shared cannot always be said as statements, and what policies that are
/// not in the template share with it cannot be said at all: then the boundary stays beside them, known by what it is.
pub(super) fn apply(grants: &mut Grants, budget: &Budget) {
    let Some(bound) = &grants.bound else {
        return;
    };
    if !grants.opaque.is_empty() || !bound.opaque.is_empty() {
        return;
    }
    let Some(allows) = shared(&grants.allows, &bound.allows, budget) else {
        return;
    };
    grants.allows = allows;
    for (scope, source) in &bound.denies {
        let denied = grants.denies.entry(scope.clone());
        denied.or_insert_with(|| source.clone());
    }
    grants.bound = None;
    grants.boundary.clear();
    grants.is_bounded = true;
}

/// What both allow; nothing when that is no list of statements.
fn shared(
    policies: &BTreeMap<Scope, Source>,
    bound: &BTreeMap<Scope, Source>,
    budget: &Budget,
) -> Option<BTreeMap<Scope, Source>> {
    if policies.len() * bound.len() > LARGEST {
        return None;
    }
    let mut found = BTreeMap::new();
    for (scope, source) in policies {
        for limit in bound.keys() {
            for scope in scope.shared(limit, budget)? {
                found.entry(scope).or_insert_with(|| source.clone());
            }
        }
    }
    Some(found)
}
