//! The search for requests that the statements of one side let through, and those of the other do not.

use super::budget::Budget;
use super::evaluation::{count, witness};
use super::gap::{Elsewhere, Extent, Gap, Reason};
use super::left::Left;
use super::pattern::Pattern;
use super::region::Region;
use super::scope::{ACTION, Grants, PRINCIPAL, RESOURCE, Request, Scope, Source};
use super::table;

/// Actions of one statement that a witness is looked for among.
const TRIED: usize = 48;

/// The one side and the other.
pub(super) struct Search<'a> {
    pub(super) inner: &'a Grants,
    pub(super) outer: &'a Grants,
    pub(super) budget: &'a Budget,
    /// For saying how much it is.
    pub(super) counts: &'a Budget,
}

/// What was found among scopes: the first with a request that shows it; else the first.
struct Found {
    scope: Scope,
    request: Option<Request>,
}

impl Found {
    fn among(scopes: Vec<Scope>, witness: impl Fn(&Scope) -> Option<Request>) -> Option<Self> {
        let mut numbered = scopes.iter().enumerate();
        let shown = numbered.find_map(|(at, scope)| Some((at, witness(scope)?)));
        let (at, request) = shown.map_or((0, None), |(at, request)| (at, Some(request)));
        let scope = scopes.into_iter().nth(at)?;
        Some(Self { scope, request })
    }
}

impl Search<'_> {
    fn is_denied(&self, scope: &Scope) -> bool {
        (self.inner.denies.keys()).any(|deny| deny.covers(scope, self.budget))
    }

    fn is_covered(&self, scope: &Scope) -> bool {
        self.outer.allows.contains_key(scope)
            || (self.outer.allows.keys()).any(|allow| allow.covers(scope, self.budget))
            || self.is_denied(scope)
    }

    /// A statement that allows more than all those of the other.
    pub(super) fn allowed(&self, scope: &Scope, source: &Source) -> Option<Gap> {
        if self.is_covered(scope) {
            return None;
        }
        let parts = self.without_denied(scope).into_iter();
        let parts: Vec<(Scope, Left)> = parts
            .map(|part| {
                let left = Left::of(&part, self.outer.allows.keys(), self.budget);
                (part, left)
            })
            .collect();
        let find = |actions: fn(&Left) -> &[Region]| {
            let scopes = parts.iter().flat_map(|(part, left)| {
                let actions = actions(left).iter().cloned();
                actions.map(|action| part.with(ACTION, action))
            });
            let open = scopes.filter(|scope| !self.is_covered(scope)).take(TRIED);
            Found::among(open.collect(), |scope| {
                witness(self.inner, self.outer, scope, None, self.budget)
            })
        };
        let [known, later] = [find(|left| &left.known), find(|left| &left.later)];
        let mut gap = Self::gap(known, later, source)?;
        let actions = table::expanded(&scope.regions[ACTION], self.counts).unwrap_or_default();
        gap.extent.actions = self.count(&gap, actions.iter());
        gap.reason = self.why_allowed(&gap.scope);
        Some(gap)
    }

    /// Whether another allows the same under conditions.
    fn why_allowed(&self, scope: &Scope) -> Reason {
        let is_element_wise = |allow: &&Scope| {
            let bare = Scope {
                regions: allow.regions.clone(),
                ..Scope::everything()
            };
            bare.covers(scope, self.budget)
        };
        let conditional = self.outer.allows.keys().find(is_element_wise);
        conditional.map_or(Reason::Allowed, |allow| {
            let keys = allow.clauses.iter().map(|clause| clause.key.clone());
            Reason::Unconditional(keys.collect())
        })
    }

    /// The gap of what was found among the actions that are known and among later ones. Those that a request shows go before.
    fn gap(known: Option<Found>, later: Option<Found>, source: &Source) -> Option<Gap> {
        let is_made_up = |request: &Request| !table::knows(&request.texts[ACTION]);
        let later = later.map(|found| Found {
            request: found.request.filter(is_made_up),
            ..found
        });
        let is_shown = |found: &Found| found.request.is_some();
        let is_later_shown = later.as_ref().is_some_and(is_shown);
        let only_later = match &known {
            Some(found) => is_later_shown && !is_shown(found),
            None => true,
        };
        let region = later.as_ref().map(|found| &found.scope.regions[ACTION]);
        let region = region.filter(|_| only_later || is_later_shown);
        let extent = Extent {
            later: region.map(Region::without_single_exceptions),
            only_later,
            actions: 0,
        };
        let found = if only_later { later } else { known }?;
        Some(Gap {
            reason: Reason::NotDenied,
            scope: found.scope,
            is_certain: found.request.is_some(),
            request: found.request,
            extent,
            source: source.clone(),
        })
    }

    /// How many of the actions the request of a gap shows it for.
    fn count<'b>(&self, gap: &Gap, actions: impl Iterator<Item = &'b Pattern>) -> usize {
        let request = gap.request.as_ref().filter(|_| !gap.extent.only_later);
        request.map_or(0, |request| {
            count(self.inner, self.outer, request, actions, self.counts)
        })
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
    pub(super) fn not_denied(
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
            let left = Left::of(&part, self.inner.denies.keys(), self.budget);
            let before = found.len();
            for (scope, source) in &self.inner.allows {
                found.extend(self.let_through(scope, source, &part, &left));
            }
            if found.len() == before {
                found.extend(self.passed(&part, &left, source, elsewhere));
            }
        }
    }

    /// What a statement allows of the actions that the other denies.
    fn let_through(
        &self,
        scope: &Scope,
        source: &Source,
        deny: &Scope,
        left: &Left,
    ) -> Option<Gap> {
        if !scope.may_meet(deny, self.budget) {
            return None;
        }
        let find = |actions: &[Region]| {
            let open = self.still_open(scope, deny, actions);
            Found::among(open, |deny| {
                witness(self.inner, self.outer, scope, Some(deny), self.budget)
            })
        };
        let mut gap = Self::gap(find(&left.known), find(&left.later), source)?;
        gap.extent.actions = self.count(&gap, left.single());
        Some(gap)
    }

    /// The actions that a statement allows and the other denies, as far as nothing else denies them. When there are too many to
    /// be tried, all of them are the last.
    fn still_open(&self, scope: &Scope, deny: &Scope, actions: &[Region]) -> Vec<Scope> {
        let own = &scope.regions[ACTION];
        let met = (actions.iter()).filter(|action| own.may_meet(action, self.budget));
        let met: Vec<&Region> = met.take(TRIED + 1).collect();
        let is_still_denied = |deny: &Scope| {
            let mut denies = self.inner.denies.keys();
            denies.any(|by| by.covers_shared(scope, deny, self.budget))
        };
        let tried = met.iter().take(TRIED);
        let tried = tried.map(|action| deny.with(ACTION, (*action).clone()));
        let mut open: Vec<Scope> = tried.filter(|deny| !is_still_denied(deny)).collect();
        if met.len() > TRIED {
            open.push(deny.clone());
        }
        open
    }

    /// What the other denies and this one lets pass, if something else allows it: it is only looked for where that is certain.
    fn passed(
        &self,
        deny: &Scope,
        left: &Left,
        source: &Source,
        elsewhere: Elsewhere,
    ) -> Option<Gap> {
        let [open, closed] = [self.inner, self.outer].map(|grants| {
            let mut grants = grants.clone();
            (grants.allows).insert(Scope::everything(), Source::default());
            grants
        });
        let search = Search {
            inner: &open,
            outer: &closed,
            ..*self
        };
        let everything = Scope::everything();
        let find = |actions: &[Region]| {
            let scopes = (actions.iter().take(1)).map(|action| deny.with(ACTION, action.clone()));
            Found::among(scopes.collect(), |deny| {
                let is_sought = elsewhere == Elsewhere::Surely;
                is_sought
                    .then(|| witness(&open, &closed, &everything, Some(deny), self.budget))
                    .flatten()
            })
        };
        let mut gap = Self::gap(find(&left.known), find(&left.later), source)?;
        gap.extent.actions = search.count(&gap, left.single());
        Some(gap)
    }
}
