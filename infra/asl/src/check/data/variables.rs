//! Variables: what is assigned on the ways that lead somewhere.

use std::collections::{BTreeMap, BTreeSet};

use jsonata::Shape;
use serde_json::Value;

use crate::definition::{Kind, State, States};

/// The variables that may have been assigned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Variables {
    by_name: BTreeMap<String, Variable>,
}

/// A variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Variable {
    pub(super) shape: Shape,
    /// Whether it is assigned on every way.
    pub(super) always: bool,
}

impl Variables {
    pub(super) fn get(&self, name: &str) -> Option<&Variable> {
        self.by_name.get(name)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Variable)> {
        self.by_name
            .iter()
            .map(|(name, variable)| (name.as_str(), variable))
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.by_name.keys().map(String::as_str)
    }

    /// Assigns a variable anew.
    pub(super) fn assign(&mut self, name: &str, shape: Shape) {
        let variable = Variable {
            shape,
            always: true,
        };
        self.by_name.insert(name.to_owned(), variable);
    }

    /// The variables after one of two ways.
    pub(super) fn either(&self, other: &Self, join: impl Fn(&Shape, &Shape) -> Shape) -> Self {
        let names: BTreeSet<&String> = self.by_name.keys().chain(other.by_name.keys()).collect();
        let both = |name: &String| {
            let variable = match (self.by_name.get(name), other.by_name.get(name)) {
                (Some(one), Some(another)) => Variable {
                    shape: join(&one.shape, &another.shape),
                    always: one.always && another.always,
                },
                (one, another) => Variable {
                    shape: one.or(another)?.shape.clone(),
                    always: false,
                },
            };
            Some((name.clone(), variable))
        };
        Self {
            by_name: names.into_iter().filter_map(both).collect(),
        }
    }
}

/// The variables that a state assigns, in its rules and catchers too.
pub(super) fn assigned_by(state: &State<'_>) -> BTreeSet<String> {
    let mut bodies = vec![state.body];
    if let Kind::Choice { rules, .. } = &state.kind {
        bodies.extend(rules.iter().map(|rule| rule.body));
    }
    bodies.extend(state.catch.iter().map(|catcher| catcher.body));
    let assigns = bodies
        .into_iter()
        .filter_map(|body| body.get("Assign")?.as_object());
    let names = assigns.flat_map(serde_json::Map::<String, Value>::keys);
    names
        .map(|name| name.strip_suffix(".$").unwrap_or(name).to_owned())
        .collect()
}

/// The variables that these states assign, without those inside of them.
pub(super) fn assigned_in(states: &States<'_>) -> BTreeSet<String> {
    states.all.iter().flat_map(assigned_by).collect()
}
