//! The states of one scope in the order of the flow, and where each was written.

use std::panic::Location;

use serde_json::{Map, Value, json};

/// States, in order.
#[derive(Debug, Default)]
pub(crate) struct States(Vec<State>);

#[derive(Debug)]
struct State {
    name: String,
    location: &'static Location<'static>,
    body: Map<String, Value>,
    /// The names of the states inside.
    inner: Vec<Named>,
}

/// The name of a state and the line that gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) name: String,
    pub(crate) location: &'static Location<'static>,
}

impl States {
    pub(super) fn push(
        &mut self,
        name: &str,
        location: &'static Location<'static>,
        body: Map<String, Value>,
    ) {
        self.push_with(name, location, body, Vec::new());
    }

    pub(super) fn push_with(
        &mut self,
        name: &str,
        location: &'static Location<'static>,
        body: Map<String, Value>,
        inner: Vec<Named>,
    ) {
        self.0.push(State {
            name: name.to_owned(),
            location,
            body,
            inner,
        });
    }

    pub(super) fn append(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether both are the same states in the same order, wherever they were written.
    pub(super) fn equal(&self, other: &Self) -> bool {
        let parts = |state: &State| (state.name.clone(), state.body.clone());
        self.0.iter().map(parts).eq(other.0.iter().map(parts))
    }

    /// All names, those inside included.
    pub(crate) fn names(&self) -> Vec<Named> {
        let mut names = Vec::new();
        for state in &self.0 {
            names.push(Named {
                name: state.name.clone(),
                location: state.location,
            });
            names.extend(state.inner.iter().cloned());
        }
        names
    }

    /// `StartAt` and `States`.
    pub(crate) fn into_fields(self) -> Map<String, Value> {
        let start = self.0.first().map(|first| json!(first.name));
        let states = self.0.into_iter();
        let states = states.map(|state| (state.name, Value::Object(state.body)));
        let states = Value::Object(states.collect());
        let start = start.map(|start| ("StartAt".to_owned(), start));
        start
            .into_iter()
            .chain([("States".to_owned(), states)])
            .collect()
    }
}
