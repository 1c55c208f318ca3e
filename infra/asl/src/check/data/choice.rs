//! Rules of a `Choice` in the `JSONPath` language.

use std::collections::BTreeSet;

use jsonata::{Shape, Type, suggestion};
use serde_json::{Map, Value};

use super::Check;
use super::place::Place;
use crate::Pointer;
use crate::check::code;

/// What a comparison compares: the beginning of its name and the type of the variable.
const COMPARED: [(&str, Type); 4] = [
    ("String", Type::Text),
    ("Numeric", Type::Number),
    ("Boolean", Type::Boolean),
    ("Timestamp", Type::Text),
];

impl Check<'_> {
    pub(super) fn rule(&mut self, rule: &Map<String, Value>, pointer: &Pointer, place: &Place<'_>) {
        self.condition_of(rule, pointer, place, &BTreeSet::new());
    }

    /// `tested` are the variables that an `And` around tests for being there.
    fn condition_of(
        &mut self,
        rule: &Map<String, Value>,
        pointer: &Pointer,
        place: &Place<'_>,
        tested: &BTreeSet<&str>,
    ) {
        for name in ["And", "Or"] {
            let Some(Value::Array(rules)) = rule.get(name) else {
                continue;
            };
            let mut inner = tested.clone();
            if name == "And" {
                inner.extend(rules.iter().filter_map(tested_variable));
            }
            for (index, rule) in rules.iter().enumerate() {
                if let Some(rule) = rule.as_object() {
                    self.condition_of(rule, &pointer.member(name).item(index), place, &inner);
                }
            }
        }
        if let Some(Value::Object(inner)) = rule.get("Not") {
            self.condition_of(inner, &pointer.member("Not"), place, tested);
        }
        if let Some(Value::String(variable)) = rule.get("Variable") {
            self.comparison(rule, variable, pointer, place, tested);
        }
    }

    fn comparison(
        &mut self,
        rule: &Map<String, Value>,
        variable: &str,
        pointer: &Pointer,
        place: &Place<'_>,
        tested: &BTreeSet<&str>,
    ) {
        let at = pointer.member("Variable");
        if rule.contains_key("IsPresent") {
            self.tested_path(variable, &at, place);
            return;
        }
        let shape = if tested.contains(variable) {
            self.sink.mute();
            let shape = self.path(variable, &at, place);
            self.sink.unmute();
            shape
        } else {
            self.path(variable, &at, place)
        };
        for (name, operand) in rule {
            let compared = COMPARED.iter().find(|(prefix, _)| name.starts_with(prefix));
            if let Some((_, of)) = compared {
                self.compared(
                    name,
                    *of,
                    (variable, &shape),
                    operand,
                    &pointer.member(name),
                    place,
                );
            }
        }
    }

    fn compared(
        &mut self,
        name: &str,
        of: Type,
        (variable, shape): (&str, &Shape),
        operand: &Value,
        pointer: &Pointer,
        place: &Place<'_>,
    ) {
        if shape.may_be_defined() && !shape.may_be(of) {
            self.sink.error(
                pointer,
                code::NEVER_EQUAL,
                format!(
                    "`{name}` is for {of}, and `{variable}` is {}: it never holds",
                    shape.clone().defined()
                ),
                "compare it with a comparison of its type",
            );
            return;
        }
        match operand {
            Value::String(path) if name.ends_with("Path") => {
                let other = self.reference(path, pointer, place);
                self.has_type(name, &other, &[of], pointer);
            }
            Value::String(text) if name == "StringEquals" => {
                self.never_equal(variable, shape, text, pointer);
            }
            _ => {}
        }
    }

    /// A text that the variable never has.
    fn never_equal(&mut self, variable: &str, shape: &Shape, text: &str, pointer: &Pointer) {
        let Some(values) = shape.as_text().and_then(|text| text.values.as_ref()) else {
            return;
        };
        if shape.may_be(Type::Text) && !values.contains(text) {
            self.sink.warning(
                pointer,
                code::NEVER_EQUAL,
                format!("`{variable}` is never `{text}`"),
                suggestion::help(text, values.iter().map(String::as_str), "correct one side"),
            );
        }
    }
}

/// The variable that a rule tests for being there.
fn tested_variable(rule: &Value) -> Option<&str> {
    let present = rule.get("IsPresent")?.as_bool()?;
    rule.get("Variable")?.as_str().filter(|_| present)
}
