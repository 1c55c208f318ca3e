//! What is known of the data at each state: found by the check of the data, used by the check of the budgets.

use std::collections::BTreeMap;

use jsonata::Shape;

use crate::Pointer;

/// The data at a state.
#[derive(Clone, Debug, Default)]
pub(crate) struct Flow {
    /// What reaches it.
    pub(crate) input: Shape,
    /// What it hands on.
    pub(crate) output: Shape,
    /// What a `Map` goes through, an array.
    pub(crate) items: Option<Shape>,
}

/// The data at every state that something reaches, by the place of the state.
#[derive(Clone, Debug, Default)]
pub(crate) struct Flows {
    by_state: BTreeMap<Pointer, Flow>,
}

impl Flows {
    /// Keeps what is known of a state, in place of what was known before.
    pub(crate) fn set(&mut self, state: &Pointer, flow: Flow) {
        self.by_state.insert(state.clone(), flow);
    }

    /// What is known of a state.
    pub(crate) fn of(&self, state: &Pointer) -> Option<&Flow> {
        self.by_state.get(state)
    }
}
