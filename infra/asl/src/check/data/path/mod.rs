//! Paths of the `JSONPath` language.

mod parse;
mod resolve;

use jsonata::Shape;

use super::Check;
use super::place::Place;
use crate::Pointer;
use crate::check::code;
use parse::{Path, Root};
use resolve::Resolved;

impl Check<'_> {
    /// What a path selects.
    pub(super) fn path(&mut self, text: &str, pointer: &Pointer, place: &Place<'_>) -> Shape {
        match self.resolve(text, pointer, place) {
            Some(resolved) => {
                if let Some(missing) = &resolved.missing {
                    let code = if missing.in_context {
                        code::STATES_MEMBER
                    } else {
                        code::NO_SUCH_FIELD
                    };
                    self.sink
                        .error(pointer, code, missing.message(text), missing.help());
                }
                resolved.shape
            }
            None => Shape::any(),
        }
    }

    /// What a path selects that may lead nowhere; whether it certainly does.
    pub(super) fn tested_path(
        &mut self,
        text: &str,
        pointer: &Pointer,
        place: &Place<'_>,
    ) -> Shape {
        let Some(resolved) = self.resolve(text, pointer, place) else {
            return Shape::any();
        };
        if let Some(missing) = &resolved.missing {
            self.sink.warning(
                pointer,
                code::NEVER_THERE,
                missing.message(text),
                missing.help(),
            );
        }
        resolved.shape
    }

    fn resolve(&mut self, text: &str, pointer: &Pointer, place: &Place<'_>) -> Option<Resolved> {
        if super::expression::has_placeholder(text) {
            self.sink
                .not_checked(pointer, "a deployment replaces a part of the path");
            return None;
        }
        let path = self.parsed(text, "$.orders[0].id", pointer)?;
        let root = match &path.root {
            Root::Document => place.document.clone(),
            Root::Context => place.context.clone(),
            Root::Variable(name) => {
                let Some(variable) = place.variables.get(name) else {
                    self.unassigned(name, pointer, place);
                    return None;
                };
                self.perhaps_unassigned(name, pointer, place.variables);
                variable.shape.clone()
            }
        };
        if path.is_followed() {
            self.sink.checked();
        } else {
            self.sink.not_checked(
                pointer,
                format!("`{text}` calls a function or filters, which is not followed"),
            );
        }
        Some(resolve::resolve(&path, root))
    }

    fn parsed(&mut self, text: &str, example: &str, pointer: &Pointer) -> Option<Path> {
        let told = |error| {
            self.sink.error(
                pointer,
                code::UNPARSABLE,
                format!("`{text}` is no path: {error}"),
                format!("write a path like `{example}`"),
            );
        };
        Path::parse(text).map_err(told).ok()
    }

    /// The fields that a `ResultPath` leads through.
    pub(super) fn reference_path(&mut self, text: &str, pointer: &Pointer) -> Option<Vec<String>> {
        let path = self.parsed(text, "$.result", pointer)?;
        let fields = path.fields();
        if path.root != Root::Document || fields.is_none() {
            self.sink.error(
                pointer,
                code::REFERENCE_PATH,
                format!("`{text}` does not name one place in the input"),
                "name the fields that lead there: `$.order.receipt`",
            );
        }
        fields
    }
}
