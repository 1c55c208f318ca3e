//! How the cells of a row read in a prompt.

use std::fmt;

/// A cell, and the rules of its text.
///
/// | cell | text |
/// |---|---|
/// | null, not a number | nothing |
/// | text | itself, not trimmed |
/// | integer | its digits |
/// | other number | the shortest digits that read back as the same number; a whole one without `.0`, because a column of integers with gaps is often stored as one of floats |
/// | truth value | `true` or `false` |
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    /// No value.
    Null,
    /// A text; every cell of a CSV file is one.
    Text(&'a str),
    /// A whole number.
    Integer(i64),
    /// A whole number that may exceed an `i64`.
    Unsigned(u64),
    /// A number of double precision.
    Float(f64),
    /// A number of single precision, which has its own shortest digits.
    Single(f32),
    /// A truth value.
    Boolean(bool),
}

impl fmt::Display for Cell<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => Ok(()),
            Self::Text(text) => formatter.write_str(text),
            Self::Integer(number) => write!(formatter, "{number}"),
            Self::Unsigned(number) => write!(formatter, "{number}"),
            Self::Float(number) if number.is_nan() => Ok(()),
            Self::Single(number) if number.is_nan() => Ok(()),
            // Debug, not Display: only it uses an exponent where there would be hundreds of digits.
            Self::Float(number) => formatter.write_str(whole(&format!("{number:?}"))),
            Self::Single(number) => formatter.write_str(whole(&format!("{number:?}"))),
            Self::Boolean(value) => write!(formatter, "{value}"),
        }
    }
}

fn whole(digits: &str) -> &str {
    digits.strip_suffix(".0").unwrap_or(digits)
}
