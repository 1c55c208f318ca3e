//! Outputs and exports.

use super::condition::Condition;
use crate::node::{Node, Object};
use crate::value::IntoValue;

/// A value that the stack shows, and may export to other stacks.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct Output {
    value: Node,
    description: Option<String>,
    export: Option<Node>,
    condition: Option<String>,
}

impl Output {
    /// An output.
    pub fn new(value: impl IntoValue<String>) -> Self {
        Self {
            value: value.into_value().into_node(),
            description: None,
            export: None,
            condition: None,
        }
    }

    /// Says what it is.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Exports it under a name that is unique in account and region.
    pub fn export(mut self, name: impl IntoValue<String>) -> Self {
        self.export = Some(name.into_value().into_node());
        self
    }

    /// Shows it only when the condition holds.
    pub fn condition(mut self, condition: &Condition) -> Self {
        self.condition = Some(condition.name().to_owned());
        self
    }

    pub(super) fn into_node(self) -> Node {
        let mut object = Object::new();
        if let Some(description) = self.description {
            object.set("Description", description);
        }
        if let Some(condition) = self.condition {
            object.set("Condition", condition);
        }
        object.set("Value", self.value);
        if let Some(name) = self.export {
            object.set("Export", Object::from([("Name", name)]));
        }
        Node::Object(object)
    }
}
