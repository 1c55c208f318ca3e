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
const PATIENCE: usize = 3;

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

/// What was found for states that run together, kept while the data around them is still being followed.
pub(super) struct Followed {
    entry: Data,
    scope: Scope,
    reaching: Reaching,
    output: Shape,
}

/// What reaches each state, by its place among them.
type Reaching = BTreeMap<usize, Data>;

impl Check<'_> {
    /// Follows data through states that belong together; returns what they give at their ends.
    pub(super) fn states(&mut self, states: &States<'_>, entry: Data, scope: &Scope) -> Shape {
        let scope = &scope.assigning(assigned_in(states));
        let followed = self.followed.remove(&states.pointer);
        let known = followed.filter(|followed| followed.entry == entry && followed.scope == *scope);
        let reaching = match known {
            Some(known) if self.sink.is_muted() => {
                let output = known.output.clone();
                self.followed.insert(states.pointer.clone(), known);
                return output;
            }
            Some(known) => known.reaching,
            None => {
                self.sink.mute();
                let reaching = self.reaching(states, entry.clone(), scope);
                self.sink.unmute();
                reaching
            }
        };
        let mut output = Shape::never();
        for (index, data) in &reaching {
            for way in self.state(&states.all[*index], data, scope) {
                if way.next.is_none() {
                    output = output.join(&way.data.input);
                }
            }
        }
        let followed = Followed {
            entry,
            scope: scope.clone(),
            reaching,
            output: output.clone(),
        };
        self.followed.insert(states.pointer.clone(), followed);
        output
    }

    /// What reaches each state, on all ways together.
    fn reaching(&mut self, states: &States<'_>, entry: Data, scope: &Scope) -> Reaching {
        let places: BTreeMap<&str, usize> = (states.all.iter().enumerate())
            .map(|(index, state)| (state.name, index))
            .collect();
        let mut reaching = Reaching::new();
        let mut visits = vec![0_usize; states.all.len()];
        let mut waiting = BTreeSet::new();
        if let Some(start) = states.start_at.and_then(|name| places.get(name)) {
            reaching.insert(*start, entry);
            waiting.insert(*start);
        }
        while let Some(index) = waiting.pop_first() {
            let data = reaching.get(&index).cloned().unwrap_or_default();
            for way in self.state(&states.all[index], &data, scope) {
                for next in targets(&places, way.next) {
                    let before = reaching.get(&next);
                    let after = match before {
                        None => way.data.clone(),
                        Some(before) if visits[next] < PATIENCE => {
                            before.either(&way.data, Shape::join)
                        }
                        Some(before) => before.either(&way.data, Shape::widen),
                    };
                    if before != Some(&after) {
                        visits[next] += 1;
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
fn targets(places: &BTreeMap<&str, usize>, next: Option<&str>) -> Vec<usize> {
    let Some(name) = next else {
        return Vec::new();
    };
    match places.get(name) {
        Some(place) => vec![*place],
        None => places.values().copied().collect(),
    }
}
