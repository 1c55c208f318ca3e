//! Tags.

use crate::node::{Node, Object};
use crate::value::{IntoValue, Literal, Value};

/// A tag of a resource.
#[derive(Clone, Debug, PartialEq)]
pub struct Tag {
    key: String,
    value: Value<String>,
}

/// How a resource type takes tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tagging {
    /// The property that holds them.
    pub property: &'static str,
    /// The form of the property.
    pub form: TagForm,
}

/// The form of a property that holds tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagForm {
    /// A list of objects with `Key` and `Value`.
    List,
    /// A map from key to value.
    Map,
}

impl Tag {
    /// A tag.
    pub fn new(key: impl Into<String>, value: impl IntoValue<String>) -> Self {
        Self {
            key: key.into(),
            value: value.into_value(),
        }
    }

    /// The key.
    pub fn key(&self) -> &str {
        &self.key
    }
}

impl Literal for Tag {
    fn into_node(self) -> Node {
        Node::Object(Object::from([
            ("Key", Node::from(self.key)),
            ("Value", self.value.into_node()),
        ]))
    }
}

impl Tagging {
    /// Adds the tags whose keys are not there yet. False when the property is an intrinsic function, so that nobody can say.
    pub(crate) fn apply(self, properties: &mut Object, tags: &[Tag]) -> bool {
        if properties.get(self.property).is_none() {
            properties.set(self.property, self.empty());
        }
        match properties.get_mut(self.property) {
            Some(Node::List(items)) if self.form == TagForm::List => {
                let has = |items: &[Node], key: &str| {
                    items
                        .iter()
                        .any(|item| item.get("Key").and_then(Node::as_text) == Some(key))
                };
                for tag in tags {
                    if !has(items, &tag.key) {
                        items.push(tag.clone().into_node());
                    }
                }
                true
            }
            Some(Node::Object(members))
                if self.form == TagForm::Map
                    && !members.iter().any(|(key, _)| is_function(key)) =>
            {
                for tag in tags {
                    if members.get(&tag.key).is_none() {
                        members.set(tag.key.clone(), tag.value.clone());
                    }
                }
                true
            }
            _ => false,
        }
    }

    fn empty(self) -> Node {
        match self.form {
            TagForm::List => Node::List(Vec::new()),
            TagForm::Map => Node::Object(Object::new()),
        }
    }
}

fn is_function(key: &str) -> bool {
    key == "Ref" || key.starts_with("Fn::")
}
