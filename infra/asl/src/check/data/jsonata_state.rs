//! States of the JSONata language: `Arguments`, `Output`, `Assign`.

use jsonata::{Shape, Type};
use serde_json::{Map, Value};

use super::expression::expression;
use super::flow::{Data, Way};
use super::place::{Place, Scope};
use super::state::after;
use super::{Check, there};
use crate::Pointer;
use crate::definition::{Kind, QueryLanguage, State};

/// Payloads beside `Arguments`, of which only the evaluation is checked.
const OTHER_PAYLOADS: [&str; 1] = ["Credentials"];

impl Check<'_> {
    pub(super) fn jsonata_state<'a>(
        &mut self,
        state: &State<'a>,
        place: &Place<'_>,
        scope: &Scope,
    ) -> (Vec<Way<'a>>, Option<Shape>) {
        self.typed_fields(state, place);
        for name in OTHER_PAYLOADS {
            self.evaluated(state, name, place);
        }
        if let Kind::Fail = state.kind {
            return (Vec::new(), None);
        }
        if let Kind::Choice { rules, default } = &state.kind {
            let mut ways = Vec::new();
            for rule in rules {
                self.condition(rule.body, &rule.pointer, place);
                let data =
                    self.handed_on(rule.body, &rule.pointer, place, place.input.clone(), scope);
                ways.extend(rule.next.map(|next| Way {
                    next: Some(next),
                    data,
                }));
            }
            let data = self.handed_on(
                state.body,
                &state.pointer,
                place,
                place.input.clone(),
                scope,
            );
            ways.extend(default.map(|next| Way {
                next: Some(next),
                data,
            }));
            return (ways, None);
        }
        let payload = self
            .evaluated(state, "Arguments", place)
            .unwrap_or_else(|| place.input.clone());
        let work = self.work(state, &payload, place, scope);
        let has_result = matches!(state.kind, Kind::Task(_) | Kind::Parallel(_) | Kind::Map(_));
        let done = if has_result {
            place.with_result(work.result.clone())
        } else {
            place.clone()
        };
        let data = self.handed_on(state.body, &state.pointer, &done, work.result, scope);
        let mut ways: Vec<Way<'a>> = after(state, data).into_iter().collect();
        let caught = place.with_error();
        for catcher in &state.catch {
            let data = self.handed_on(
                catcher.body,
                &catcher.pointer,
                &caught,
                super::place::error_output(),
                scope,
            );
            ways.extend(catcher.next.map(|next| Way {
                next: Some(next),
                data,
            }));
        }
        (ways, work.items)
    }

    /// `Output` and `Assign`, evaluated side by side.
    fn handed_on(
        &mut self,
        body: &Map<String, Value>,
        pointer: &Pointer,
        place: &Place<'_>,
        unless_given: Shape,
        scope: &Scope,
    ) -> Data {
        let output = match body.get("Output") {
            Some(output) => self.template(
                output,
                QueryLanguage::Jsonata,
                &pointer.member("Output"),
                place,
            ),
            None => unless_given,
        };
        Data {
            input: there(output),
            variables: self.assigned(body, QueryLanguage::Jsonata, pointer, place, scope),
        }
    }

    fn condition(&mut self, rule: &Map<String, Value>, pointer: &Pointer, place: &Place<'_>) {
        let text = rule
            .get("Condition")
            .and_then(Value::as_str)
            .and_then(expression);
        if let Some(text) = text {
            let pointer = pointer.member("Condition");
            let shape = self.expression(text, &pointer, place);
            self.has_type("Condition", &shape, &[Type::Boolean], &pointer);
        }
    }
}
