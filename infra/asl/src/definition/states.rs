//! States that belong together: those of the machine, of a branch, or of an item processor.

use serde_json::{Map, Value};

use super::{QueryLanguage, State, text};
use crate::Pointer;

/// The states of a machine, of a branch of a `Parallel`, or of the processor of a `Map`, in the order of the document.
#[derive(Clone, Debug)]
pub struct States<'a> {
    /// Where `StartAt` and `States` are.
    pub pointer: Pointer,
    /// The name of the first state.
    pub start_at: Option<&'a str>,
    /// The states.
    pub all: Vec<State<'a>>,
    /// All fields beside `States`.
    pub body: &'a Map<String, Value>,
}

impl<'a> States<'a> {
    pub(super) fn read(
        body: &'a Map<String, Value>,
        pointer: Pointer,
        language: QueryLanguage,
    ) -> Self {
        let states = pointer.member("States");
        let read = |(name, state): (&'a String, &'a Value)| {
            Some(State::read(
                name,
                state.as_object()?,
                states.member(name),
                language,
            ))
        };
        let all = body.get("States").and_then(Value::as_object);
        Self {
            start_at: text(body, "StartAt"),
            all: all.into_iter().flatten().filter_map(read).collect(),
            pointer,
            body,
        }
    }

    /// The state of this name; those inside `Parallel` and `Map` states are not looked at.
    pub fn get(&self, name: &str) -> Option<&State<'a>> {
        self.all.iter().find(|state| state.name == name)
    }

    /// The first state.
    pub fn start(&self) -> Option<&State<'a>> {
        self.get(self.start_at?)
    }

    /// These states and all inside them, outer ones first.
    pub fn walk(&self) -> Vec<&State<'a>> {
        let mut found = Vec::new();
        self.collect(&mut found);
        found
    }

    fn collect<'s>(&'s self, found: &mut Vec<&'s State<'a>>) {
        for state in &self.all {
            found.push(state);
            for inner in state.inner() {
                inner.collect(found);
            }
        }
    }
}
