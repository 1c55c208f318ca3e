//! What a value of a template means, as far as the template says it. Two values that mean the same are equal.
//!
//! `Fn::Sub`, `Fn::Join` and plain text of one text are one; numbers and truth values are the texts that CloudFormation makes
//! of them; `Fn::FindInMap` with known keys is what it finds. A parameter carries its default and a choice its condition, so
//! that a change of either shows at every property it reaches.

mod condition;
mod function;
mod text;

use std::collections::BTreeMap;
use std::fmt;

use asl::template::call;
use serde_json::Value;

pub(crate) use self::condition::{Conditions, Digest};
pub(crate) use self::function::VALUE;
pub(crate) use self::text::Part;
use crate::template::Template;

/// A value, understood.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Meaning {
    /// `AWS::NoValue`: as if the property were not there.
    Absent,
    /// JSON's null, which CloudFormation refuses in most places.
    Null,
    /// A text, a number or a truth value.
    Scalar(String),
    /// A text that is not wholly known.
    Text(Vec<Part>),
    /// A list, in its order.
    List(Vec<Self>),
    /// An object of other keys than a function's.
    Object(BTreeMap<String, Self>),
    /// What identifies a resource: what `Ref` of it gives.
    Resource(String),
    /// An attribute of a resource.
    Attribute(String, String),
    /// A parameter, or a pseudo parameter, which has no default.
    Parameter(String, Option<Box<Self>>),
    /// One of two values.
    Choice(ConditionMeaning, Box<Self>, Box<Self>),
    /// Another function, by name, and its argument.
    Function(String, Box<Self>),
}

/// A condition: equal to another of the same definition, whatever their names.
#[derive(Clone, Debug)]
pub(crate) struct ConditionMeaning {
    pub(crate) name: String,
    pub(crate) digest: Digest,
}

impl PartialEq for ConditionMeaning {
    fn eq(&self, other: &Self) -> bool {
        self.digest == other.digest
    }
}

impl Eq for ConditionMeaning {}

impl PartialOrd for ConditionMeaning {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ConditionMeaning {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.digest.cmp(&other.digest)
    }
}

impl Meaning {
    /// Understands a value of `template`.
    pub(crate) fn of(value: &Value, template: &Template<'_>) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(truth) => Self::Scalar(truth.to_string()),
            Value::Number(number) => Self::Scalar(number.to_string()),
            Value::String(text) => Self::Scalar(text.clone()),
            Value::Array(items) => Self::List(
                (items.iter().map(|item| Self::of(item, template)))
                    .filter(|item| *item != Self::Absent)
                    .collect(),
            ),
            Value::Object(members) => match call(value) {
                Some((name, argument)) => function::meaning(name, argument, template),
                None => Self::Object(
                    (members
                        .iter()
                        .map(|(key, value)| (key.clone(), Self::of(value, template))))
                    .filter(|(_, value)| *value != Self::Absent)
                    .collect(),
                ),
            },
        }
    }

    /// A parameter is its default, where it has one; everything else is itself.
    pub(crate) fn by_default(&self) -> &Self {
        match self {
            Self::Parameter(_, Some(default)) => default.by_default(),
            other => other,
        }
    }

    /// The text, when it is wholly known.
    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Scalar(text) => Some(text),
            _ => None,
        }
    }
}

/// For people: short, and one line.
impl fmt::Display for Meaning {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => formatter.write_str("nothing"),
            Self::Null => formatter.write_str("null"),
            Self::Scalar(text) => formatter.write_str(text),
            Self::Text(parts) => parts.iter().try_for_each(|part| part.fmt(formatter)),
            Self::List(items) => {
                formatter.write_str("[")?;
                separated(formatter, items.iter())?;
                formatter.write_str("]")
            }
            Self::Object(members) => {
                formatter.write_str("{")?;
                separated(
                    formatter,
                    members.iter().map(|(key, value)| format!("{key}: {value}")),
                )?;
                formatter.write_str("}")
            }
            Self::Resource(id) => write!(formatter, "${{{id}}}"),
            Self::Attribute(id, attribute) => write!(formatter, "${{{id}.{attribute}}}"),
            Self::Parameter(name, None) => write!(formatter, "${{{name}}}"),
            Self::Parameter(name, Some(default)) => {
                write!(formatter, "${{{name}}} (default {default})")
            }
            Self::Choice(condition, then, otherwise) => {
                write!(formatter, "{then} if {}, else {otherwise}", condition.name)
            }
            Self::Function(name, argument) => write!(formatter, "{name}({argument})"),
        }
    }
}

fn separated<T: fmt::Display>(
    formatter: &mut fmt::Formatter<'_>,
    items: impl Iterator<Item = T>,
) -> fmt::Result {
    for (place, item) in items.enumerate() {
        if place > 0 {
            formatter.write_str(", ")?;
        }
        item.fmt(formatter)?;
    }
    Ok(())
}
