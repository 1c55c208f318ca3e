//! Values that may be missing or null.
//!
//! A comparison with something that is missing is false, so `x != null` tells what is there from what is missing or null.

use super::{Expr, Operand};
use crate::node::{Node, operator};

impl<'s, T> Expr<'s, Option<T>> {
    /// Whether there is a value.
    pub fn exists(self) -> Expr<'s, bool> {
        let null: Expr<'s, T> = Expr::add(self.store, Node::Literal(serde_json::Value::Null));
        self.binary(&operator::UNEQUAL, null)
    }

    /// The value, or another one where there is none.
    #[track_caller]
    pub fn or(self, default: impl Operand<'s, T>) -> Expr<'s, T> {
        self.exists().then(self.cast::<T>(), default)
    }

    /// The value, where its author knows that there is one. Without one the execution fails with
    /// `States.QueryEvaluationError`.
    pub fn required(self) -> Expr<'s, T> {
        Expr::add(self.store, Node::Assured(self.node))
    }
}
