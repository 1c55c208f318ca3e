//! Whether statements allow a request, and a request that shows a difference.

use std::collections::{BTreeMap, BTreeSet};

use super::budget::Budget;
use super::clause::{Clause, Context};
use super::pattern::Pattern;
use super::region::Region;
use super::scope::{ACTION, Grants, Request, Scope, Source};

/// What stands for the letters of a `*` in a request: one that other patterns hardly name.
const FILLERS: [&str; 3] = ["example", "~", ""];

/// What stands for an action of which nothing is known.
const ANY_ACTION: &str = "example:example";

/// How many conditions of other statements are made false, one after the other.
const ROUNDS: usize = 32;

type Clauses = BTreeSet<Clause>;

/// The conditions of the statements that are about a request.
pub(super) struct Statements<'a> {
    allows: Vec<&'a Clauses>,
    denies: Vec<&'a Clauses>,
}

impl<'a> Statements<'a> {
    pub(super) fn about(grants: &'a Grants, texts: &[Pattern; 3], budget: &Budget) -> Self {
        let about =
            |(scope, _): (&'a Scope, _)| scope.names(texts, budget).then_some(&scope.clauses);
        Self {
            allows: grants.allows.iter().filter_map(about).collect(),
            denies: grants.denies.iter().filter_map(about).collect(),
        }
    }

    /// Whether they allow it; nothing when that is not known.
    fn allow(&self, context: &Context, budget: &Budget) -> Option<bool> {
        let denied = any(&self.denies, context, budget);
        decision(denied, any(&self.allows, context, budget))
    }
}

fn decision(denied: Option<bool>, allowed: Option<bool>) -> Option<bool> {
    match (denied, allowed) {
        (Some(true), _) | (_, Some(false)) => Some(false),
        (Some(false), Some(true)) => Some(true),
        _ => None,
    }
}

fn all_hold(clauses: &Clauses, context: &Context, budget: &Budget) -> Option<bool> {
    let mut result = Some(true);
    for clause in clauses {
        match clause.holds(context, budget) {
            Some(true) => {}
            Some(false) => return Some(false),
            None => result = None,
        }
    }
    result
}

fn any(statements: &[&Clauses], context: &Context, budget: &Budget) -> Option<bool> {
    let mut result = Some(false);
    for clauses in statements {
        match all_hold(clauses, context, budget) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => result = None,
        }
    }
    result
}

/// A request that `inner` allows and `outer` does not: one of those in `scope`, and in `also`, if given.
pub(super) fn witness(
    inner: &Grants,
    outer: &Grants,
    scope: &Scope,
    also: Option<&Scope>,
    budget: &Budget,
) -> Option<Request> {
    FILLERS.iter().find_map(|filler| {
        let texts = sample(scope, also, filler, budget)?;
        let bound = inner.bound.as_deref();
        let inner = Statements::about(inner, &texts, budget);
        let outer = Statements::about(outer, &texts, budget);
        let mut context = Context::new();
        let clauses = also
            .into_iter()
            .flat_map(|also| &also.clauses)
            .chain(&scope.clauses);
        for clause in clauses {
            if !clause.satisfy(&mut context) {
                return None;
            }
        }
        let context = distinguish(&inner, &outer, context, budget)?;
        if let Some(bound) = bound {
            let bound = Statements::about(bound, &texts, budget);
            if bound.allow(&context, budget) != Some(true) {
                return None;
            }
        }
        (!budget.is_spent()).then_some(Request { texts, context })
    })
}

/// How many of the actions the one allows and the other does not, in a request that is the same otherwise.
pub(super) fn count<'a>(
    inner: &Grants,
    outer: &Grants,
    request: &Request,
    actions: impl Iterator<Item = &'a Pattern>,
    budget: &Budget,
) -> usize {
    let read = |grants| ByAction::of(grants, request, budget);
    let bound = inner.bound.as_deref().map(read);
    let [inner, outer] = [inner, outer].map(read);
    let shows = |action: &&'a Pattern| {
        inner.allow(action, budget) == Some(true)
            && (bound.as_ref()).is_none_or(|bound| bound.allow(action, budget) == Some(true))
            && outer.allow(action, budget) == Some(false)
    };
    let found = actions.filter(shows).count();
    if budget.is_spent() { 0 } else { found }
}

/// The statements that are about a request but for its action, each with whether its conditions hold.
struct ByAction<'a> {
    allows: Vec<(&'a Region, Option<bool>)>,
    denies: Vec<(&'a Region, Option<bool>)>,
}

impl<'a> ByAction<'a> {
    fn of(grants: &'a Grants, request: &Request, budget: &Budget) -> Self {
        let about = |statements: &'a BTreeMap<Scope, Source>| {
            let about = (statements.keys())
                .filter(|scope| scope.names_beside(ACTION, &request.texts, budget));
            let decided = about.map(|scope| {
                let holds = all_hold(&scope.clauses, &request.context, budget);
                (&scope.regions[ACTION], holds)
            });
            decided.filter(|(_, holds)| *holds != Some(false)).collect()
        };
        Self {
            allows: about(&grants.allows),
            denies: about(&grants.denies),
        }
    }

    fn allow(&self, action: &Pattern, budget: &Budget) -> Option<bool> {
        let any = |statements: &[(&Region, Option<bool>)]| {
            let mut result = Some(false);
            for (region, holds) in statements {
                if !region.contains(action, budget) {
                    continue;
                }
                if *holds == Some(true) {
                    return Some(true);
                }
                result = None;
            }
            result
        };
        decision(any(&self.denies), any(&self.allows))
    }
}

fn sample(
    scope: &Scope,
    also: Option<&Scope>,
    filler: &str,
    budget: &Budget,
) -> Option<[Pattern; 3]> {
    let pick = |at: usize| {
        let first = Some(&scope.regions[at]);
        let regions = [first, also.map(|also| &also.regions[at])];
        let mut samples = regions.iter().flatten().map(|region| {
            let is_any_action = at == ACTION && region.include.is_any();
            let filler = if is_any_action { ANY_ACTION } else { filler };
            region.include.sample(filler)
        });
        let fits = |text: &Pattern| {
            regions
                .iter()
                .flatten()
                .all(|region| region.contains(text, budget))
        };
        samples.find(fits)
    };
    Some([pick(0)?, pick(1)?, pick(2)?])
}

/// Changes the context until the one allows and the other does not, making false what the other allows by.
fn distinguish(
    inner: &Statements<'_>,
    outer: &Statements<'_>,
    mut context: Context,
    budget: &Budget,
) -> Option<Context> {
    context = allowed(inner, context, budget)?;
    for _ in 0..ROUNDS {
        if outer.allow(&context, budget) == Some(false) {
            return Some(context);
        }
        let holding = (outer.allows.iter())
            .find(|clauses| all_hold(clauses, &context, budget) != Some(false))?;
        let own = inner
            .allows
            .iter()
            .take(ROUNDS)
            .flat_map(|clauses| variations(clauses, &context));
        let changed = variations(holding, &context).chain(own).find(|changed| {
            inner.allow(changed, budget) == Some(true)
                && all_hold(holding, changed, budget) == Some(false)
        });
        context = changed?;
    }
    None
}

/// The context, or one that differs in a key which the statements ask for, so that they allow it.
fn allowed(inner: &Statements<'_>, context: Context, budget: &Budget) -> Option<Context> {
    if inner.allow(&context, budget) == Some(true) {
        return Some(context);
    }
    let mut variations =
        (inner.denies.iter().take(ROUNDS)).flat_map(|clauses| variations(clauses, &context));
    variations.find(|changed| inner.allow(changed, budget) == Some(true))
}

/// Contexts that differ from one in a key of the clauses.
fn variations<'a>(
    clauses: &'a Clauses,
    context: &'a Context,
) -> impl Iterator<Item = Context> + use<'a> {
    clauses.iter().flat_map(move |clause| {
        clause.breaking().into_iter().map(move |value| {
            let mut changed = context.clone();
            match value {
                Some(value) => changed.insert(clause.key.clone(), value),
                None => changed.remove(&clause.key),
            };
            changed
        })
    })
}
