//! What one set of grants allows and another does not.

use super::budget::Budgets;
use super::clause::Key;
use super::managed;
use super::pattern::Pattern;
use super::region::Region;
use super::scope::{Grants, Request, Scope, Source};
use super::search::Search;

/// Something that one allows and the other may not.
#[derive(Clone, Debug)]
pub(super) struct Gap {
    pub(super) reason: Reason,
    pub(super) scope: Scope,
    /// A request that shows it; without one it is only not ruled out.
    pub(super) request: Option<Request>,
    /// Whether it is certain.
    pub(super) is_certain: bool,
    pub(super) extent: Extent,
    pub(super) source: Source,
}

/// How many actions are in a gap.
#[derive(Clone, Debug, Default)]
pub(super) struct Extent {
    /// Actions of the table that the request shows it for; none when they were not counted.
    pub(super) actions: usize,
    /// The wildcard by which it is also so of actions that AWS may add.
    pub(super) later: Option<Region>,
    /// Whether there are no others.
    pub(super) only_later: bool,
}

/// What is at its bottom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// A statement allows it.
    Allowed,
    /// The same, and another allows it under these conditions.
    Unconditional(Vec<Key>),
    /// No statement denies it.
    NotDenied,
    /// A policy that is not in the template.
    Attached(Pattern),
    /// A policy that may deny is not there.
    Detached(Pattern),
    /// A permissions boundary is not there.
    Unbounded(Pattern),
}

/// Whether anything beside these grants may allow a request. On a resource, the policies of its users do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Elsewhere {
    Surely,
    Perhaps,
}

/// Looks for what `inner` allows and `outer` does not. When there is nothing, that is proven.
pub(super) fn gaps(
    inner: &Grants,
    outer: &Grants,
    elsewhere: Elsewhere,
    budgets: &Budgets,
) -> Vec<Gap> {
    let search = Search {
        inner,
        outer,
        budget: &budgets.proofs,
        counts: &budgets.counts,
    };
    let mut found: Vec<Gap> = Vec::new();
    for (scope, source) in &inner.allows {
        found.extend(search.allowed(scope, source));
    }
    for (scope, source) in &outer.denies {
        search.not_denied(scope, source, elsewhere, &mut found);
    }
    found.extend(attached(&search));
    found.extend(detached(inner, outer));
    found.extend(unbounded(inner, outer));
    found
}

/// Policies that are attached here only.
fn attached(search: &Search<'_>) -> impl Iterator<Item = Gap> {
    let (inner, outer) = (search.inner, search.outer);
    let everything = Scope::everything();
    let allows_all = (outer.allows.keys()).any(|allow| allow.covers(&everything, search.budget));
    let covered = allows_all && outer.denies.is_empty() && outer.opaque.is_empty();
    let only_here = (inner.opaque.iter())
        .filter(move |(policy, _)| !covered && !outer.opaque.contains_key(policy));
    only_here.map(|(policy, source)| Gap {
        is_certain: managed::is_of_aws(policy) && !managed::denies(policy),
        ..bare(Reason::Attached(policy.clone()), source)
    })
}

/// Policies that are attached there only, and may deny.
fn detached(inner: &Grants, outer: &Grants) -> impl Iterator<Item = Gap> {
    let only_there = outer.opaque.iter().filter(|(policy, _)| {
        let may_deny = !managed::is_of_aws(policy) || managed::denies(policy);
        may_deny && !inner.is_empty() && !inner.opaque.contains_key(policy)
    });
    only_there.map(|(policy, source)| bare(Reason::Detached(policy.clone()), source))
}

/// A boundary that is there only. What takes its place is not looked into.
fn unbounded(inner: &Grants, outer: &Grants) -> impl Iterator<Item = Gap> {
    let gone = (outer.boundary.iter())
        .filter(|(policy, _)| !inner.boundary.contains_key(policy) && !inner.is_empty());
    let has_another = inner.is_bounded || !inner.boundary.is_empty();
    // A boundary of the template may have allowed everything that the policies do.
    let is_certain = !has_another && outer.bound.is_none();
    gone.map(move |(policy, source)| Gap {
        is_certain,
        ..bare(Reason::Unbounded(policy.clone()), source)
    })
}

fn bare(reason: Reason, source: &Source) -> Gap {
    Gap {
        reason,
        scope: Scope::everything(),
        request: None,
        is_certain: false,
        extent: Extent::default(),
        source: source.clone(),
    }
}
