//! Property values: literals and intrinsic functions under one type.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use crate::node::{Node, Object};

/// What a property of type `T` holds: a literal, or an intrinsic function that yields a `T`.
pub struct Value<T> {
    node: Node,
    of: PhantomData<fn() -> T>,
}

/// An intrinsic function whose result CloudFormation alone knows the type of, such as `Fn::ImportValue`. Fits any property.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression(pub(crate) Node);

/// The type of a property that takes a list of `T`. Only ever a type argument: `Value<List<String>>`.
pub struct List<T>(PhantomData<fn() -> T>);

/// The type of a property that takes a map from text to `T`. Only ever a type argument: `Value<Map<String>>`.
pub struct Map<T>(PhantomData<fn() -> T>);

/// A type whose values are written into a template as they are.
pub trait Literal {
    /// The JSON of the value.
    fn into_node(self) -> Node;
}

/// What a property of type `T` can be set to.
#[diagnostic::on_unimplemented(
    message = "a property of type `{T}` cannot be set to `{Self}`",
    label = "does not fit a property of type `{T}`",
    note = "an ARN or a reference fits only where its kind of resource is wanted; a text becomes an ARN by `.assume_arn()`",
    note = "an enumeration takes its variants, or `Other(\"…\")` for a value that is not listed"
)]
pub trait IntoValue<T> {
    /// The value as the property holds it.
    fn into_value(self) -> Value<T>;
}

impl<T> Value<T> {
    /// A value from its JSON, unchecked.
    pub(crate) fn from_node(node: Node) -> Self {
        Self {
            node,
            of: PhantomData,
        }
    }

    /// The value as JSON.
    pub fn node(&self) -> &Node {
        &self.node
    }

    /// The value as JSON.
    pub fn into_node(self) -> Node {
        self.node
    }

    /// The value without its type, so that it fits any property: for the cases in which we know better than the types.
    pub fn untyped(self) -> Expression {
        Expression(self.node)
    }

    /// The same value, as another type. The caller knows that the types agree.
    pub(crate) fn cast<U>(self) -> Value<U> {
        Value::from_node(self.node)
    }
}

impl<T> Clone for Value<T> {
    fn clone(&self) -> Self {
        Self::from_node(self.node.clone())
    }
}

impl<T> PartialEq for Value<T> {
    fn eq(&self, other: &Self) -> bool {
        self.node == other.node
    }
}

impl<T> fmt::Debug for Value<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.node.fmt(formatter)
    }
}

impl<T> From<Value<T>> for Node {
    fn from(value: Value<T>) -> Self {
        value.node
    }
}

impl<T> IntoValue<T> for Value<T> {
    fn into_value(self) -> Self {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<T> IntoValue<T> for &Value<T> {
    fn into_value(self) -> Value<T> {
        self.clone()
    }
}

impl<T> IntoValue<T> for Expression {
    fn into_value(self) -> Value<T> {
        Value::from_node(self.0)
    }
}

impl<T: Literal> IntoValue<T> for T {
    fn into_value(self) -> Value<T> {
        Value::from_node(self.into_node())
    }
}

impl<T, U: IntoValue<T>, const N: usize> IntoValue<List<T>> for [U; N] {
    fn into_value(self) -> Value<List<T>> {
        self.into_iter().collect()
    }
}

impl<T, U: IntoValue<T>> IntoValue<List<T>> for Vec<U> {
    fn into_value(self) -> Value<List<T>> {
        self.into_iter().collect()
    }
}

impl<T, U: IntoValue<T>> FromIterator<U> for Value<List<T>> {
    fn from_iter<I: IntoIterator<Item = U>>(items: I) -> Self {
        let items = items.into_iter().map(|item| item.into_value().node);
        Self::from_node(Node::List(items.collect()))
    }
}

impl<T, K: Into<Cow<'static, str>>, U: IntoValue<T>, const N: usize> IntoValue<Map<T>>
    for [(K, U); N]
{
    fn into_value(self) -> Value<Map<T>> {
        self.into_iter().collect()
    }
}

impl<T, K: Into<Cow<'static, str>>, U: IntoValue<T>> IntoValue<Map<T>> for Vec<(K, U)> {
    fn into_value(self) -> Value<Map<T>> {
        self.into_iter().collect()
    }
}

impl<T, K: Into<Cow<'static, str>>, U: IntoValue<T>> IntoValue<Map<T>> for BTreeMap<K, U> {
    fn into_value(self) -> Value<Map<T>> {
        self.into_iter().collect()
    }
}

impl<T, K: Into<Cow<'static, str>>, U: IntoValue<T>> FromIterator<(K, U)> for Value<Map<T>> {
    fn from_iter<I: IntoIterator<Item = (K, U)>>(entries: I) -> Self {
        let entries = entries.into_iter();
        let members: Object = entries
            .map(|(key, item)| (key, item.into_value().node))
            .collect();
        Self::from_node(Node::Object(members))
    }
}

/// Implements [`Literal`] by the type's conversion into [`Node`].
macro_rules! literals {
    ($($type:ty),*) => {$(
        impl Literal for $type {
            fn into_node(self) -> Node {
                Node::from(self)
            }
        }
    )*};
}
literals!(bool, i64, f64, String, Object);

impl Literal for Node {
    fn into_node(self) -> Node {
        self
    }
}

/// Implements [`IntoValue`] for literals that are widened without loss.
macro_rules! widened {
    ($($from:ty => $to:ty),* $(,)?) => {$(
        #[diagnostic::do_not_recommend]
        impl IntoValue<$to> for $from {
            fn into_value(self) -> Value<$to> {
                Value::from_node(<$to>::from(self).into_node())
            }
        }
    )*};
}
widened! {
    &str => String, &String => String, Cow<'_, str> => String, char => String,
    i8 => i64, i16 => i64, i32 => i64, u8 => i64, u16 => i64, u32 => i64,
    i8 => f64, i16 => f64, i32 => f64, u8 => f64, u16 => f64, u32 => f64, f32 => f64,
    serde_json::Value => Node, Object => Node,
}
