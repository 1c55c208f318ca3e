//! One field of an answer becomes one cell, with the coercions of pydantic 2 in its default ("lax") mode.
//!
//! The table of cases in `tests/fixtures` was produced by pydantic itself and holds this module to it.

use std::borrow::Cow;

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use serde_json::{Number, Value};

use super::{Column, ColumnKind};
use crate::contracts::ParseMode;

/// Longest run of digits that Python turns into an integer.
const PYTHON_DIGIT_LIMIT: usize = 4300;

/// A field's value, if it has a usable one, and what was wrong with it, if anything.
pub(super) struct Cell {
    pub(super) value: Option<Value>,
    pub(super) error: Option<String>,
}

/// Reads a field. In lenient mode an invalid field may still give a value: what can be said for certain of it as text.
pub(super) fn cell(column: &Column, raw: &RawValue, mode: ParseMode) -> Cell {
    let json = Json::parse(raw.get());
    match coerce(column, &json) {
        Ok(value) => Cell {
            value: Some(value),
            error: None,
        },
        Err(reason) => Cell {
            value: match mode {
                ParseMode::Lenient if column.kind == ColumnKind::Text => json.as_text(),
                ParseMode::Lenient | ParseMode::Strict => None,
            },
            error: Some(reason),
        },
    }
}

/// Parses JSON as Python does: `NaN`, `Infinity` and `-Infinity` are accepted. No column takes them, so that a list,
/// which no column takes either, stands in for them.
pub(super) fn parse<T: DeserializeOwned>(json: &str) -> serde_json::Result<T> {
    serde_json::from_str(&without_python_constants(json))
}

fn without_python_constants(json: &str) -> Cow<'_, str> {
    const CONSTANTS: [&str; 3] = ["NaN", "-Infinity", "Infinity"];
    if !CONSTANTS.iter().any(|constant| json.contains(constant)) {
        return Cow::Borrowed(json);
    }
    let mut replaced = String::with_capacity(json.len());
    let mut rest = json;
    let (mut in_text, mut escaped) = (false, false);
    while let Some(character) = rest.chars().next() {
        let constant = CONSTANTS
            .iter()
            .find(|constant| rest.starts_with(**constant));
        if let (false, Some(constant)) = (in_text, constant) {
            replaced.push_str("[]");
            rest = &rest[constant.len()..];
            continue;
        }
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = in_text,
            '"' => in_text = !in_text,
            _ => {}
        }
        replaced.push(character);
        rest = &rest[character.len_utf8()..];
    }
    Cow::Owned(replaced)
}

/// A JSON value as far as a cell needs it.
enum Json<'a> {
    Null,
    Boolean(bool),
    /// As written, because integers may be larger than any machine's.
    Number(&'a str),
    Text(String),
    /// A list or an object, or text with a lone surrogate, which is not Unicode.
    Other(&'a str),
}

impl<'a> Json<'a> {
    fn parse(raw: &'a str) -> Self {
        match raw.as_bytes().first() {
            Some(b'n') => Self::Null,
            Some(b't') => Self::Boolean(true),
            Some(b'f') => Self::Boolean(false),
            Some(b'"') => serde_json::from_str(raw).map_or(Self::Other(raw), Self::Text),
            Some(b'[' | b'{') | None => Self::Other(raw),
            Some(_) => Self::Number(raw),
        }
    }

    /// What can be kept of a value that is not text in a column that is: a number as written, names as a list.
    fn as_text(&self) -> Option<Value> {
        match self {
            Self::Number(digits) => Some(Value::String((*digits).to_owned())),
            Self::Other(list) => {
                let names: Vec<String> = serde_json::from_str(list).ok()?;
                Some(Value::String(names.join(", ")))
            }
            Self::Null | Self::Boolean(_) | Self::Text(_) => None,
        }
    }

    fn excerpt(&self) -> String {
        const LONGEST: usize = 40;
        let whole = match self {
            Self::Null => "null",
            Self::Boolean(true) => "true",
            Self::Boolean(false) => "false",
            Self::Number(raw) | Self::Other(raw) => raw,
            Self::Text(text) => return format!("{:?}", shortened(text, LONGEST)),
        };
        shortened(whole, LONGEST)
    }
}

fn shortened(text: &str, longest: usize) -> String {
    let mut characters = text.chars();
    let mut short: String = characters.by_ref().take(longest).collect();
    if characters.next().is_some() {
        short.push('…');
    }
    short
}

fn coerce(column: &Column, json: &Json<'_>) -> Result<Value, String> {
    if matches!(json, Json::Null) && column.nullable {
        return Ok(Value::Null);
    }
    let refused = |what: &str| Err(format!("{} is not {what}", json.excerpt()));
    match column.kind {
        ColumnKind::Text => match json {
            Json::Text(text) => Ok(Value::String(text.clone())),
            _ => refused("text"),
        },
        ColumnKind::Boolean => match boolean(json) {
            Some(value) => Ok(Value::Bool(value)),
            None => refused("true or false"),
        },
        ColumnKind::Integer => match integer(json) {
            Some(value) => whole(column, json, value),
            None => refused("an integer"),
        },
        ColumnKind::Number => match number(json).filter(|value| value.is_finite()) {
            Some(value) => {
                in_range(column, json, value)?;
                Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
            }
            None => refused("a number"),
        },
    }
}

/// An integer in its column. Python's have no upper end; one beyond 64 bits is valid but cannot be stored.
fn whole(column: &Column, json: &Json<'_>, value: i128) -> Result<Value, String> {
    #[expect(
        clippy::cast_precision_loss,
        reason = "bounds are far below 2^53, where rounding could matter"
    )]
    in_range(column, json, value as f64)?;
    match i64::try_from(value) {
        Ok(value) => Ok(Value::from(value)),
        Err(_) if column.nullable => Ok(Value::Null),
        Err(_) => Err(format!("{} does not fit 64 bits", json.excerpt())),
    }
}

fn in_range(column: &Column, json: &Json<'_>, value: f64) -> Result<(), String> {
    if column.minimum.is_some_and(|minimum| value < minimum) {
        return Err(format!(
            "{} is below {}",
            json.excerpt(),
            column.minimum.unwrap_or_default()
        ));
    }
    if column.maximum.is_some_and(|maximum| value > maximum) {
        return Err(format!(
            "{} is above {}",
            json.excerpt(),
            column.maximum.unwrap_or_default()
        ));
    }
    Ok(())
}

fn boolean(json: &Json<'_>) -> Option<bool> {
    match json {
        Json::Boolean(value) => Some(*value),
        Json::Number(digits) => match digits.parse::<f64>() {
            Ok(0.0) => Some(false),
            Ok(1.0) => Some(true),
            _ => None,
        },
        Json::Text(word) => match word.to_ascii_lowercase().as_str() {
            "0" | "off" | "f" | "false" | "n" | "no" => Some(false),
            "1" | "on" | "t" | "true" | "y" | "yes" => Some(true),
            _ => None,
        },
        Json::Null | Json::Other(_) => None,
    }
}

fn number(json: &Json<'_>) -> Option<f64> {
    match json {
        Json::Boolean(value) => Some(f64::from(u8::from(*value))),
        Json::Number(digits) => digits.parse().ok(),
        Json::Text(text) => text
            .trim()
            .parse()
            .ok()
            .or_else(|| without_underscores(text)?.parse().ok()),
        Json::Null | Json::Other(_) => None,
    }
}

/// Underscores between digits, as Python writes them; text that has both them and white space around it is no number.
fn without_underscores(text: &str) -> Option<String> {
    let misplaced = text.starts_with('_') || text.ends_with('_') || text.contains("__");
    (!misplaced).then(|| text.replace('_', ""))
}

/// The integer a value stands for; one beyond 128 bits becomes the largest or smallest of them.
fn integer(json: &Json<'_>) -> Option<i128> {
    match json {
        Json::Boolean(value) => Some(i128::from(*value)),
        Json::Number(digits) if digits.contains(['.', 'e', 'E']) => integral(digits.parse().ok()?),
        Json::Number(digits) => signed(digits, |digits| Some(Cow::Borrowed(digits))),
        Json::Text(text) => signed(text.trim(), plain_digits),
        Json::Null | Json::Other(_) => None,
    }
}

/// A float without a fraction that fits 64 bits.
fn integral(value: f64) -> Option<i128> {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "it has no fraction and is below 2^63"
    )]
    (value.fract() == 0.0 && value.abs() < LIMIT).then_some(value as i128)
}

fn signed<'a>(text: &'a str, digits: impl FnOnce(&'a str) -> Option<Cow<'a, str>>) -> Option<i128> {
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(unsigned) => (true, unsigned),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let digits = digits(unsigned).filter(|digits| digits.len() <= PYTHON_DIGIT_LIMIT)?;
    let magnitude = digits.parse().unwrap_or(i128::MAX);
    Some(if negative { -magnitude } else { magnitude })
}

/// The digits of an integer in text: `2024`, `02024`, `2_024` and `2024.0` are one.
fn plain_digits(text: &str) -> Option<Cow<'_, str>> {
    let text = match text.split_once('.') {
        Some((whole, fraction)) if is_digits(fraction) && fraction.trim_matches('0').is_empty() => {
            whole
        }
        Some(_) => return None,
        None => text,
    };
    let significant = match text.strip_prefix('0') {
        Some(rest) => match rest.trim_start_matches(['0', '_']) {
            "" if rest.ends_with('_') => return None,
            "" => "0",
            significant => significant,
        },
        None => text,
    };
    let groups = significant.split('_');
    groups.clone().all(is_digits).then(|| groups.collect())
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
