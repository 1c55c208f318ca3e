//! What a state does with the data that reaches it.

use jsonata::Shape;

use super::Check;
use super::flow::{Data, Way};
use super::place::{Place, Scope};
use crate::check::flows::Flow;
use crate::definition::{Kind, QueryLanguage, State, Transition};

/// What a state makes of its input, before it is put where it belongs.
pub(super) struct Work {
    /// Its result.
    pub(super) result: Shape,
    /// What a `Map` goes through.
    pub(super) items: Option<Shape>,
}

impl Work {
    pub(super) fn of(result: Shape) -> Self {
        Self {
            result,
            items: None,
        }
    }
}

impl Check<'_> {
    /// Where the data goes from a state, and what it is then.
    pub(super) fn state<'a>(
        &mut self,
        state: &State<'a>,
        data: &Data,
        scope: &Scope,
    ) -> Vec<Way<'a>> {
        let place = scope.place(state, &data.input, &data.variables);
        let (ways, items) = match state.language {
            QueryLanguage::Jsonata => self.jsonata_state(state, &place, scope),
            QueryLanguage::JsonPath => self.jsonpath_state(state, &place, scope),
        };
        if !self.sink.is_muted() {
            let output = ways
                .iter()
                .fold(Shape::never(), |any, way| any.join(&way.data.input));
            let input = data.input.clone();
            self.flows.set(
                &state.pointer,
                Flow {
                    input,
                    output,
                    items,
                },
            );
        }
        ways
    }

    /// The result of a state that does something with its payload.
    pub(super) fn work(
        &mut self,
        state: &State<'_>,
        payload: &Shape,
        place: &Place<'_>,
        scope: &Scope,
    ) -> Work {
        match &state.kind {
            Kind::Task(integration) => Work::of(self.task(state, *integration, payload)),
            Kind::Parallel(branches) => Work::of(self.parallel(branches, payload, place, scope)),
            Kind::Map(map) => self.map(state, map, payload, place, scope),
            _ => Work::of(payload.clone()),
        }
    }
}

/// Where a state leads when it has done its work.
pub(super) fn after<'a>(state: &State<'a>, data: Data) -> Option<Way<'a>> {
    match (state.transition, &state.kind) {
        (Transition::Next(next), _) => Some(Way {
            next: Some(next),
            data,
        }),
        (Transition::End, _) | (_, Kind::Succeed) => Some(Way { next: None, data }),
        (Transition::None, _) => None,
    }
}
