//! The one place that asks the table of IAM actions.

use std::cmp::Reverse;
use std::collections::BTreeMap;

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

thread_local! {
    /// Made once: patterns cost more than all that is asked of them.
    static TABLE: Table = Table::of(Actions::embedded());
}

/// The actions as patterns, the most powerful first.
struct Table {
    all: Vec<Pattern>,
    by_service: BTreeMap<&'static str, Vec<Pattern>>,
}

impl Table {
    fn of(table: Actions) -> Self {
        let mut actions: Vec<Action> = table.matching("*").collect();
        actions.sort_by_key(|action| Reverse(action.access));
        let mut all = Vec::new();
        let mut by_service: BTreeMap<_, Vec<Pattern>> = BTreeMap::new();
        for action in actions {
            let pattern = pattern(&action.to_string());
            let service = by_service.entry(action.service).or_default();
            service.push(pattern.clone());
            all.push(pattern);
        }
        Self { all, by_service }
    }

    /// All that a pattern may stand for: those of one service, where it names one.
    fn around(&self, pattern: &Pattern) -> &[Pattern] {
        let text = pattern.to_string().to_ascii_lowercase();
        match text.split_once(':') {
            Some((service, _)) if !service.contains(['*', '?']) => {
                self.by_service.get(service).map_or(&[], Vec::as_slice)
            }
            _ => &self.all,
        }
    }
}

/// The actions that a region stands for, the most powerful first; nothing when it is one action, or the table does not know.
pub(super) fn expanded(region: &Region, budget: &Budget) -> Option<Vec<Pattern>> {
    if region.include.is_one() || !region.include.is_known() || budget.is_spent() {
        return None;
    }
    TABLE.with(|table| {
        let around = table.around(&region.include).iter();
        let actions: Vec<&Pattern> = around
            .filter(|action| region.include.covers(action, budget))
            .collect();
        if actions.is_empty() || !budget.take(actions.len() * 16) {
            return None;
        }
        let is_excepted =
            |action: &Pattern| region.except.iter().any(|out| out.covers(action, budget));
        let left = actions.into_iter().filter(|action| !is_excepted(action));
        Some(left.cloned().collect())
    })
}

/// Whether the table has the action.
pub(super) fn knows(action: &Pattern) -> bool {
    Actions::embedded().get(&action.to_string()).is_some()
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
