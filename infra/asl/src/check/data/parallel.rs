//! Branches.

use jsonata::Shape;

use super::flow::Data;
use super::place::{Place, Scope};
use super::{Check, there};
use crate::definition::States;

impl Check<'_> {
    /// What the branches give, one item for each.
    pub(super) fn parallel(
        &mut self,
        branches: &[States<'_>],
        payload: &Shape,
        place: &Place<'_>,
        scope: &Scope,
    ) -> Shape {
        let inner = scope.inside();
        let mut outputs = Vec::new();
        for branch in branches {
            let entry = Data {
                input: payload.clone(),
                variables: place.variables.clone(),
            };
            outputs.push(there(self.states(branch, entry, &inner)));
        }
        Shape::tuple(outputs)
    }
}
