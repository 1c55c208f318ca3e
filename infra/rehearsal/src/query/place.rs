//! Where `ResultPath` puts a result.

use serde_json::{Map, Value};

use crate::failure::{Failure, name};

/// A `ResultPath`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// `null`: the result is dropped.
    Nowhere,
    /// The fields that lead there; none for `$`, the result alone.
    Field(Vec<String>),
}

impl Place {
    /// Reads a `ResultPath`.
    ///
    /// # Errors
    /// What is wrong, when it is no reference path, or leads into a list.
    pub(crate) fn parse(value: &Value) -> Result<Self, String> {
        if value.is_null() {
            return Ok(Self::Nowhere);
        }
        let text = value.as_str().unwrap_or_default();
        let wrong = || {
            format!("the reference path `{value}` is not rehearsed; write it as `$.field.field`")
        };
        let rest = text.strip_prefix('$').ok_or_else(wrong)?;
        let mut fields = Vec::new();
        let mut rest = rest;
        while !rest.is_empty() {
            let (field, next) = split_field(rest).ok_or_else(wrong)?;
            fields.push(field.to_owned());
            rest = next;
        }
        Ok(Self::Field(fields))
    }

    /// The input with the result in its place.
    ///
    /// # Errors
    /// `States.ResultPathMatchFailure`, when the way leads through something that is no object.
    pub(crate) fn put(&self, result: Value, input: Value) -> Result<Value, Failure> {
        let Self::Field(fields) = self else {
            return Ok(input);
        };
        let Some((last, before)) = fields.split_last() else {
            return Ok(result);
        };
        let mut output = input;
        let mut place = &mut output;
        for field in before {
            let next = object(place, fields)?.entry(field);
            place = next.or_insert_with(|| Value::Object(Map::new()));
        }
        object(place, fields)?.insert(last.clone(), result);
        Ok(output)
    }
}

fn object<'v>(
    value: &'v mut Value,
    fields: &[String],
) -> Result<&'v mut Map<String, Value>, Failure> {
    let found = value.as_object_mut();
    found.ok_or_else(|| {
        let path = fields.join(".");
        Failure::new(
            name::RESULT_PATH,
            format!("Unable to apply ReferencePath $.{path}: a value on its way is no object."),
        )
    })
}

/// `.field` or `['field']`, and what comes after it.
fn split_field(path: &str) -> Option<(&str, &str)> {
    if let Some(rest) = path.strip_prefix('.') {
        let end = rest.find(['.', '[']).unwrap_or(rest.len());
        return (end > 0).then(|| rest.split_at(end));
    }
    let quoted = path.strip_prefix("['")?;
    quoted.split_once("']")
}
