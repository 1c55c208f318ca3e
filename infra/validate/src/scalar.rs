//! Texts, numbers, booleans and enumerations.
//!
//! CloudFormation converts between them (`"5"` is a number, `5` a text), and so do we.

use serde_json::Value;
use spec::{Shape, Text};

use crate::code;
use crate::path::Path;
use crate::schema::Walk;

const TIME: &str = r"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$";

pub(crate) fn check(walk: &mut Walk<'_, '_>, shape: &'static Shape, value: &Value, path: Path<'_>) {
    let Some(written) = text_of(value) else {
        return walk.wrong_type(name(shape), value, path);
    };
    match shape {
        Shape::String(text) => check_text(walk, text, &written, path),
        Shape::Enum { name } => check_enum(walk, name, &written, path),
        Shape::Integer {
            minimum,
            maximum,
            allowed,
        } => match whole_number(value) {
            Some(number) if allowed.is_empty() => {
                check_range(walk, number, *minimum, *maximum, path);
            }
            Some(number) => check_allowed(walk, number, allowed, path),
            None => walk.wrong_type(name(shape), value, path),
        },
        Shape::Number { minimum, maximum } => match number(value) {
            Some(number) => check_range(walk, number, *minimum, *maximum, path),
            None => walk.wrong_type(name(shape), value, path),
        },
        Shape::Boolean if !matches!(written.as_str(), "true" | "false" | "True" | "False") => {
            walk.wrong_type(name(shape), value, path);
        }
        _ => {}
    }
}

fn name(shape: &Shape) -> &'static str {
    match shape {
        Shape::Integer { .. } => "a whole number",
        Shape::Number { .. } => "a number",
        Shape::Boolean => "true or false",
        _ => "a text",
    }
}

/// How a scalar reads as text; nothing for lists and objects.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.parse().ok().filter(|number: &f64| number.is_finite()),
        _ => None,
    }
}

/// `5`, `"5"` and `5.0` are whole.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a float without fraction and within 2^53 is an i64"
)]
fn whole_number(value: &Value) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match value {
        Value::Number(number) => number.as_i64().or_else(|| {
            let number = number
                .as_f64()
                .filter(|number| number.fract() == 0.0 && number.abs() <= EXACT)?;
            Some(number as i64)
        }),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

fn check_range<N>(
    walk: &mut Walk<'_, '_>,
    number: N,
    minimum: Option<N>,
    maximum: Option<N>,
    path: Path<'_>,
) where
    N: PartialOrd + Copy + std::fmt::Display,
{
    let help = match (minimum, maximum) {
        (Some(least), Some(most)) => format!("use a value from {least} to {most}"),
        _ => "use a value within the bound".to_owned(),
    };
    if let Some(least) = minimum.filter(|least| number < *least) {
        let message = format!("{number} is below the minimum, {least}");
        walk.findings.error(code::RANGE, path, message, help);
    } else if let Some(most) = maximum.filter(|most| number > *most) {
        let message = format!("{number} is above the maximum, {most}");
        walk.findings.error(code::RANGE, path, message, help);
    }
}

fn check_allowed(walk: &mut Walk<'_, '_>, number: i64, allowed: &[i64], path: Path<'_>) {
    if allowed.contains(&number) {
        return;
    }
    let message = format!("{number} is none of the allowed values");
    let allowed: Vec<_> = allowed.iter().map(ToString::to_string).collect();
    let help = format!("use one of {}", allowed.join(", "));
    walk.findings.error(code::ENUM, path, message, help);
}

fn check_enum(walk: &mut Walk<'_, '_>, name: &str, text: &str, path: Path<'_>) {
    let Some(known) = walk.model.enums.get(name) else {
        return walk.findings.not_checked(
            path,
            format!("the specification lacks the values of `{name}`"),
        );
    };
    if known.iter().any(|value| value == text) {
        return;
    }
    let help = match known.iter().find(|value| value.eq_ignore_ascii_case(text)) {
        Some(value) => format!("it is written `{value}`"),
        None if known.len() <= 12 => format!("use one of {}", known.join(", ")),
        None => format!(
            "use one of the {} values of the specification; if AWS added this one of late, suppress the finding",
            known.len()
        ),
    };
    walk.findings.error(
        code::ENUM,
        path,
        format!("`{text}` is none of the allowed values"),
        help,
    );
}

fn check_text(walk: &mut Walk<'_, '_>, shape: &'static Text, text: &str, path: Path<'_>) {
    check_length(walk, shape, text, path);
    match &shape.pattern {
        Some(pattern) => check_pattern(walk, pattern, text, path),
        None => check_arn(walk, text, path),
    }
    if let Some(format) = &shape.format {
        check_format(walk, format, text, path);
    }
}

fn check_length(walk: &mut Walk<'_, '_>, shape: &Text, text: &str, path: Path<'_>) {
    let characters = text.chars().count() as u64;
    if let Some(least) = shape.min_length.filter(|least| characters < *least) {
        let message = format!("{characters} characters; at least {least} are needed");
        walk.findings
            .error(code::LENGTH, path, message, "use a longer text");
    }
    if let Some(most) = shape.max_length.filter(|most| characters > *most) {
        let message = format!("{characters} characters; at most {most} are allowed");
        walk.findings
            .error(code::LENGTH, path, message, "shorten it");
    }
}

fn check_pattern(walk: &mut Walk<'_, '_>, pattern: &'static str, text: &str, path: Path<'_>) {
    match walk.patterns.is_match(pattern, text) {
        Some(true) => {}
        Some(false) => {
            let message = format!("`{text}` does not match {pattern}");
            walk.findings
                .error(code::PATTERN, path, message, "use a text that matches");
        }
        None => walk
            .findings
            .not_checked(path, format!("the pattern {pattern} cannot be evaluated")),
    }
}

/// A property that calls itself an ARN takes one, also where the specification has no pattern for it.
fn check_arn(walk: &mut Walk<'_, '_>, text: &str, path: Path<'_>) {
    let property = path.property();
    let wants_arn = ["Arn", "ARN", "Arns", "ARNs"]
        .iter()
        .any(|end| property.ends_with(end));
    let is_arn = text.starts_with("arn:") && text.splitn(6, ':').count() == 6;
    if wants_arn && !is_arn {
        let message = format!("`{text}` is not an ARN");
        walk.findings.error(
            code::FORMAT,
            path,
            message,
            "write arn:partition:service:region:account:resource",
        );
    }
}

fn check_format(walk: &mut Walk<'_, '_>, format: &str, text: &str, path: Path<'_>) {
    let (matches, wanted) = match format {
        "date-time" => (
            walk.patterns.is_match(TIME, text),
            "a time such as 2026-11-21T08:00:00Z",
        ),
        "json" => (Some(serde_json::from_str::<Value>(text).is_ok()), "JSON"),
        _ => {
            return walk
                .findings
                .not_checked(path, format!("the format `{format}` is not known"));
        }
    };
    if matches == Some(false) {
        let message = format!("`{text}` is not {wanted}");
        walk.findings
            .error(code::FORMAT, path, message, format!("write {wanted}"));
    }
}
