//! Values that have to be there, and may be missing.

use std::collections::BTreeSet;

use jsonata::Shape;
use serde_json::{Map, Value};

use super::{Check, there};
use crate::Pointer;
use crate::check::code;
use crate::definition::{Kind, QueryLanguage, State};

impl Check<'_> {
    /// A value that a field takes whole, and without which the state fails.
    ///
    /// A field that a schema does not require is told, unless some `Choice` asks about it: what it decides is not followed.
    pub(super) fn needed(
        &mut self,
        shape: Shape,
        text: &str,
        pointer: &Pointer,
        language: QueryLanguage,
    ) -> Shape {
        let missing = shape
            .not_required()
            .filter(|field| !self.asked.contains(*field));
        if let Some(field) = missing {
            let text = text.trim();
            let help = match language {
                QueryLanguage::Jsonata => {
                    format!(
                        "give a default: `$exists({text}) ? {text} : null`; or ask for it in a Choice"
                    )
                }
                QueryLanguage::JsonPath => "ask for it in a Choice with `IsPresent`".to_owned(),
            };
            self.sink.warning(
                pointer,
                code::NOT_REQUIRED,
                format!("`{text}` may be missing, and the state fails then: a schema does not require `{field}`"),
                format!("{help}, or require it in the schema"),
            );
        }
        there(shape)
    }
}

/// The names in what a `Choice` asks.
pub(super) fn asked_by(state: &State<'_>) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    if let Kind::Choice { rules, .. } = &state.kind {
        for rule in rules {
            collect(rule.body, &mut names);
        }
    }
    names
}

fn collect(rule: &Map<String, Value>, names: &mut BTreeSet<String>) {
    for (field, value) in rule {
        match (field.as_str(), value) {
            ("Variable" | "Condition", Value::String(text)) => {
                let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
                names.extend(words.map(str::to_owned));
            }
            ("Not", Value::Object(inner)) => collect(inner, names),
            ("And" | "Or", Value::Array(rules)) => {
                for inner in rules.iter().filter_map(Value::as_object) {
                    collect(inner, names);
                }
            }
            _ => {}
        }
    }
}
