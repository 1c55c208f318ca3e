//! What stands on the other side of an operator.

use serde::Serialize;

use super::Expr;
use crate::Scope;

/// An expression of type `T`, or a value known when the machine is described.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no value of type `{T}`",
    label = "expected an expression of `{T}`, or a `{T}`"
)]
pub trait Operand<'s, T> {
    /// The expression.
    #[track_caller]
    fn into_expr(self, scope: Scope<'s>) -> Expr<'s, T>;
}

impl<'s, T> Operand<'s, T> for Expr<'s, T> {
    fn into_expr(self, _: Scope<'s>) -> Self {
        self
    }
}

impl<'s, T: Serialize> Operand<'s, T> for T {
    #[track_caller]
    fn into_expr(self, scope: Scope<'s>) -> Expr<'s, T> {
        scope.value(self)
    }
}

impl<'s> Operand<'s, String> for &str {
    #[track_caller]
    fn into_expr(self, scope: Scope<'s>) -> Expr<'s, String> {
        scope.text(self)
    }
}
