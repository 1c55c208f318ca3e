//! Iterations.

use jsonata::{Array, Shape, Type};
use serde_json::Value;

use super::expression::expression;
use super::flow::Data;
use super::place::{Place, Scope};
use super::state::Work;
use super::{Check, there};
use crate::definition::{MapState, ProcessorMode, QueryLanguage, State};

impl Check<'_> {
    /// What the iterations give.
    pub(super) fn map(
        &mut self,
        state: &State<'_>,
        map: &MapState<'_>,
        payload: &Shape,
        place: &Place<'_>,
        scope: &Scope,
    ) -> Work {
        let distributed = map.mode == ProcessorMode::Distributed;
        for name in ["ItemReader", "ResultWriter"] {
            self.evaluated(state, name, place);
        }
        let items = self.items(state, payload, place, distributed);
        let item = items.as_array().map_or_else(Shape::json, Array::item);
        let input = self.iteration_input(state, &item, place);
        let inner = scope.inside().iteration(&item);
        let inner = if distributed { inner.apart() } else { inner };
        let entry = Data {
            input,
            variables: if distributed {
                super::variables::Variables::default()
            } else {
                place.variables.clone()
            },
        };
        let output = match &map.processor {
            Some(processor) => there(self.states(processor, entry, &inner)),
            None => Shape::json(),
        };
        Work {
            result: result(state, &items, output),
            items: Some(items),
        }
    }

    /// The array that is gone through.
    fn items(
        &mut self,
        state: &State<'_>,
        payload: &Shape,
        place: &Place<'_>,
        distributed: bool,
    ) -> Shape {
        let types: &[Type] = if distributed {
            &[Type::Array, Type::Object]
        } else {
            &[Type::Array]
        };
        let (name, shape) = match (
            state.language,
            state.body.get("Items"),
            state.text("ItemsPath"),
        ) {
            _ if state.body.contains_key("ItemReader") => return Shape::array(Shape::json()),
            (QueryLanguage::Jsonata, Some(Value::String(text)), _) => {
                let Some(text) = expression(text) else {
                    return Shape::array(Shape::json());
                };
                let pointer = state.pointer.member("Items");
                let shape = self.expression(text, &pointer, place);
                ("Items", self.needed(shape, text, &pointer, state.language))
            }
            (QueryLanguage::Jsonata, Some(items), _) => (
                "Items",
                self.template(items, state.language, &state.pointer.member("Items"), place),
            ),
            (QueryLanguage::JsonPath, _, Some(path)) => {
                let pointer = state.pointer.member("ItemsPath");
                let shape = self.reference(path, &pointer, place);
                (
                    "ItemsPath",
                    self.needed(shape, path, &pointer, state.language),
                )
            }
            _ => ("the input of the map", payload.clone()),
        };
        let field = if state.body.contains_key(name) {
            state.pointer.member(name)
        } else {
            state.pointer.clone()
        };
        self.has_type(name, &shape, types, &field);
        match shape.as_array() {
            Some(array) if shape.is_only(&[Type::Array]) => array.clone().into(),
            _ => Shape::array(Shape::json()),
        }
    }

    /// What an iteration gets: the item or what is made of it, or a batch of them.
    fn iteration_input(&mut self, state: &State<'_>, item: &Shape, place: &Place<'_>) -> Shape {
        let with_item = place.with_item(item);
        let selector = ["ItemSelector", "Parameters"]
            .into_iter()
            .find(|name| state.body.contains_key(*name));
        let selected = selector.and_then(|name| self.evaluated(state, name, &with_item));
        let one = selected.unwrap_or_else(|| item.clone());
        let Some(batcher) = state.body.get("ItemBatcher") else {
            return one;
        };
        self.evaluated(state, "ItemBatcher", place);
        let mut fields = vec![("Items", Shape::array(one))];
        if batcher.get("BatchInput").is_some() {
            fields.push(("BatchInput", Shape::json()));
        }
        Shape::object(fields)
    }
}

/// An array of the outputs, or where they were written.
fn result(state: &State<'_>, items: &Shape, output: Shape) -> Shape {
    if let Some(writer) = state.body.get("ResultWriter") {
        let written = writer.get("Resource").is_some();
        return if written {
            written_results()
        } else {
            Shape::json()
        };
    }
    let tolerant = state
        .body
        .keys()
        .any(|name| name.starts_with("ToleratedFailure"));
    let batched = state.body.contains_key("ItemBatcher");
    let bounds = items.as_array();
    Array {
        prefix: Vec::new(),
        rest: output,
        min_items: bounds
            .filter(|_| !tolerant && !batched)
            .map_or(0, |array| array.min_items),
        max_items: bounds.and_then(|array| array.max_items),
    }
    .into()
}

fn written_results() -> Shape {
    Shape::object([
        ("MapRunArn", Shape::text()),
        (
            "ResultWriterDetails",
            Shape::object([("Bucket", Shape::text()), ("Key", Shape::text())]),
        ),
    ])
}
