//! Conditions.

use std::ops::Not;

use super::{Expr, Operand};
use crate::node::{Node, operator};

impl<'s> Expr<'s, bool> {
    /// Whether both hold.
    #[must_use]
    #[track_caller]
    pub fn and(self, other: impl Operand<'s, bool>) -> Self {
        self.binary(&operator::AND, other)
    }

    /// Whether one of them holds.
    #[must_use]
    #[track_caller]
    pub fn or(self, other: impl Operand<'s, bool>) -> Self {
        self.binary(&operator::OR, other)
    }

    /// One value when the condition holds, else the other.
    #[track_caller]
    pub fn then<T>(self, then: impl Operand<'s, T>, otherwise: impl Operand<'s, T>) -> Expr<'s, T> {
        let (then, otherwise) = (
            then.into_expr(self.scope()).node,
            otherwise.into_expr(self.scope()).node,
        );
        let node = Node::Conditional {
            condition: self.node,
            then,
            otherwise,
        };
        Expr::add(self.store, node)
    }
}

impl Not for Expr<'_, bool> {
    type Output = Self;

    fn not(self) -> Self {
        self.call("$not", &[])
    }
}
