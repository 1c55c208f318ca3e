//! The tests of a `Choice`: JSONata conditions, and the comparisons of `JSONPath`.

use std::cmp::Ordering;

use asl::definition::QueryLanguage;
use serde_json::Value;

use super::Template;
use super::fields::Fields;
use crate::failure::Failure;
use crate::moment::Moment;
use crate::query::{Path, View};

/// A test of a rule.
#[derive(Debug)]
pub(crate) enum Test {
    /// `Condition`.
    Condition(Template),
    And(Vec<Self>),
    Or(Vec<Self>),
    Not(Box<Self>),
    /// `IsPresent` and its kind: whether it is so, or whether it is not.
    Is {
        path: Path,
        property: Property,
        wanted: bool,
    },
    Compare {
        path: Path,
        comparison: Comparison,
        with: Operand,
    },
}

/// What `Is...` asks for.
type Property = fn(Option<&Value>) -> bool;
/// Whether two values of one kind stand in an order; values of other kinds do not.
type Comparison = fn(&Value, &Value) -> bool;

/// What a value is compared with.
#[derive(Debug)]
pub(crate) enum Operand {
    Literal(Value),
    Path(Path),
}

/// What is asked of one value.
const PROPERTIES: &[(&str, Property)] = &[
    ("IsPresent", |value| value.is_some()),
    ("IsNull", |value| value.is_some_and(Value::is_null)),
    ("IsNumeric", |value| value.is_some_and(Value::is_number)),
    ("IsString", |value| value.is_some_and(Value::is_string)),
    ("IsBoolean", |value| value.is_some_and(Value::is_boolean)),
    ("IsTimestamp", |value| {
        value
            .and_then(Value::as_str)
            .and_then(Moment::parse)
            .is_some()
    }),
];

/// What is asked of two values. Each also exists with `Path` at its end.
const COMPARISONS: &[(&str, Comparison)] = &[
    ("StringEquals", |a, b| {
        strings(a, b).is_some_and(Ordering::is_eq)
    }),
    ("StringLessThan", |a, b| {
        strings(a, b).is_some_and(Ordering::is_lt)
    }),
    ("StringGreaterThan", |a, b| {
        strings(a, b).is_some_and(Ordering::is_gt)
    }),
    ("StringLessThanEquals", |a, b| {
        strings(a, b).is_some_and(Ordering::is_le)
    }),
    ("StringGreaterThanEquals", |a, b| {
        strings(a, b).is_some_and(Ordering::is_ge)
    }),
    ("StringMatches", |a, b| {
        a.as_str()
            .zip(b.as_str())
            .is_some_and(|(text, pattern)| matches(text, pattern))
    }),
    ("NumericEquals", |a, b| {
        numbers(a, b).is_some_and(Ordering::is_eq)
    }),
    ("NumericLessThan", |a, b| {
        numbers(a, b).is_some_and(Ordering::is_lt)
    }),
    ("NumericGreaterThan", |a, b| {
        numbers(a, b).is_some_and(Ordering::is_gt)
    }),
    ("NumericLessThanEquals", |a, b| {
        numbers(a, b).is_some_and(Ordering::is_le)
    }),
    ("NumericGreaterThanEquals", |a, b| {
        numbers(a, b).is_some_and(Ordering::is_ge)
    }),
    ("BooleanEquals", |a, b| a.as_bool().is_some() && a == b),
    ("TimestampEquals", |a, b| {
        moments(a, b).is_some_and(Ordering::is_eq)
    }),
    ("TimestampLessThan", |a, b| {
        moments(a, b).is_some_and(Ordering::is_lt)
    }),
    ("TimestampGreaterThan", |a, b| {
        moments(a, b).is_some_and(Ordering::is_gt)
    }),
    ("TimestampLessThanEquals", |a, b| {
        moments(a, b).is_some_and(Ordering::is_le)
    }),
    ("TimestampGreaterThanEquals", |a, b| {
        moments(a, b).is_some_and(Ordering::is_ge)
    }),
];

impl Test {
    /// Reads the test of a rule; none was refused.
    pub(super) fn compile(fields: &Fields<'_>) -> Option<Self> {
        if fields.language == QueryLanguage::Jsonata {
            let condition = fields.scalar("Condition");
            if condition.is_none() {
                fields.refuse(
                    "Condition",
                    "the rule has no condition that can be rehearsed",
                );
            }
            return condition.map(Self::Condition);
        }
        for (field, all) in [
            ("And", Self::And as fn(Vec<Self>) -> Self),
            ("Or", Self::Or),
        ] {
            if let Some(rules) = fields.body.get(field) {
                return Some(all(Self::list(fields, field, rules)));
            }
        }
        if let Some(inner) = fields.inside("Not") {
            return Some(Self::Not(Box::new(Self::compile(&inner)?)));
        }
        Self::comparison(fields)
    }

    fn list(fields: &Fields<'_>, field: &str, rules: &Value) -> Vec<Self> {
        let pointer = fields.pointer.member(field);
        let rules = rules.as_array().into_iter().flatten().enumerate();
        let rules = rules.filter_map(|(index, rule)| {
            let inner = Fields {
                body: rule.as_object()?,
                pointer: pointer.item(index),
                ..fields.clone()
            };
            Self::compile(&inner)
        });
        rules.collect()
    }

    fn comparison(fields: &Fields<'_>) -> Option<Self> {
        let path = fields.path("Variable")?;
        for (field, value) in fields.body {
            if let Some((_, property)) = PROPERTIES.iter().find(|(name, _)| name == field) {
                return Some(Self::Is {
                    path,
                    property: *property,
                    wanted: value == &Value::Bool(true),
                });
            }
            let (name, is_path) = match field.strip_suffix("Path") {
                Some(name) => (name, true),
                None => (field.as_str(), false),
            };
            if let Some((_, comparison)) = COMPARISONS.iter().find(|(known, _)| *known == name) {
                let with = if is_path {
                    Operand::Path(fields.path(field)?)
                } else {
                    Operand::Literal(value.clone())
                };
                return Some(Self::Compare {
                    path,
                    comparison: *comparison,
                    with,
                });
            }
        }
        fields.refuse("Variable", "the rule has no comparison that is rehearsed");
        None
    }

    /// Whether the rule applies.
    ///
    /// # Errors
    /// The condition fails or is no boolean; a path that is compared leads nowhere.
    pub(crate) fn holds(&self, view: &View<'_>) -> Result<bool, Failure> {
        match self {
            Self::Condition(condition) => condition.evaluate_as(view, "a boolean", Value::as_bool),
            Self::And(tests) => first(tests, view, false),
            Self::Or(tests) => first(tests, view, true),
            Self::Not(test) => Ok(!test.holds(view)?),
            Self::Is {
                path,
                property,
                wanted,
            } => Ok(property(path.find(view).as_ref()) == *wanted),
            Self::Compare {
                path,
                comparison,
                with,
            } => {
                let value = found(path, view)?;
                Ok(match with {
                    Operand::Literal(other) => comparison(&value, other),
                    Operand::Path(other) => comparison(&value, &found(other, view)?),
                })
            }
        }
    }
}

/// Goes through tests until one answers `decisive`.
fn first(tests: &[Test], view: &View<'_>, decisive: bool) -> Result<bool, Failure> {
    for test in tests {
        if test.holds(view)? == decisive {
            return Ok(decisive);
        }
    }
    Ok(!decisive)
}

fn found(path: &Path, view: &View<'_>) -> Result<Value, Failure> {
    path.find(view).ok_or_else(|| {
        let path = path.source();
        Failure::runtime(format!(
            "Invalid path '{path}': The choice state's condition path references an invalid value."
        ))
    })
}

fn strings(a: &Value, b: &Value) -> Option<Ordering> {
    Some(a.as_str()?.cmp(b.as_str()?))
}

fn numbers(a: &Value, b: &Value) -> Option<Ordering> {
    a.as_f64()?.partial_cmp(&b.as_f64()?)
}

fn moments(a: &Value, b: &Value) -> Option<Ordering> {
    Some(Moment::parse(a.as_str()?)?.cmp(&Moment::parse(b.as_str()?)?))
}

/// Whether a text fits a pattern, in which `*` is any text and a backslash protects the next character.
fn matches(text: &str, pattern: &str) -> bool {
    let mut pattern = pattern.chars();
    match pattern.next() {
        None => text.is_empty(),
        Some('*') => {
            let rest = pattern.as_str();
            let starts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
            starts.into_iter().any(|at| matches(&text[at..], rest))
        }
        Some(other) => {
            let wanted = if other == '\\' {
                pattern.next().unwrap_or(other)
            } else {
                other
            };
            text.strip_prefix(wanted)
                .is_some_and(|rest| matches(rest, pattern.as_str()))
        }
    }
}
