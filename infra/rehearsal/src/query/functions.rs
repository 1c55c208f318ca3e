//! The intrinsic functions, and what JSONata's additions share with them.
//!
//! Source: "Intrinsic functions for `JSONPath` states in Step Functions" of its developer guide.

use std::ops::RangeInclusive;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::Services;
use crate::random::Random;

/// An intrinsic function.
#[derive(Debug)]
pub(super) struct Function {
    pub(super) name: &'static str,
    /// How many arguments it takes.
    pub(super) arity: RangeInclusive<usize>,
    pub(super) apply: fn(&[Value], &Services) -> Answer,
}

type Answer = Result<Value, String>;

pub(super) const FORMAT: &str = "States.Format";

const fn function(
    name: &'static str,
    arity: RangeInclusive<usize>,
    apply: fn(&[Value], &Services) -> Answer,
) -> Function {
    Function { name, arity, apply }
}

static FUNCTIONS: &[Function] = &[
    function(FORMAT, 1..=usize::MAX, |arguments, _| format(arguments)),
    function("States.StringToJson", 1..=1, |a, _| {
        serde_json::from_str(text(&a[0])?).map_err(|error| error.to_string())
    }),
    function("States.JsonToString", 1..=1, |a, _| {
        Ok(Value::from(a[0].to_string()))
    }),
    function("States.Array", 0..=usize::MAX, |a, _| Ok(Value::from(a))),
    function("States.ArrayPartition", 2..=2, |a, _| {
        let size = usize::try_from(integer(&a[1])?)
            .ok()
            .filter(|size| *size > 0);
        let size = size.ok_or("the size is not positive")?;
        Ok(list(&a[0])?
            .chunks(size)
            .collect::<Vec<_>>()
            .into_iter()
            .map(Value::from)
            .collect())
    }),
    function("States.ArrayContains", 2..=2, |a, _| {
        Ok(Value::from(list(&a[0])?.contains(&a[1])))
    }),
    function("States.ArrayRange", 3..=3, |a, _| {
        Ok(range(a[0].as_i64(), a[1].as_i64(), a[2].as_i64())?.into())
    }),
    function("States.ArrayGetItem", 2..=2, |a, _| {
        let index = usize::try_from(integer(&a[1])?).map_err(|_| "the index is negative")?;
        let item = list(&a[0])?.get(index);
        item.cloned()
            .ok_or_else(|| format!("there is no item {index}"))
    }),
    function("States.ArrayLength", 1..=1, |a, _| {
        Ok(Value::from(list(&a[0])?.len()))
    }),
    function("States.ArrayUnique", 1..=1, |a, _| {
        let mut unique: Vec<Value> = Vec::new();
        for item in list(&a[0])? {
            if !unique.contains(item) {
                unique.push(item.clone());
            }
        }
        Ok(unique.into())
    }),
    function("States.Base64Encode", 1..=1, |a, _| {
        Ok(STANDARD.encode(text(&a[0])?).into())
    }),
    function("States.Base64Decode", 1..=1, |a, _| {
        let bytes = STANDARD
            .decode(text(&a[0])?)
            .map_err(|error| error.to_string())?;
        String::from_utf8(bytes)
            .map(Value::from)
            .map_err(|error| error.to_string())
    }),
    function("States.Hash", 2..=2, |a, _| {
        let data = a[0]
            .as_str()
            .map_or_else(|| a[0].to_string(), str::to_owned);
        hash(&data, text(&a[1])?).map(Value::from)
    }),
    function("States.JsonMerge", 3..=3, |a, _| merge(&a[0], &a[1], &a[2])),
    function("States.MathRandom", 2..=3, |a, services| {
        let fraction = match a.get(2) {
            Some(seed) => seeded_fraction(seed.as_i64())?,
            None => services.random.fraction(),
        };
        between(integer(&a[0])?, integer(&a[1])?, fraction)
    }),
    function("States.MathAdd", 2..=2, |a, _| {
        let sum = integer(&a[0])?.checked_add(integer(&a[1])?);
        sum.map(Value::from)
            .ok_or_else(|| "the sum is too large".to_owned())
    }),
    function("States.StringSplit", 2..=2, |a, _| {
        let delimiters: Vec<char> = text(&a[1])?.chars().collect();
        let parts = text(&a[0])?
            .split(delimiters.as_slice())
            .filter(|part| !part.is_empty());
        Ok(parts.map(Value::from).collect())
    }),
    function("States.UUID", 0..=0, |_, services| {
        Ok(services.random.uuid().into())
    }),
];

pub(super) fn find(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name == name)
}

/// A text without the backslashes that protect quotes, braces and backslashes.
pub(super) fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => plain.extend(characters.next()),
            _ => plain.push(character),
        }
    }
    plain
}

fn format(arguments: &[Value]) -> Answer {
    let (template, values) = arguments.split_first().ok_or("the template is missing")?;
    let mut values = values.iter();
    let mut formatted = String::new();
    let mut characters = text(template)?.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' => formatted.extend(characters.next()),
            '{' if characters.next_if_eq(&'}').is_some() => {
                let value = values.next().ok_or("there are more `{}` than values")?;
                formatted.push_str(
                    &value
                        .as_str()
                        .map_or_else(|| value.to_string(), str::to_owned),
                );
            }
            _ => formatted.push(character),
        }
    }
    match values.next() {
        None => Ok(formatted.into()),
        Some(_) => Err("there are more values than `{}`".to_owned()),
    }
}

fn merge(first: &Value, second: &Value, deep: &Value) -> Answer {
    if deep != &Value::Bool(false) {
        return Err("Step Functions only supports the shallow merging mode, `false`".to_owned());
    }
    let mut merged = object(first)?.clone();
    merged.extend(object(second)?.clone());
    Ok(merged.into())
}

/// How many numbers a range may have.
const LONGEST_RANGE: usize = 1000;

/// From the first to the last number, both included.
pub(super) fn range(
    first: Option<i64>,
    last: Option<i64>,
    step: Option<i64>,
) -> Result<Vec<i64>, String> {
    let (Some(first), Some(last), Some(step)) = (first, last, step) else {
        return Err("a range is between integers".to_owned());
    };
    if step == 0 {
        return Err("the step of a range cannot be 0".to_owned());
    }
    let inside = |number: &i64| {
        if step > 0 {
            *number <= last
        } else {
            *number >= last
        }
    };
    let numbers = std::iter::successors(Some(first), |number| number.checked_add(step));
    let numbers: Vec<i64> = numbers.take_while(inside).take(LONGEST_RANGE + 1).collect();
    if numbers.len() > LONGEST_RANGE {
        return Err(format!("a range has at most {LONGEST_RANGE} numbers"));
    }
    Ok(numbers)
}

/// The hash of a text in hexadecimal digits.
pub(super) fn hash(data: &str, algorithm: &str) -> Result<String, String> {
    use md5::Digest as _;
    use sha2::Digest as _;
    let bytes = match algorithm {
        "MD5" => md5::Md5::digest(data).to_vec(),
        "SHA-1" => sha1::Sha1::digest(data).to_vec(),
        "SHA-256" => sha2::Sha256::digest(data).to_vec(),
        "SHA-384" => sha2::Sha384::digest(data).to_vec(),
        "SHA-512" => sha2::Sha512::digest(data).to_vec(),
        other => return Err(format!("there is no hash algorithm `{other}`")),
    };
    let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(digits.concat())
}

/// The same number for the same seed, at least 0, less than 1. Not the number that the service would give.
pub(super) fn seeded_fraction(seed: Option<i64>) -> Result<f64, String> {
    let seed = seed.ok_or("a seed is an integer")?;
    Ok(Random::seeded(seed.cast_unsigned()).fraction())
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "a random number of a range, which may well be rounded"
)]
fn between(start: i64, end: i64, fraction: f64) -> Answer {
    if start >= end {
        return Err("the start is not below the end".to_owned());
    }
    Ok(json!(
        start + ((end - start) as f64 * fraction).floor() as i64
    ))
}

fn text(value: &Value) -> Result<&str, String> {
    value
        .as_str()
        .ok_or_else(|| format!("{value} is no string"))
}

fn list(value: &Value) -> Result<&Vec<Value>, String> {
    value
        .as_array()
        .ok_or_else(|| format!("{value} is no array"))
}

fn object(value: &Value) -> Result<&Map<String, Value>, String> {
    value
        .as_object()
        .ok_or_else(|| format!("{value} is no object"))
}

fn integer(value: &Value) -> Result<i64, String> {
    value
        .as_i64()
        .ok_or_else(|| format!("{value} is no integer"))
}
