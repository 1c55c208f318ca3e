//! What one set of grants allows and another does not.

use super::budget::Budget;
use super::clause::Key;
use super::evaluation::witness;
use super::managed;
use super::pattern::Pattern;
use super::region::Region;
use super::scope::{ACTION, Grants, PRINCIPAL, RESOURCE, Request, Scope, Source};
use super::table;

/// Actions of one statement that a witness is looked for among.
const TRIED: usize = 48;

/// Something that one allows and the other may not.
#[derive(Clone, Debug)]
pub(super) struct Gap {
    pub(super) reason: Reason,
    pub(super) scope: Scope,
    /// A request that shows it; without one it is only not ruled out.
    pub(super) request: Option<Request>,
    /// Whether it is certain.
    pub(super) is_certain: bool,
    pub(super) source: Source,
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
    budget: &Budget,
) -> Vec<Gap> {
    let search = Search {
        inner,
        outer,
        budget,
    };
    let mut found: Vec<Gap> = Vec::new();
    for (scope, source) in &inner.allows {
        found.extend(search.allowed(scope, source));
    }
    for (scope, source) in &outer.denies {
        search.not_denied(scope, source, elsewhere, &mut found);
    }
    found.extend(search.attached());
    found.extend(search.detached());
    found.extend(search.unbounded());
    found
}

struct Search<'a> {
    inner: &'a Grants,
    outer: &'a Grants,
    budget: &'a Budget,
}

impl Search<'_> {
    fn is_denied(&self, scope: &Scope) -> bool {
        (self.inner.denies.keys()).any(|deny| deny.covers(scope, self.budget))
    }

    /// A statement that allows more than all those of the other.
    fn allowed(&self, scope: &Scope, source: &Source) -> Option<Gap> {
        let allows = &self.outer.allows;
        let is_covered = |scope: &Scope| {
            allows.contains_key(scope)
                || allows.keys().any(|allow| allow.covers(scope, self.budget))
                || self.is_denied(scope)
        };
        if is_covered(scope) {
            return None;
        }
        let parts = self.without_denied(scope).into_iter().flat_map(|part| {
            let actions = self.actions(&part, allows.keys()).into_iter();
            actions.map(move |action| part.with(ACTION, action))
        });
        let left: Vec<Scope> = parts.filter(|part| !is_covered(part)).take(TRIED).collect();
        let first = left.first()?.clone();
        let shown = left.iter().find_map(|scope| {
            let request = witness(self.inner, self.outer, scope, None, self.budget)?;
            Some((scope.clone(), request))
        });
        let (scope, request) =
            shown.map_or((first, None), |(scope, request)| (scope, Some(request)));
        let element_wise = |allow: &Scope| {
            let bare = Scope {
                regions: allow.regions.clone(),
                ..Scope::everything()
            };
            bare.covers(&scope, self.budget)
        };
        let conditional = allows.keys().find(|allow| element_wise(allow));
        let reason = conditional.map_or(Reason::Allowed, |allow| {
            Reason::Unconditional(
                allow
                    .clauses
                    .iter()
                    .map(|clause| clause.key.clone())
                    .collect(),
            )
        });
        Some(Gap {
            reason,
            is_certain: request.is_some(),
            request,
            source: source.clone(),
            scope,
        })
    }

    /// The actions of a scope, one by one where the table knows them, without those that others cover.
    fn actions<'b>(&self, scope: &Scope, others: impl Iterator<Item = &'b Scope>) -> Vec<Region> {
        let Some(actions) = table::expanded(&scope.regions[ACTION], self.budget) else {
            return vec![scope.regions[ACTION].clone()];
        };
        let beside: Vec<&Region> = others
            .filter(|other| other.covers_beside(ACTION, scope, self.budget))
            .map(|other| &other.regions[ACTION])
            .collect();
        let is_covered = |action: &Pattern| {
            let mut beside = beside.iter();
            beside.any(|region| region.contains(action, self.budget))
        };
        let left = actions.into_iter().filter(|action| !is_covered(action));
        left.map(Region::from).collect()
    }

    /// The scope without what is denied, as far as that is one element.
    fn without_denied(&self, scope: &Scope) -> Vec<Scope> {
        let mut left = vec![scope.clone()];
        for deny in self.inner.denies.keys().take(TRIED) {
            left = left
                .into_iter()
                .flat_map(|scope| self.minus(scope, deny))
                .collect();
            if left.len() > TRIED {
                return left;
            }
        }
        left
    }

    fn minus(&self, scope: Scope, deny: &Scope) -> Vec<Scope> {
        let budget = self.budget;
        for element in [RESOURCE, ACTION, PRINCIPAL] {
            if !deny.covers_beside(element, &scope, budget) {
                continue;
            }
            let Some(regions) = scope.regions[element].without(&deny.regions[element], budget)
            else {
                continue;
            };
            return regions
                .into_iter()
                .map(|region| scope.with(element, region))
                .collect();
        }
        vec![scope]
    }

    /// What the other denies, and this one does not.
    fn not_denied(
        &self,
        deny: &Scope,
        source: &Source,
        elsewhere: Elsewhere,
        found: &mut Vec<Gap>,
    ) {
        if self.inner.denies.contains_key(deny) || self.is_denied(deny) {
            return;
        }
        for part in self.without_denied(deny) {
            let left = self.actions(&part, self.inner.denies.keys());
            let Some(first) = left.first() else {
                continue;
            };
            let before = found.len();
            for (scope, source) in &self.inner.allows {
                found.extend(self.let_through(scope, source, &part, &left));
            }
            if found.len() == before {
                let first = part.with(ACTION, first.clone());
                let is_sought = elsewhere == Elsewhere::Surely;
                let shown = is_sought.then(|| self.passed(&first)).flatten();
                found.push(gap(&first, source, shown));
            }
        }
    }

    /// What a statement allows of the actions that the other denies.
    fn let_through(
        &self,
        scope: &Scope,
        source: &Source,
        deny: &Scope,
        actions: &[Region],
    ) -> Option<Gap> {
        if !scope.may_meet(deny, self.budget) {
            return None;
        }
        let own = &scope.regions[ACTION];
        let met = (actions.iter()).filter(|action| own.may_meet(action, self.budget));
        let met: Vec<&Region> = met.take(TRIED + 1).collect();
        let mut open = None;
        for action in met.iter().take(TRIED) {
            let deny = deny.with(ACTION, (*action).clone());
            let is_still_denied = |by: &Scope| by.covers_shared(scope, &deny, self.budget);
            if self.inner.denies.keys().any(is_still_denied) {
                continue;
            }
            let shown = witness(self.inner, self.outer, scope, Some(&deny), self.budget);
            if shown.is_some() {
                return Some(gap(&deny, source, shown));
            }
            open = open.or(Some(deny));
        }
        let is_cut = met.len() > TRIED;
        let open = open.or_else(|| is_cut.then(|| deny.clone()))?;
        Some(gap(&open, source, None))
    }

    /// A request that the other denies and this one lets pass, if something else allows it.
    fn passed(&self, deny: &Scope) -> Option<Request> {
        let mut open = self.inner.clone();
        let mut closed = self.outer.clone();
        for grants in [&mut open, &mut closed] {
            grants.allows.insert(Scope::everything(), Source::default());
        }
        witness(
            &open,
            &closed,
            &Scope::everything(),
            Some(deny),
            self.budget,
        )
    }

    /// Policies that are attached here only.
    fn attached(&self) -> impl Iterator<Item = Gap> {
        let everything = Scope::everything();
        let allows_all =
            (self.outer.allows.keys()).any(|allow| allow.covers(&everything, self.budget));
        let covered = allows_all && self.outer.denies.is_empty() && self.outer.opaque.is_empty();
        let only_here = (self.inner.opaque.iter())
            .filter(move |(policy, _)| !covered && !self.outer.opaque.contains_key(policy));
        only_here.map(|(policy, source)| Gap {
            reason: Reason::Attached(policy.clone()),
            is_certain: managed::is_of_aws(policy) && !managed::denies(policy),
            ..bare(source)
        })
    }

    /// Policies that are attached there only, and may deny.
    fn detached(&self) -> impl Iterator<Item = Gap> {
        let only_there = self.outer.opaque.iter().filter(|(policy, _)| {
            let may_deny = !managed::is_of_aws(policy) || managed::denies(policy);
            may_deny && !self.inner.is_empty() && !self.inner.opaque.contains_key(policy)
        });
        only_there.map(|(policy, source)| Gap {
            reason: Reason::Detached(policy.clone()),
            ..bare(source)
        })
    }

    /// A boundary that is there only. What takes its place is not looked into.
    fn unbounded(&self) -> impl Iterator<Item = Gap> {
        let gone = self.outer.boundary.iter().filter(|(policy, _)| {
            !self.inner.boundary.contains_key(policy) && !self.inner.is_empty()
        });
        let has_another = !self.inner.boundary.is_empty();
        gone.map(move |(policy, source)| Gap {
            reason: Reason::Unbounded(policy.clone()),
            is_certain: !has_another,
            ..bare(source)
        })
    }
}

fn gap(scope: &Scope, source: &Source, request: Option<Request>) -> Gap {
    Gap {
        reason: Reason::NotDenied,
        scope: scope.clone(),
        is_certain: request.is_some(),
        request,
        source: source.clone(),
    }
}

fn bare(source: &Source) -> Gap {
    Gap {
        reason: Reason::Allowed,
        scope: Scope::everything(),
        request: None,
        is_certain: false,
        source: source.clone(),
    }
}
