//! The fields of a state, or of an object inside one, on their way into a program.

use std::cell::RefCell;

use asl::Pointer;
use asl::definition::QueryLanguage;
use serde_json::{Map, Value};

use super::Template;
use crate::error::Refusal;
use crate::failure::name;
use crate::query::Path;

/// What was refused so far.
pub(super) type Refusals = RefCell<Vec<Refusal>>;

/// An object of a definition.
#[derive(Clone, Debug)]
pub(super) struct Fields<'a> {
    pub(super) body: &'a Map<String, Value>,
    pub(super) pointer: Pointer,
    pub(super) language: QueryLanguage,
    pub(super) refusals: &'a Refusals,
}

impl<'a> Fields<'a> {
    pub(super) fn refuse(&self, field: &str, reason: impl Into<String>) {
        let refusal = Refusal::new(&self.pointer.member(field), reason);
        self.refusals.borrow_mut().push(refusal);
    }

    /// Refuses every field that is not among those that are rehearsed.
    pub(super) fn only(&self, known: &[&[&str]]) {
        for field in self.body.keys() {
            if !known.iter().any(|list| list.contains(&field.as_str())) {
                self.refuse(field, format!("the field `{field}` is not rehearsed here"));
            }
        }
    }

    /// The object in this field.
    pub(super) fn inside(&self, field: &str) -> Option<Self> {
        let body = self.body.get(field)?;
        let Some(body) = body.as_object() else {
            self.refuse(field, format!("`{field}` has to be an object"));
            return None;
        };
        Some(Self {
            body,
            pointer: self.pointer.member(field),
            ..self.clone()
        })
    }

    pub(super) fn text(&self, field: &str) -> Option<&'a str> {
        self.body.get(field)?.as_str()
    }

    /// A value with expressions in it, in the state's language. A path that leads nowhere is a `missing` error.
    pub(super) fn template(&self, field: &str, missing: &'static str) -> Option<Template> {
        let value = self.body.get(field)?;
        let template = match self.language {
            QueryLanguage::Jsonata => Template::jsonata(value, field),
            QueryLanguage::JsonPath => Template::payload(value, missing),
        };
        self.accept(field, template)
    }

    /// A number or text: in JSONata perhaps an expression, in `JSONPath` perhaps a path in the field `...Path`.
    pub(super) fn scalar(&self, field: &str) -> Option<Template> {
        if let Some(value) = self.body.get(field) {
            return match self.language {
                QueryLanguage::Jsonata => self.accept(field, Template::jsonata(value, field)),
                QueryLanguage::JsonPath => Some(Template::Literal(value.clone())),
            };
        }
        let field = format!("{field}Path");
        let text = self.text(&field)?;
        self.accept(&field, Template::path_or_call(text, name::RUNTIME))
    }

    /// A path.
    pub(super) fn path(&self, field: &str) -> Option<Path> {
        let text = self.body.get(field)?.as_str();
        let path = text
            .ok_or_else(|| format!("`{field}` has to be a path"))
            .and_then(Path::parse);
        self.accept(field, path)
    }

    /// The value, or a refusal of the field.
    pub(super) fn accept<T>(&self, field: &str, value: Result<T, String>) -> Option<T> {
        value.map_err(|reason| self.refuse(field, reason)).ok()
    }
}
