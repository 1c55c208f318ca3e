//! Mappings.

use super::logical_id::LogicalId;
use crate::intrinsics::find_in_map;
use crate::node::{Node, Object};
use crate::value::{Expression, IntoValue};

/// A fixed table with two keys, such as region and kind.
#[derive(Clone, Debug, Default, PartialEq)]
#[must_use]
pub struct Mapping {
    rows: Object,
}

/// A reference to a mapping of the template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappingRef {
    name: LogicalId,
}

impl Mapping {
    /// A table without rows.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a row: values by their second key.
    pub fn row<K: Into<std::borrow::Cow<'static, str>>, V: Into<Node>>(
        mut self,
        key: impl Into<std::borrow::Cow<'static, str>>,
        values: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let values: Object = values.into_iter().collect();
        self.rows.set(key, values);
        self
    }

    pub(super) fn into_node(self) -> Node {
        Node::Object(self.rows)
    }
}

impl MappingRef {
    pub(super) fn new(name: LogicalId) -> Self {
        Self { name }
    }

    /// The value under two keys.
    pub fn find(
        &self,
        key: impl IntoValue<String>,
        second_key: impl IntoValue<String>,
    ) -> Expression {
        find_in_map(self.name.as_str(), key, second_key)
    }
}
