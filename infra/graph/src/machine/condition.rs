//! The condition of a `Choice` rule in few words.

use serde_json::{Map, Value};

use crate::words;

/// More does not help on an arrow; the definition has the rest.
const MOST_LETTERS: usize = 60;

/// How the comparison operators are shown: the end of their name, the sign. The first that fits counts.
const SIGNS: &[(&str, &str)] = &[
    ("LessThanEquals", "<="),
    ("GreaterThanEquals", ">="),
    ("LessThan", "<"),
    ("GreaterThan", ">"),
    ("Equals", "="),
    ("Matches", "matches"),
];

/// The tests for what a value is: the operator, what is said when it has to be so, and when it has not.
const TESTS: &[(&str, &str, &str)] = &[
    ("IsPresent", "is present", "is absent"),
    ("IsNull", "is null", "is not null"),
    ("IsString", "is a string", "is no string"),
    ("IsNumeric", "is a number", "is no number"),
    ("IsBoolean", "is a boolean", "is no boolean"),
    ("IsTimestamp", "is a timestamp", "is no timestamp"),
];

/// The condition of a rule, JSONata or `JSONPath`, at most so long that it fits on an arrow.
pub(super) fn shortened(rule: &Map<String, Value>) -> String {
    let text = match rule.get("Condition") {
        Some(Value::String(condition)) => expression(condition),
        Some(other) => other.to_string(),
        None => comparison(rule),
    };
    words::shortened(&text, MOST_LETTERS)
}

/// A JSONata expression without its marks, `$states.input` left out where a field follows.
pub(super) fn expression(text: &str) -> String {
    let inner = text.trim();
    let inner = inner.strip_prefix("{%").unwrap_or(inner);
    let inner = inner.strip_suffix("%}").unwrap_or(inner);
    words::legible(inner).replace("$states.input.", "")
}

fn comparison(rule: &Map<String, Value>) -> String {
    for (field, word) in [("And", " and "), ("Or", " or ")] {
        if let Some(parts) = rule.get(field).and_then(Value::as_array) {
            let parts = parts.iter().filter_map(Value::as_object).map(nested);
            return parts.collect::<Vec<_>>().join(word);
        }
    }
    if let Some(inner) = rule.get("Not").and_then(Value::as_object) {
        return format!("not ({})", comparison(inner));
    }
    let variable = rule.get("Variable").and_then(Value::as_str);
    let variable = variable.unwrap_or_default().trim_start_matches("$.");
    let operator = rule.iter().find(|(field, _)| {
        !matches!(
            field.as_str(),
            "Variable" | "Next" | "Assign" | "Comment" | "Output"
        )
    });
    match operator {
        Some((operator, value)) => format!("{variable} {}", test(operator, value)),
        None => variable.to_owned(),
    }
}

/// A part of a longer condition, in brackets when it has parts itself.
fn nested(rule: &Map<String, Value>) -> String {
    let text = comparison(rule);
    if rule.contains_key("And") || rule.contains_key("Or") {
        format!("({text})")
    } else {
        text
    }
}

fn test(operator: &str, value: &Value) -> String {
    if let Some((_, yes, no)) = TESTS.iter().find(|test| test.0 == operator) {
        return (if value == &Value::Bool(false) {
            *no
        } else {
            *yes
        })
        .to_owned();
    }
    let (operator, value) = match (operator.strip_suffix("Path"), value) {
        (Some(operator), Value::String(path)) => {
            (operator, path.trim_start_matches("$.").to_owned())
        }
        _ => (operator, value.to_string()),
    };
    let sign = SIGNS.iter().find(|sign| operator.ends_with(sign.0));
    format!("{} {value}", sign.map_or(operator, |sign| sign.1))
}
