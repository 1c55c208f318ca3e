//! Tasks: what services need and what they answer.

mod attribute;
mod requirements;
mod results;

use jsonata::Shape;
use serde_json::Value;

use super::Check;
use crate::Pointer;
use crate::check::code;
use crate::definition::{Integration, QueryLanguage, State};

impl Check<'_> {
    /// The result of a call.
    pub(super) fn task(
        &mut self,
        state: &State<'_>,
        integration: Integration<'_>,
        payload: &Shape,
    ) -> Shape {
        let Some((action, pattern)) = integration.service() else {
            let named = self
                .known
                .result(integration.resource)
                .or_else(|| self.known.result(state.name));
            return named.cloned().unwrap_or_else(Shape::json);
        };
        self.arguments(state, action, payload);
        if pattern == Some("waitForTaskToken") {
            // Whoever hands the token back decides.
            return self
                .known
                .result(state.name)
                .cloned()
                .unwrap_or_else(Shape::json);
        }
        if action == "lambda:invoke" {
            return results::lambda(self.answer(state, payload));
        }
        if let Some(shape) = self.known.result(state.name) {
            return shape.clone();
        }
        results::of(action, pattern)
    }

    /// What the function of a `lambda:invoke` answers.
    fn answer(&self, state: &State<'_>, payload: &Shape) -> Shape {
        let name = payload.field("FunctionName");
        let names = name.as_text().and_then(|text| text.values.as_ref());
        let literal = names.and_then(|names| names.first());
        let written = ["Arguments", "Parameters"]
            .into_iter()
            .find_map(|field| state.body.get(field)?.get("FunctionName")?.as_str());
        let known = [written, literal.map(String::as_str), Some(state.name)];
        let known = known
            .into_iter()
            .flatten()
            .find_map(|name| self.known.result(name));
        known.cloned().unwrap_or_else(Shape::json)
    }

    /// What the service needs has to be there.
    fn arguments(&mut self, state: &State<'_>, action: &str, payload: &Shape) {
        let field = match state.language {
            QueryLanguage::Jsonata => "Arguments",
            QueryLanguage::JsonPath => "Parameters",
        };
        let given = state.body.get(field);
        let pointer = match given {
            Some(_) => state.pointer.member(field),
            None => state.pointer.clone(),
        };
        let missing: Vec<String> = requirements::required(action)
            .iter()
            .filter(|name| payload.field(name).is_undefined())
            .map(|name| format!("`{name}`"))
            .collect();
        if !missing.is_empty() {
            let reason = match given {
                Some(_) => String::new(),
                None => {
                    format!(", and what reaches the state is all it gets: there are no `{field}`")
                }
            };
            self.sink.error(
                &pointer,
                code::REQUIRED_ARGUMENT,
                format!("`{action}` needs {}{reason}", missing.join(" and ")),
                format!("add {} to `{field}`", missing.join(" and ")),
            );
        }
        if action.starts_with("dynamodb:")
            && let Some(given) = given
        {
            self.attributes(given, &pointer, payload);
        }
    }

    /// The attributes in the arguments of a DynamoDB call.
    fn attributes(&mut self, given: &Value, pointer: &Pointer, payload: &Shape) {
        for name in ["Item", "Key", "ExpressionAttributeValues"] {
            let Some(fields) = given.get(name).and_then(Value::as_object) else {
                continue;
            };
            let (pointer, shapes) = (pointer.member(name), payload.field(name));
            for (name, value) in fields {
                let name_alone = name.strip_suffix(".$").unwrap_or(name);
                self.attribute(value, &pointer.member(name), &shapes.field(name_alone));
            }
        }
    }
}
