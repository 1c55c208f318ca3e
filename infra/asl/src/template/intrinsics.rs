//! `CloudFormation`'s functions inside definitions, as far as they can be known without a deployment.

use serde_json::{Map, Value};

use super::placeholders;
use crate::Pointer;
use crate::check::NotChecked;

/// A definition without functions.
pub(super) struct Lowered {
    pub(super) value: Value,
    /// What depends on the deployment, so that one of several possibilities was taken.
    pub(super) open: Vec<NotChecked>,
}

/// Replaces functions by the text that they stand for.
pub(super) fn lower(value: &Value) -> Lowered {
    let mut open = Vec::new();
    let value = value_at(value, &Pointer::root(), &mut open);
    Lowered {
        value: value.unwrap_or(Value::Null),
        open,
    }
}

/// Whether an object is the call of a function.
pub(super) fn is_call(value: &Value) -> bool {
    call(value).is_some()
}

/// The function and the argument of an intrinsic: an object with the one key `Ref` or `Fn::...`.
pub fn call(value: &Value) -> Option<(&str, &Value)> {
    let object = value.as_object().filter(|object| object.len() == 1)?;
    let (name, argument) = object.iter().next()?;
    (name == "Ref" || name.starts_with("Fn::")).then_some((name.as_str(), argument))
}

/// The value without functions; none for `AWS::NoValue`, which removes what it stands for.
fn value_at(value: &Value, here: &Pointer, open: &mut Vec<NotChecked>) -> Option<Value> {
    if let Some((function, argument)) = call(value) {
        return called(value, function, argument, here, open);
    }
    Some(match value {
        Value::Array(items) => {
            let items = items.iter().enumerate();
            let lower = |(index, item)| value_at(item, &here.item(index), open);
            Value::Array(items.filter_map(lower).collect())
        }
        Value::Object(body) => {
            let mut lowered = Map::new();
            for (name, member) in body {
                if let Some(member) = value_at(member, &here.member(name), open) {
                    lowered.insert(name.clone(), member);
                }
            }
            Value::Object(lowered)
        }
        other => other.clone(),
    })
}

fn called(
    value: &Value,
    function: &str,
    argument: &Value,
    here: &Pointer,
    open: &mut Vec<NotChecked>,
) -> Option<Value> {
    if argument == "AWS::NoValue" {
        return None;
    }
    if let ("Fn::If", Some([_, then, _])) = (function, argument.as_array().map(Vec::as_slice)) {
        open.push(NotChecked {
            pointer: here.clone(),
            reason: "`Fn::If`: the value for a false condition is not looked at".to_owned(),
        });
        return value_at(then, here, open);
    }
    Some(Value::String(part(value)))
}

/// The text that a literal or a function stands for, with `${Name}` for what only the deployment knows; none if all of it is that.
pub(super) fn text(value: &Value) -> Option<String> {
    let Some((function, argument)) = call(value) else {
        return value.as_str().map(str::to_owned);
    };
    match (function, argument) {
        ("Fn::Sub", Value::String(text)) => Some(unescaped(text)),
        ("Fn::Sub", Value::Array(list)) => {
            let [Value::String(text), Value::Object(variables)] = &list[..] else {
                return None;
            };
            let known = (variables.iter())
                .map(|(name, value)| (name.clone(), value.as_str().map(str::to_owned)))
                .collect();
            let replaced = placeholders::replace(text, &known);
            Some(unescaped(&replaced))
        }
        ("Fn::Join", Value::Array(list)) => {
            let [Value::String(delimiter), Value::Array(parts)] = &list[..] else {
                return None;
            };
            let parts: Vec<_> = parts.iter().map(part).collect();
            Some(parts.join(delimiter))
        }
        _ => None,
    }
}

/// The text of a part of a definition, where there is always one.
fn part(value: &Value) -> String {
    if let Some(text) = text(value) {
        return text;
    }
    match call(value) {
        Some((function, argument)) => reference(function, argument),
        None => value.to_string(),
    }
}

/// `${Table}` and `${Table.Arn}`, as `Fn::Sub` writes them.
fn reference(function: &str, argument: &Value) -> String {
    let path = match (function, argument) {
        ("Ref" | "Fn::GetAtt", Value::String(name)) => name.clone(),
        ("Fn::GetAtt", Value::Array(path)) => {
            let names: Vec<_> = path.iter().filter_map(Value::as_str).collect();
            names.join(".")
        }
        (function, _) => function.to_owned(),
    };
    format!("${{{path}}}")
}

/// `${!Literal}` is how `Fn::Sub` writes `${Literal}`.
fn unescaped(text: &str) -> String {
    text.replace("${!", "${")
}
