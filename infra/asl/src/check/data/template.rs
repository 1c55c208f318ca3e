//! JSON with expressions or paths inside.

use jsonata::Shape;
use serde_json::{Map, Value};

use super::Check;
use super::expression::expression;
use super::place::Place;
use crate::Pointer;
use crate::check::code;
use crate::definition::QueryLanguage;

impl Check<'_> {
    /// What a payload becomes.
    pub(super) fn template(
        &mut self,
        value: &Value,
        language: QueryLanguage,
        pointer: &Pointer,
        place: &Place<'_>,
    ) -> Shape {
        match value {
            Value::String(text) if language == QueryLanguage::Jsonata => match expression(text) {
                Some(expression) => {
                    let shape = self.expression(expression, pointer, place);
                    self.needed(shape, expression, pointer, language)
                }
                None => literal(text),
            },
            Value::String(text) => literal(text),
            Value::Array(items) => {
                let items = items.iter().enumerate();
                let shapes = items.map(|(index, item)| {
                    self.template(item, language, &pointer.item(index), place)
                });
                Shape::tuple(shapes.collect())
            }
            Value::Object(fields) => self.fields(fields, language, pointer, place),
            _ => Shape::of_value(value),
        }
    }

    fn fields(
        &mut self,
        fields: &Map<String, Value>,
        language: QueryLanguage,
        pointer: &Pointer,
        place: &Place<'_>,
    ) -> Shape {
        let mut shapes = Vec::new();
        for (name, value) in fields {
            let pointer = pointer.member(name);
            let shape = match (language, name.strip_suffix(".$"), value) {
                (QueryLanguage::JsonPath, Some(name), Value::String(text)) => {
                    let shape = self.reference(text, &pointer, place);
                    (name, self.needed(shape, text, &pointer, language))
                }
                _ => (
                    name.as_str(),
                    self.template(value, language, &pointer, place),
                ),
            };
            shapes.push(shape);
        }
        Shape::object(shapes)
    }

    /// The value of a key that ends in `.$`, or of a field that takes a path: a path, or an intrinsic function.
    pub(super) fn reference(&mut self, text: &str, pointer: &Pointer, place: &Place<'_>) -> Shape {
        if text.starts_with("States.") {
            return self.intrinsic(text, pointer, place);
        }
        if text.starts_with('$') {
            return self.path(text, pointer, place);
        }
        let field = pointer.segments().last().unwrap_or_default();
        let (message, help) = if field.ends_with(".$") {
            (
                format!(
                    "`{text}` is no path: the key ends in `.$`, and its value does not begin with `$` or `States.`"
                ),
                format!("write `$.{text}`, or take `.$` off the key for the text itself"),
            )
        } else {
            (
                format!("`{text}` is no path: `{field}` takes one, and it does not begin with `$`"),
                format!("write `$.{text}`"),
            )
        };
        self.sink.error(pointer, code::NO_DOCUMENT, message, help);
        Shape::json()
    }
}

/// A text, which a deployment may replace.
fn literal(text: &str) -> Shape {
    if super::expression::has_placeholder(text) {
        Shape::text()
    } else {
        Shape::one_of([text])
    }
}
