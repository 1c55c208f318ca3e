//! Conditions.

use super::logical_id::LogicalId;
use crate::node::Node;
use crate::value::IntoValue;

/// A reference to a condition of the template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    name: LogicalId,
}

/// What a condition tests.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct Test(Node);

impl Condition {
    pub(super) fn new(name: LogicalId) -> Self {
        Self { name }
    }

    /// The condition's name.
    pub fn name(&self) -> &str {
        self.name.as_str()
    }

    /// The condition as part of another one's test.
    pub fn test(&self) -> Test {
        Test(Node::single("Condition", self.name()))
    }
}

impl Test {
    /// Whether two texts are equal.
    pub fn equals(left: impl IntoValue<String>, right: impl IntoValue<String>) -> Self {
        let sides = [left.into_value(), right.into_value()];
        Self(Node::single("Fn::Equals", sides))
    }

    /// Whether all of two to ten tests hold.
    pub fn all(tests: impl IntoIterator<Item = Self>) -> Self {
        Self::combine("Fn::And", tests)
    }

    /// Whether any of two to ten tests holds.
    pub fn any(tests: impl IntoIterator<Item = Self>) -> Self {
        Self::combine("Fn::Or", tests)
    }

    /// Whether this test does not hold.
    pub fn negate(self) -> Self {
        Self::combine("Fn::Not", [self])
    }

    fn combine(function: &'static str, tests: impl IntoIterator<Item = Self>) -> Self {
        let tests = tests.into_iter().map(Self::into_node).collect();
        Self(Node::single(function, Node::List(tests)))
    }

    pub(super) fn into_node(self) -> Node {
        self.0
    }
}
