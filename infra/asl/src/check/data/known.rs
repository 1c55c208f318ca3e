//! What is known beside the definition.

use std::collections::BTreeMap;

use jsonata::Shape;
use serde_json::Value;

use super::sink::Sink;
use crate::Pointer;
use crate::check::Schemas;

/// The shapes of the schemas.
pub(super) struct Known {
    input: Option<Shape>,
    results: BTreeMap<String, Shape>,
}

impl Known {
    /// Reads the schemas; what cannot be read is told and taken for any JSON.
    pub(super) fn read(schemas: &Schemas, sink: &mut Sink<'_>) -> Self {
        let mut read = |what: &str, schema: &Value| match Shape::from_schema(schema) {
            Ok(shape) => Some(shape),
            Err(error) => {
                sink.not_checked(&Pointer::root(), format!("the schema of {what}: {error}"));
                None
            }
        };
        Self {
            input: schemas
                .input
                .as_ref()
                .and_then(|schema| read("the input", schema)),
            results: schemas
                .results
                .iter()
                .filter_map(|(name, schema)| {
                    Some((name.clone(), read(&format!("`{name}`"), schema)?))
                })
                .collect(),
        }
    }

    /// The execution's input.
    pub(super) fn input(&self) -> Shape {
        self.input.clone().unwrap_or_else(Shape::json)
    }

    /// What the function or state of this name answers.
    pub(super) fn result(&self, name: &str) -> Option<&Shape> {
        self.results.get(name)
    }
}
