//! What a statement is about, and the statements of a principal or a resource.

use std::collections::{BTreeMap, BTreeSet};

use super::budget::Budget;
use super::clause::{Clause, Context};
use super::pattern::Pattern;
use super::region::Region;

/// The elements of [`Scope::regions`].
pub(super) const PRINCIPAL: usize = 0;
pub(super) const ACTION: usize = 1;
pub(super) const RESOURCE: usize = 2;

/// Requests: of a principal, for an action on a resource, when all clauses hold.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Scope {
    pub(super) regions: [Region; 3],
    pub(super) clauses: BTreeSet<Clause>,
}

/// Where something is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Source {
    pub(super) logical_id: String,
    pub(super) path: String,
}

/// One request, for one action on one resource.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) texts: [Pattern; 3],
    pub(super) context: Context,
}

/// What is granted to a principal, or on a resource.
#[derive(Clone, Debug, Default)]
pub(super) struct Grants {
    pub(super) allows: BTreeMap<Scope, Source>,
    pub(super) denies: BTreeMap<Scope, Source>,
    /// Policies that are not in the template, by what names them.
    pub(super) opaque: BTreeMap<Pattern, Source>,
    /// What else must allow everything, if there is one.
    pub(super) boundary: BTreeMap<Pattern, Source>,
    /// The statements of a boundary of the template, where they are not in effect in the others.
    pub(super) bound: Option<Box<Self>>,
    /// Whether a boundary is part of what is allowed.
    pub(super) is_bounded: bool,
}

impl Scope {
    pub(super) fn everything() -> Self {
        Self {
            regions: [Region::any(), Region::any(), Region::any()],
            clauses: BTreeSet::new(),
        }
    }

    /// Whether each of the other's requests is surely one of this one's.
    pub(super) fn covers(&self, other: &Self, budget: &Budget) -> bool {
        self.covers_beside(ACTION, other, budget)
            && self.regions[ACTION].covers(&other.regions[ACTION], budget)
    }

    /// The same without regard to one element.
    pub(super) fn covers_beside(&self, element: usize, other: &Self, budget: &Budget) -> bool {
        let mut elements = [ACTION, RESOURCE, PRINCIPAL].into_iter();
        elements.all(|at| at == element || self.regions[at].covers(&other.regions[at], budget))
            && self.is_implied_by(&other.clauses, budget)
    }

    pub(super) fn is_implied_by(&self, clauses: &BTreeSet<Clause>, budget: &Budget) -> bool {
        let is_implied = |mine: &Clause| clauses.iter().any(|clause| clause.implies(mine, budget));
        self.clauses.iter().all(is_implied)
    }

    /// Whether a request may be of both.
    pub(super) fn may_meet(&self, other: &Self, budget: &Budget) -> bool {
        (self.regions.iter().zip(&other.regions)).all(|(mine, yours)| mine.may_meet(yours, budget))
    }

    /// The requests of both, where these are one scope at most; nothing when they are more, or it is not certain.
    pub(super) fn shared(&self, other: &Self, budget: &Budget) -> Option<Vec<Self>> {
        if !self.may_meet(other, budget) {
            return Some(Vec::new());
        }
        let mut shared = vec![self.clone()];
        shared[0].clauses.extend(other.clauses.iter().cloned());
        for element in [ACTION, RESOURCE, PRINCIPAL] {
            let regions = self.regions[element].shared(&other.regions[element], budget)?;
            let with = |scope: &Self| {
                let regions = regions.iter().cloned();
                let scopes = regions.map(|region| scope.with(element, region));
                scopes.collect::<Vec<_>>()
            };
            shared = shared.iter().flat_map(with).collect();
        }
        Some(shared)
    }

    /// Whether this one covers the requests that two others share.
    pub(super) fn covers_shared(&self, one: &Self, other: &Self, budget: &Budget) -> bool {
        let covers = |at: usize| {
            let region = &self.regions[at];
            region.covers(&one.regions[at], budget) || region.covers(&other.regions[at], budget)
        };
        let is_implied = |mine: &Clause| {
            let mut clauses = one.clauses.iter().chain(&other.clauses);
            clauses.any(|clause| clause.implies(mine, budget))
        };
        [ACTION, RESOURCE, PRINCIPAL].into_iter().all(covers) && self.clauses.iter().all(is_implied)
    }

    /// Whether it is about the principal, action and resource of a request.
    pub(super) fn names(&self, texts: &[Pattern; 3], budget: &Budget) -> bool {
        self.regions[ACTION].contains(&texts[ACTION], budget)
            && self.names_beside(ACTION, texts, budget)
    }

    /// The same without regard to one element.
    pub(super) fn names_beside(
        &self,
        element: usize,
        texts: &[Pattern; 3],
        budget: &Budget,
    ) -> bool {
        let mut elements = [ACTION, RESOURCE, PRINCIPAL].into_iter();
        elements.all(|at| at == element || self.regions[at].contains(&texts[at], budget))
    }

    pub(super) fn with(&self, element: usize, region: Region) -> Self {
        let mut scope = self.clone();
        scope.regions[element] = region;
        scope
    }
}

impl Grants {
    pub(super) fn is_empty(&self) -> bool {
        self.allows.is_empty() && self.opaque.is_empty()
    }

    /// Whether both say the same at the same resources.
    pub(super) fn equals(&self, other: &Self) -> bool {
        let same = |mine: &BTreeMap<Scope, Source>, yours: &BTreeMap<Scope, Source>| {
            mine.len() == yours.len()
                && (mine.iter().zip(yours)).all(|((mine, at), (yours, there))| {
                    mine == yours && at.logical_id == there.logical_id
                })
        };
        same(&self.allows, &other.allows)
            && same(&self.denies, &other.denies)
            && self.opaque.keys().eq(other.opaque.keys())
            && self.boundary.keys().eq(other.boundary.keys())
    }
}
