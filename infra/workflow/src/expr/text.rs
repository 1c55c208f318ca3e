//! Texts.

use super::{Expr, Operand};
use crate::node::operator;

impl<'s> Expr<'s, String> {
    /// The text with another one behind it.
    #[must_use]
    #[track_caller]
    pub fn append(self, other: impl Operand<'s, String>) -> Self {
        self.binary(&operator::CONCATENATE, other)
    }

    /// The text with another one before it.
    #[must_use]
    #[track_caller]
    pub fn prepend(self, other: impl Operand<'s, String>) -> Self {
        other.into_expr(self.scope()).append(self)
    }

    /// The number of characters.
    pub fn length(self) -> Expr<'s, u64> {
        self.call("$length", &[])
    }

    /// Whether the other text is part of it.
    #[track_caller]
    pub fn contains(self, part: impl Operand<'s, String>) -> Expr<'s, bool> {
        let part = part.into_expr(self.scope()).node;
        self.call("$contains", &[part])
    }

    /// The text before the first occurrence of another; all of it where there is none.
    #[must_use]
    #[track_caller]
    pub fn before(self, mark: impl Operand<'s, String>) -> Self {
        let mark = mark.into_expr(self.scope()).node;
        self.call("$substringBefore", &[mark])
    }

    /// The text behind the first occurrence of another; all of it where there is none.
    #[must_use]
    #[track_caller]
    pub fn after(self, mark: impl Operand<'s, String>) -> Self {
        let mark = mark.into_expr(self.scope()).node;
        self.call("$substringAfter", &[mark])
    }

    /// The parts between the occurrences of another text.
    #[track_caller]
    pub fn split(self, separator: impl Operand<'s, String>) -> Expr<'s, Vec<String>> {
        let separator = separator.into_expr(self.scope()).node;
        self.call("$split", &[separator])
    }

    /// The JSON that the text holds, as the type that the caller says it is.
    pub fn parse<T>(self) -> Expr<'s, T> {
        self.call("$parse", &[])
    }
}
