//! Assignments of variables.

use serde_json::{Map, Value};

use super::Check;
use super::place::{Place, Scope};
use super::there;
use super::variables::Variables;
use crate::Pointer;
use crate::check::code;
use crate::definition::QueryLanguage;

/// The longest name, in characters.
const LONGEST_NAME: usize = 80;

impl Check<'_> {
    /// The variables after the assignments in a state, rule or catcher. All of them see the variables as they were before.
    pub(super) fn assigned(
        &mut self,
        body: &Map<String, Value>,
        language: QueryLanguage,
        pointer: &Pointer,
        place: &Place<'_>,
        scope: &Scope,
    ) -> Variables {
        let mut after = place.variables.clone();
        let Some(assignments) = body.get("Assign").and_then(Value::as_object) else {
            return after;
        };
        let pointer = pointer.member("Assign");
        for (key, value) in assignments {
            let at = pointer.member(key);
            let (name, shape) = match (language, key.strip_suffix(".$"), value) {
                (QueryLanguage::JsonPath, Some(name), Value::String(text)) => {
                    let shape = self.reference(text, &at, place);
                    (name, self.needed(shape, text, &at, language))
                }
                _ => (key.as_str(), self.template(value, language, &at, place)),
            };
            self.assignable(name, &at, scope);
            after.assign(name, there(shape));
        }
        after
    }

    fn assignable(&mut self, name: &str, pointer: &Pointer, scope: &Scope) {
        let mut characters = name.chars();
        let begins = characters
            .next()
            .is_some_and(|first| first.is_alphabetic() || first == '_');
        let well_formed =
            begins && characters.all(|character| character.is_alphanumeric() || character == '_');
        if !well_formed || name.chars().count() > LONGEST_NAME || name == "states" {
            self.sink.error(
                pointer,
                code::VARIABLE_NAME,
                format!("`{name}` cannot be the name of a variable"),
                format!("use letters, digits and `_`, {LONGEST_NAME} at most, a letter first; `states` is reserved"),
            );
        }
        if scope.outer.contains(name) {
            self.sink.error(
                pointer,
                code::VARIABLE_SCOPE,
                format!("`${name}` belongs to the states around; a branch or iteration can read it and cannot assign it"),
                "assign a variable of another name, hand the value on in the output, and assign it outside",
            );
        }
    }
}
