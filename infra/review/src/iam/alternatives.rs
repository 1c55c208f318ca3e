//! Values that depend on conditions of the template, each with the conditions under which it is the value.

use std::collections::BTreeSet;

use super::clause::Clause;
use crate::meaning::Meaning;

pub(super) type Guards = BTreeSet<Clause>;

/// The values that a value may be.
pub(super) fn alternatives<'a>(
    meaning: &'a Meaning,
    guards: &Guards,
) -> Vec<(Guards, &'a Meaning)> {
    match meaning {
        Meaning::Choice(condition, then, otherwise) => {
            let sides = [(true, then), (false, otherwise)];
            let found = sides.into_iter().flat_map(|(holds, side)| {
                let mut guards = guards.clone();
                guards.insert(Clause::deployed(condition.clone(), holds));
                alternatives(side, &guards)
            });
            found.collect()
        }
        Meaning::Absent | Meaning::Null => Vec::new(),
        other => vec![(guards.clone(), other)],
    }
}

/// The items of a list, or the one value; each under its conditions.
pub(super) fn items<'a>(meaning: &'a Meaning, guards: &Guards) -> Vec<(Guards, &'a Meaning)> {
    let mut found = Vec::new();
    for (guards, value) in alternatives(meaning, guards) {
        match value {
            Meaning::List(list) => {
                found.extend(list.iter().flat_map(|item| items(item, &guards)));
            }
            one => found.push((guards, one)),
        }
    }
    found
}
