//! Items and their attributes.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;

use crate::run::{Error, ErrorKind};

/// An item: its attributes by name, the key among them.
pub type Item = BTreeMap<String, Scalar>;

/// The value of an attribute. Items that these ports write have texts and whole numbers, and no others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scalar {
    /// A text.
    Text(String),
    /// A whole number.
    Number(i64),
}

impl Scalar {
    /// The text; none for a number.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Number(_) => None,
        }
    }

    /// The number; none for a text.
    #[must_use]
    pub fn number(&self) -> Option<i64> {
        match self {
            Self::Text(_) => None,
            Self::Number(number) => Some(*number),
        }
    }

    fn of_attribute(value: &AttributeValue) -> Option<Self> {
        match value {
            AttributeValue::S(text) => Some(Self::Text(text.clone())),
            AttributeValue::N(number) => number.parse().ok().map(Self::Number),
            _ => None,
        }
    }
}

impl From<&str> for Scalar {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Scalar {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Scalar {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<&Scalar> for AttributeValue {
    fn from(scalar: &Scalar) -> Self {
        match scalar {
            Scalar::Text(text) => Self::S(text.clone()),
            Scalar::Number(number) => Self::N(number.to_string()),
        }
    }
}

/// Reads an item as the service sends it. One that somebody gave an attribute of another type is refused: what is left out
/// here would be missing where it is needed.
pub(super) fn item(
    operation: &'static str,
    target: &str,
    attributes: &HashMap<String, AttributeValue>,
) -> Result<Item, Error> {
    let scalar = |(name, value): (&String, &AttributeValue)| {
        let unreadable = || {
            let message = format!(
                "attribute `{name}` is neither a text nor a whole number: only the stack's functions may write this table"
            );
            Error::local(ErrorKind::Invalid, operation, target, message)
        };
        let scalar = Scalar::of_attribute(value).ok_or_else(unreadable)?;
        Ok((name.clone(), scalar))
    };
    attributes.iter().map(scalar).collect()
}
