//! Fields of states that take a value of one type.

use jsonata::{Shape, Type};
use serde_json::Value;

use super::Check;
use super::expression::expression;
use super::place::Place;
use crate::Pointer;
use crate::check::code;
use crate::definition::{QueryLanguage, State};

/// A field, and the types of its value. With `JSONPath`, the path to it is in a field of its own.
struct Field {
    name: &'static str,
    path: &'static str,
    types: &'static [Type],
}

const fn field(name: &'static str, path: &'static str, types: &'static [Type]) -> Field {
    Field { name, path, types }
}

const FIELDS: &[Field] = &[
    field("Seconds", "SecondsPath", &[Type::Number]),
    field("Timestamp", "TimestampPath", &[Type::Text]),
    field("TimeoutSeconds", "TimeoutSecondsPath", &[Type::Number]),
    field("HeartbeatSeconds", "HeartbeatSecondsPath", &[Type::Number]),
    field("MaxConcurrency", "MaxConcurrencyPath", &[Type::Number]),
    field(
        "ToleratedFailurePercentage",
        "ToleratedFailurePercentagePath",
        &[Type::Number],
    ),
    field(
        "ToleratedFailureCount",
        "ToleratedFailureCountPath",
        &[Type::Number],
    ),
    field("Error", "ErrorPath", &[Type::Text]),
    field("Cause", "CausePath", &[Type::Text]),
];

impl Check<'_> {
    /// The fields of a state that take a value of one type.
    pub(super) fn typed_fields(&mut self, state: &State<'_>, place: &Place<'_>) {
        for field in FIELDS {
            match state.language {
                QueryLanguage::Jsonata => {
                    if let Some(text) = state.text(field.name).and_then(expression) {
                        let pointer = state.pointer.member(field.name);
                        let shape = self.expression(text, &pointer, place);
                        let shape = self.needed(shape, text, &pointer, state.language);
                        self.has_type(field.name, &shape, field.types, &pointer);
                    }
                }
                QueryLanguage::JsonPath => {
                    if let Some(text) = state.text(field.path) {
                        let pointer = state.pointer.member(field.path);
                        let shape = self.reference(text, &pointer, place);
                        let shape = self.needed(shape, text, &pointer, state.language);
                        self.has_type(field.path, &shape, field.types, &pointer);
                    }
                }
            }
        }
    }

    /// The value of a field has to have one of the types.
    pub(super) fn has_type(
        &mut self,
        name: &str,
        shape: &Shape,
        types: &[Type],
        pointer: &Pointer,
    ) {
        if !shape.may_be_defined() || types.iter().any(|of| shape.may_be(*of)) {
            return;
        }
        let help = match types {
            [Type::Number] if shape.may_be(Type::Text) => {
                "give it a number: `$number(...)` in JSONata, `States.StringToJson(...)` in an earlier state with JSONPath"
            }
            [Type::Text] => {
                "give it a text: `$string(...)` in JSONata, `States.Format('{}', ...)` in an earlier state with JSONPath"
            }
            [Type::Boolean] => "write a comparison, such as `{% $states.input.status = 'READY' %}`",
            _ => "give it a value of that type",
        };
        self.sink.error(
            pointer,
            code::FIELD_TYPE,
            format!(
                "`{name}` has to be {}, and gets {}",
                Type::any_of(types),
                shape.clone().defined()
            ),
            help,
        );
    }

    /// A payload of the state that is evaluated and whose result nobody uses here.
    pub(super) fn evaluated(
        &mut self,
        state: &State<'_>,
        name: &str,
        place: &Place<'_>,
    ) -> Option<Shape> {
        let value: &Value = state.body.get(name)?;
        Some(self.template(value, state.language, &state.pointer.member(name), place))
    }
}
