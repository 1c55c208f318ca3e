//! The one place that asks the table of IAM actions.

use spec::{Action, Actions};

use super::budget::Budget;
use super::pattern::{Pattern, Syntax};
use super::region::Region;
use crate::meaning::Meaning;

/// An action that a statement names.
const ACTION: Syntax = Syntax {
    wildcards: false,
    variables: false,
    ignores_case: true,
};

/// The actions that a region stands for, the most powerful first; nothing when it is one action, or the table does not know.
pub(super) fn expanded(region: &Region, budget: &Budget) -> Option<Vec<Pattern>> {
    if region.include.is_one() || !region.include.is_known() || budget.is_spent() {
        return None;
    }
    let mut actions: Vec<Action> = Actions::embedded()
        .matching(&region.include.to_string())
        .collect();
    actions.sort_by_key(|action| std::cmp::Reverse(action.access));
    if actions.is_empty() || !budget.take(actions.len() * 16) {
        return None;
    }
    let patterns = actions
        .into_iter()
        .map(|action| pattern(&action.to_string()));
    let is_excepted = |action: &Pattern| region.except.iter().any(|out| out.covers(action, budget));
    Some(patterns.filter(|action| !is_excepted(action)).collect())
}

/// One action, as the table spells it.
pub(super) fn spelled(action: &Pattern) -> String {
    let text = action.to_string();
    if !action.is_one() {
        return text;
    }
    Actions::embedded()
        .get(&text)
        .map_or(text, |known| known.to_string())
}

fn pattern(action: &str) -> Pattern {
    Pattern::of(&Meaning::Scalar(action.to_owned()), ACTION)
}
