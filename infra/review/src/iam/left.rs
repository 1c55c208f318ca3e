//! What other statements leave of the actions of one.
//!
//! AWS adds actions. So a wildcard stands for the actions that the table knows, and for those that are still to come: these are
//! of the wildcard and of every wider one, and of no list.

use super::budget::Budget;
use super::pattern::Pattern;
use super::region::Region;
use super::scope::{ACTION, Scope};
use super::table;

/// More parts of a wildcard than statements leave in practice.
const PARTS: usize = 48;

/// Actions that others do not name.
pub(super) struct Left {
    /// Those that the table knows, the most powerful first. What it cannot take apart stands as a whole.
    pub(super) known: Vec<Region>,
    /// Wildcards to which AWS may add actions.
    pub(super) later: Vec<Region>,
}

impl Left {
    /// The actions of a scope without those that others cover.
    pub(super) fn of<'a>(
        scope: &Scope,
        others: impl Iterator<Item = &'a Scope>,
        budget: &Budget,
    ) -> Self {
        let region = &scope.regions[ACTION];
        let Some(actions) = table::expanded(region, budget) else {
            return Self {
                known: vec![region.clone()],
                later: Vec::new(),
            };
        };
        let beside: Vec<&Region> = others
            .filter(|other| other.covers_beside(ACTION, scope, budget))
            .map(|other| &other.regions[ACTION])
            .collect();
        let is_covered = |action: &Pattern| {
            let mut beside = beside.iter();
            beside.any(|region| region.contains(action, budget))
        };
        let known = actions.into_iter().filter(|action| !is_covered(action));
        Self {
            known: known.map(Region::from).collect(),
            later: later(region, &beside, budget),
        }
    }

    /// The known actions, without what stands as a whole.
    pub(super) fn single(&self) -> impl Iterator<Item = &Pattern> {
        let actions = self.known.iter().map(|region| &region.include);
        actions.filter(|action| action.is_one())
    }
}

/// The wildcard without the wildcards of others.
fn later(region: &Region, others: &[&Region], budget: &Budget) -> Vec<Region> {
    // Single actions leave every wildcard open.
    let wildcards = (others.iter()).filter(|other| !other.include.is_one());
    let mut left = vec![region.clone()];
    for other in wildcards {
        left = left
            .into_iter()
            .flat_map(|part| without(part, other, budget))
            .collect();
        if left.len() > PARTS {
            break;
        }
    }
    // A single action that is left is among the known ones, unless the table does not know it.
    let is_known = |part: &Region| part.include.is_one() && table::knows(&part.include);
    left.retain(|part| !is_known(part) && !part.is_empty(budget));
    left
}

fn without(part: Region, other: &Region, budget: &Budget) -> Vec<Region> {
    if other.covers(&part, budget) {
        return Vec::new();
    }
    if !other.may_meet(&part, budget) {
        return vec![part];
    }
    let left = part.without(other, budget);
    left.unwrap_or_else(|| vec![part])
}
