//! Reading values that may be intrinsic functions.

use asl::template::call;
use serde_json::Value;

use crate::path::Path;

/// A value, by how CloudFormation would read it.
pub(crate) enum Expression<'a> {
    /// What it says.
    Literal(&'a Value),
    /// `Ref` to `AWS::NoValue`: as if it was not there.
    NoValue,
    /// `Fn::If` with its two branches.
    If(&'a Value, &'a Value),
    /// Another function: known at deployment.
    Call,
}

impl<'a> From<&'a Value> for Expression<'a> {
    fn from(value: &'a Value) -> Self {
        let Some((name, arguments)) = call(value) else {
            return Self::Literal(value);
        };
        match (name, arguments.as_array().map(Vec::as_slice)) {
            ("Ref", _) if arguments == "AWS::NoValue" => Self::NoValue,
            ("Fn::If", Some([_, then, otherwise])) => Self::If(then, otherwise),
            _ => Self::Call,
        }
    }
}

/// A resource that a `Ref` or `Fn::GetAtt` names, and the attribute of the latter.
#[derive(Clone, Copy)]
pub(crate) struct Referent<'a> {
    pub(crate) id: &'a str,
    pub(crate) attribute: Option<&'a str>,
}

pub(crate) fn referent(value: &Value) -> Option<Referent<'_>> {
    match call(value)? {
        ("Ref", name) => Some(Referent {
            id: name.as_str()?,
            attribute: None,
        }),
        ("Fn::GetAtt", arguments) => get_att(arguments),
        _ => None,
    }
}

/// The arguments of `Fn::GetAtt`, in either form; nothing when the attribute is computed.
pub(crate) fn get_att(arguments: &Value) -> Option<Referent<'_>> {
    let (id, attribute) = match arguments {
        Value::String(text) => text.split_once('.')?,
        Value::Array(parts) => match parts.as_slice() {
            [Value::String(id), Value::String(attribute)] => (id.as_str(), attribute.as_str()),
            _ => return None,
        },
        _ => return None,
    };
    Some(Referent {
        id,
        attribute: Some(attribute),
    })
}

/// A literal number or a text of one.
pub(crate) fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// Visits a value; through `Fn::If` both of its branches, and nothing for `AWS::NoValue`.
pub(crate) fn each_branch<'a>(
    value: &'a Value,
    path: Path<'_>,
    visit: &mut dyn FnMut(&'a Value, Path<'_>),
) {
    match Expression::from(value) {
        Expression::NoValue => {}
        Expression::If(then, otherwise) => {
            let path = path.key("Fn::If");
            each_branch(then, path.index(1), visit);
            each_branch(otherwise, path.index(2), visit);
        }
        Expression::Literal(_) | Expression::Call => visit(value, path),
    }
}

/// Like [`each_branch`], and visits the items of lists. A single value counts as a list of one.
pub(crate) fn each_item<'a>(
    value: &'a Value,
    path: Path<'_>,
    visit: &mut dyn FnMut(&'a Value, Path<'_>),
) {
    each_branch(value, path, &mut |value, path| match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                each_branch(item, path.index(index), visit);
            }
        }
        _ => visit(value, path),
    });
}

/// Visits what stands at a place of nested objects, in every branch that leads there.
pub(crate) fn each_at<'a>(
    value: &'a Value,
    path: Path<'_>,
    place: &[&str],
    visit: &mut dyn FnMut(&'a Value, Path<'_>),
) {
    each_branch(value, path, &mut |value, path| match place.split_first() {
        None => visit(value, path),
        Some((name, rest)) => {
            if let Some(next) = value.get(name) {
                each_at(next, path.key(name), rest, visit);
            }
        }
    });
}
