//! Numbers.

use std::ops::{Add, Div, Mul, Sub};

use super::{Expr, Operand};
use crate::node::operator;

/// A type of number. JSONata has but one, a double; the Rust types say what the JSON may hold.
pub trait Number: sealed::Sealed {}

mod sealed {
    pub trait Sealed {}
}

macro_rules! numbers {
    ($($number:ty),*) => {$(
        impl Number for $number {}
        impl sealed::Sealed for $number {}
    )*};
}
numbers!(u8, u16, u32, u64, usize, i8, i16, i32, i64, isize, f32, f64);

macro_rules! arithmetic {
    ($($operation:ident $method:ident $operator:ident $output:ty;)*) => {$(
        impl<'s, N: Number, O: Operand<'s, N>> $operation<O> for Expr<'s, N> {
            type Output = Expr<'s, $output>;

            #[track_caller]
            fn $method(self, other: O) -> Self::Output {
                self.binary(&operator::$operator, other)
            }
        }
    )*};
}
arithmetic! {
    Add add ADD N;
    Sub sub SUBTRACT N;
    Mul mul MULTIPLY N;
    Div div DIVIDE f64;
}

macro_rules! comparisons {
    ($($(#[$doc:meta])* $method:ident $operator:ident;)*) => {
        impl<'s, N: Number> Expr<'s, N> {
            $(
                $(#[$doc])*
                #[track_caller]
                pub fn $method(self, other: impl Operand<'s, N>) -> Expr<'s, bool> {
                    self.binary(&operator::$operator, other)
                }
            )*
        }
    };
}
comparisons! {
    /// Whether it is less than the other.
    is_below LESS;
    /// Whether it is the other or less.
    is_at_most AT_MOST;
    /// Whether it is greater than the other.
    is_above GREATER;
    /// Whether it is the other or greater.
    is_at_least AT_LEAST;
}

impl<'s, N: Number> Expr<'s, N> {
    /// The number as text.
    pub fn to_text(self) -> Expr<'s, String> {
        self.call("$string", &[])
    }
}
