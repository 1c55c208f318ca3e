//! States of the `JSONPath` language: `InputPath`, `Parameters`, `ResultSelector`, `ResultPath`, `OutputPath`.

use jsonata::Shape;
use serde_json::{Map, Value};

use super::Check;
use super::flow::{Data, Way};
use super::place::{Place, Scope};
use super::state::after;
use crate::Pointer;
use crate::definition::{Kind, QueryLanguage, State};

impl Check<'_> {
    pub(super) fn jsonpath_state<'a>(
        &mut self,
        state: &State<'a>,
        place: &Place<'_>,
        scope: &Scope,
    ) -> (Vec<Way<'a>>, Option<Shape>) {
        let input = self.selected(state, "InputPath", place);
        let place = place.with_document(input.clone());
        self.typed_fields(state, &place);
        self.evaluated(state, "Credentials", &place);
        match &state.kind {
            Kind::Fail => return (Vec::new(), None),
            Kind::Choice { rules, default } => {
                let output = self.selected(state, "OutputPath", &place);
                let mut ways = Vec::new();
                let mut lead = |next: Option<&'a str>, variables| {
                    let input = output.clone();
                    ways.extend(next.map(|next| Way {
                        next: Some(next),
                        data: Data { input, variables },
                    }));
                };
                for rule in rules {
                    self.rule(rule.body, &rule.pointer, &place);
                    lead(
                        rule.next,
                        self.assigned(rule.body, state.language, &rule.pointer, &place, scope),
                    );
                }
                lead(
                    *default,
                    self.assigned(state.body, state.language, &state.pointer, &place, scope),
                );
                return (ways, None);
            }
            _ => {}
        }
        // A map has its own payload for every item.
        let payload = match &state.kind {
            Kind::Map(_) => None,
            _ => self.evaluated(state, "Parameters", &place),
        };
        let payload = payload.unwrap_or(input);
        let work = self.work(state, &payload, &place, scope);
        let raw = match (&state.kind, state.body.get("Result")) {
            (Kind::Pass, Some(result)) => Shape::of_value(result),
            _ => work.result,
        };
        let selected = self.evaluated(state, "ResultSelector", &place.with_document(raw.clone()));
        let result = selected.unwrap_or_else(|| raw.clone());
        let all = self.combined(state.body, &state.pointer, &place.input, &result);
        let output = self.selected(state, "OutputPath", &place.with_document(all));
        // The manual does not say whether `Assign` sees the result before or after `ResultSelector`: either will do.
        let done = place.with_document(raw.join(&result));
        let data = Data {
            input: output,
            variables: self.assigned(
                state.body,
                QueryLanguage::JsonPath,
                &state.pointer,
                &done,
                scope,
            ),
        };
        let mut ways: Vec<Way<'a>> = after(state, data).into_iter().collect();
        ways.extend(self.caught(state, &place, scope));
        (ways, work.items)
    }

    fn caught<'a>(&mut self, state: &State<'a>, place: &Place<'_>, scope: &Scope) -> Vec<Way<'a>> {
        let caught = place.with_error();
        let mut ways = Vec::new();
        for catcher in &state.catch {
            let input = self.combined(
                catcher.body,
                &catcher.pointer,
                &place.input,
                &caught.document,
            );
            let variables = self.assigned(
                catcher.body,
                QueryLanguage::JsonPath,
                &catcher.pointer,
                &caught,
                scope,
            );
            let data = Data { input, variables };
            ways.extend(catcher.next.map(|next| Way {
                next: Some(next),
                data,
            }));
        }
        ways
    }

    /// `InputPath` or `OutputPath`: all without one, an empty object for `null`.
    fn selected(&mut self, state: &State<'_>, name: &str, place: &Place<'_>) -> Shape {
        match state.body.get(name) {
            Some(Value::Null) => Shape::object::<&str>([]),
            Some(Value::String(path)) => {
                let pointer = state.pointer.member(name);
                let shape = self.reference(path, &pointer, place);
                self.needed(shape, path, &pointer, state.language)
            }
            _ => place.document.clone(),
        }
    }

    /// The input with the result where `ResultPath` says.
    fn combined(
        &mut self,
        body: &Map<String, Value>,
        pointer: &Pointer,
        input: &Shape,
        result: &Shape,
    ) -> Shape {
        match body.get("ResultPath") {
            Some(Value::Null) => input.clone(),
            Some(Value::String(path)) => {
                match self.reference_path(path, &pointer.member("ResultPath")) {
                    Some(fields) => put(input, &fields, result),
                    None => Shape::json(),
                }
            }
            _ => result.clone(),
        }
    }
}

/// The value with another one at the end of these fields.
fn put(value: &Shape, fields: &[String], inner: &Shape) -> Shape {
    let Some((first, rest)) = fields.split_first() else {
        return inner.clone();
    };
    let field = put(&value.field(first).defined(), rest, inner);
    value.clone().with_field(first, field)
}
