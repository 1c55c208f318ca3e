//! Values of DynamoDB attributes: `{"S": "text"}`, `{"N": "5"}`.
//!
//! Source: Amazon DynamoDB API reference, `AttributeValue`.

use jsonata::{Shape, Type, suggestion};
use serde_json::Value;

use super::super::Check;
use crate::Pointer;
use crate::check::code;

/// The types of attributes, each with the type of its value in JSON.
const ATTRIBUTES: &[(&str, Type)] = &[
    ("S", Type::Text),
    ("N", Type::Text),
    ("B", Type::Text),
    ("SS", Type::Array),
    ("NS", Type::Array),
    ("BS", Type::Array),
    ("M", Type::Object),
    ("L", Type::Array),
    ("BOOL", Type::Boolean),
    ("NULL", Type::Boolean),
];

/// Members of the context object that are times, in the words of both languages.
const TIMES: [&str; 6] = [
    "$$.State.EnteredTime",
    "$$.Execution.StartTime",
    "$$.Execution.RedriveTime",
    "$states.context.State.EnteredTime",
    "$states.context.Execution.StartTime",
    "$states.context.Execution.RedriveTime",
];

impl Check<'_> {
    /// An attribute as it is written, and what it becomes.
    pub(super) fn attribute(&mut self, value: &Value, pointer: &Pointer, shape: &Shape) {
        let Some(fields) = value.as_object() else {
            return;
        };
        for (key, value) in fields {
            let name = key.strip_suffix(".$").unwrap_or(key);
            let pointer = pointer.member(key);
            let shape = shape.field(name);
            let Some((_, of)) = ATTRIBUTES.iter().find(|(attribute, _)| *attribute == name) else {
                self.unknown_attribute(name, &pointer);
                continue;
            };
            self.attribute_value(name, *of, value, &pointer, &shape);
        }
    }

    fn attribute_value(
        &mut self,
        name: &str,
        of: Type,
        value: &Value,
        pointer: &Pointer,
        shape: &Shape,
    ) {
        if shape.may_be_defined() && !shape.may_be(of) {
            let help = match of {
                Type::Text => {
                    "write a text: `\"5\"`, `{% $string(...) %}` in JSONata, `States.Format('{}', ...)` with JSONPath"
                }
                _ => "use the attribute type of the value, or convert it",
            };
            self.sink.error(
                pointer,
                code::ATTRIBUTE,
                format!(
                    "the attribute type `{name}` takes {of}, and gets {}",
                    shape.clone().defined()
                ),
                help,
            );
            return;
        }
        if name == "N" {
            self.number_in_text(value, pointer, shape);
        }
        match (name, value) {
            ("M", Value::Object(fields)) => {
                for (name, value) in fields {
                    self.attribute(value, &pointer.member(name), &shape.field(name));
                }
            }
            ("L", Value::Array(items)) => {
                for (index, value) in items.iter().enumerate() {
                    let place = i64::try_from(index).unwrap_or(i64::MAX);
                    self.attribute(value, &pointer.item(index), &shape.item_at(place));
                }
            }
            _ => {}
        }
    }

    /// `N` is a number, written as a text.
    fn number_in_text(&mut self, value: &Value, pointer: &Pointer, shape: &Shape) {
        let written = value.as_str().unwrap_or_default();
        let path = written
            .trim_start_matches("{%")
            .trim_end_matches("%}")
            .trim();
        let values = shape.as_text().and_then(|text| text.values.as_ref());
        let no_number =
            values.is_some_and(|values| values.iter().all(|value| value.parse::<f64>().is_err()));
        let is_time = TIMES.contains(&path);
        if is_time || no_number {
            let what = if is_time {
                "a time like `2027-01-01T00:00:00Z`".to_owned()
            } else {
                shape.to_string()
            };
            self.sink.error(
                pointer,
                code::ATTRIBUTE,
                format!("the attribute type `N` takes a number in a text, and gets {what}"),
                "store it as `S`, or convert it: `{% $string($toMillis(...)) %}` in JSONata",
            );
        }
    }

    fn unknown_attribute(&mut self, name: &str, pointer: &Pointer) {
        let known = ATTRIBUTES.iter().map(|(attribute, _)| *attribute);
        self.sink.error(
            pointer,
            code::ATTRIBUTE,
            format!("there is no attribute type `{name}`"),
            suggestion::help(name, known, "use `S`"),
        );
    }
}
