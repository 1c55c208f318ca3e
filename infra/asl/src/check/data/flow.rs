//! Follows the data from state to state.

use std::collections::{BTreeMap, BTreeSet};

use jsonata::Shape;

use super::Check;
use super::place::Scope;
use super::variables::{Variables, assigned_in};
use crate::definition::States;

/// What is handed on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Data {
    /// The input of the next state.
    pub(super) input: Shape,
    /// The variables it sees.
    pub(super) variables: Variables,
}

/// Where data goes, and which.
pub(super) struct Way<'a> {
    /// The next state; none at an end.
    pub(super) next: Option<&'a str>,
    pub(super) data: Data,
}

/// A state reached more often than this is in a loop; what grows there is taken to grow without a bound.
const PATIENCE: usize = 6;

impl Data {
    pub(super) fn of(input: Shape) -> Self {
        Self {
            input,
            variables: Variables::default(),
        }
    }

    fn either(&self, other: &Self, join: impl Fn(&Shape, &Shape) -> Shape) -> Self {
        Self {
            input: join(&self.input, &other.input),
            variables: self.variables.either(&other.variables, &join),
        }
    }
}

impl Check<'_> {
    /// Follows data through states that belong together; returns what they give at their ends.
    pub(super) fn states(&mut self, states: &States<'_>, entry: Data, scope: &Scope) -> Shape {
        let scope = &scope.assigning(assigned_in(states));
        self.sink.mute();
        let reaching = self.reaching(states, entry, scope);
        self.sink.unmute();
        let mut output = Shape::never();
        for state in &states.all {
            let Some(data) = reaching.get(state.name) else {
                continue;
            };
            for way in self.state(state, data, scope) {
                if way.next.is_none() {
                    output = output.join(&way.data.input);
                }
            }
        }
        output
    }

    /// What reaches each state, on all ways together.
    fn reaching<'a>(
        &mut self,
        states: &States<'a>,
        entry: Data,
        scope: &Scope,
    ) -> BTreeMap<&'a str, Data> {
        let mut reaching: BTreeMap<&str, Data> = BTreeMap::new();
        let mut visits: BTreeMap<&str, usize> = BTreeMap::new();
        let mut waiting = BTreeSet::new();
        if let Some(start) = states.start() {
            reaching.insert(start.name, entry);
            waiting.insert(start.name);
        }
        while let Some(name) = waiting.pop_first() {
            let Some(state) = states.get(name) else {
                continue;
            };
            let Some(data) = reaching.get(name).cloned() else {
                continue;
            };
            for way in self.state(state, &data, scope) {
                for next in targets(states, way.next) {
                    let count = visits.entry(next).or_default();
                    let before = reaching.get(next);
                    let after = match before {
                        None => way.data.clone(),
                        Some(before) if *count < PATIENCE => before.either(&way.data, Shape::join),
                        Some(before) => before.either(&way.data, Shape::widen),
                    };
                    if before != Some(&after) {
                        *count += 1;
                        reaching.insert(next, after);
                        waiting.insert(next);
                    }
                }
            }
        }
        reaching
    }
}

/// The state of this name. A name that leads nowhere is a finding of its own; the data may have been meant for any state.
fn targets<'a>(states: &States<'a>, next: Option<&str>) -> Vec<&'a str> {
    let Some(name) = next else { return Vec::new() };
    match states.get(name) {
        Some(state) => vec![state.name],
        None => states.all.iter().map(|state| state.name).collect(),
    }
}
