//! Identities of resources: ARNs and names that remember what they belong to.

use std::fmt;
use std::marker::PhantomData;

use crate::node::Node;
use crate::template::ParameterRef;
use crate::value::{Expression, IntoValue, Literal, Value};

/// The ARN of a resource of type `R`.
///
/// It comes from a handle (`role.arn()`), a parameter, or an explicit assumption ([`Value::assume_arn`]); it fits every property
/// that takes text, and of those that want an ARN only the ones that want an `R`'s.
pub struct Arn<R> {
    text: String,
    of: PhantomData<fn() -> R>,
}

/// What `Ref` yields for a resource of type `R`, where that is not an ARN: mostly a name.
///
/// Only ever a type argument. A property that takes the name of an `R` takes any text, and of references only those to an `R`.
pub struct Id<R>(PhantomData<fn() -> R>);

/// A text which someone who read the code declared to be the right ARN; see [`Value::assume_arn`].
#[derive(Clone, Debug, PartialEq)]
pub struct AssumedArn(Node);

impl<R> Arn<R> {
    /// An ARN known when the program is written. Prefer `${AWS::Partition}` in a `Fn::Sub` with [`Value::assume_arn`]: a literal
    /// names one partition.
    pub fn literal(text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            text,
            of: PhantomData,
        }
    }
}

impl<R> Clone for Arn<R> {
    fn clone(&self) -> Self {
        Self::literal(self.text.clone())
    }
}

impl<R> fmt::Debug for Arn<R> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(formatter)
    }
}

impl<R> Literal for Arn<R> {
    fn into_node(self) -> Node {
        self.text.into()
    }
}

impl Value<String> {
    /// Declares that this text is the ARN which the property wants. Nothing checks it before CloudFormation does.
    ///
    /// ```
    /// use cfn::intrinsics::sub;
    /// use cfn::lambda;
    ///
    /// let layer = sub("arn:${AWS::Partition}:lambda:${AWS::Region}:580247275435:layer:LambdaInsightsExtension:56");
    /// let function = lambda::Function::new().layers([layer.assume_arn()]);
    /// # let _ = function;
    /// ```
    pub fn assume_arn(self) -> AssumedArn {
        AssumedArn(self.into_node())
    }
}

impl AssumedArn {
    /// The ARN as that of an `R`, to keep it in a variable.
    pub fn of<R>(self) -> Value<Arn<R>> {
        self.into_value()
    }

    /// For generated properties that take ARNs of several types.
    pub(crate) fn into_any<T>(self) -> Value<T> {
        Expression(self.0).into_value()
    }
}

impl<R> IntoValue<Arn<R>> for AssumedArn {
    fn into_value(self) -> Value<Arn<R>> {
        self.into_any()
    }
}

impl IntoValue<String> for AssumedArn {
    fn into_value(self) -> Value<String> {
        self.into_any()
    }
}

/// Implements [`IntoValue`] where only the type changes.
macro_rules! same_node {
    ($(<$resource:ident> $from:ty => $to:ty),* $(,)?) => {$(
        #[diagnostic::do_not_recommend]
        impl<$resource> IntoValue<$to> for $from {
            fn into_value(self) -> Value<$to> {
                Value::from_node(IntoNode::into_node(self))
            }
        }
    )*};
}
same_node! {
    <R> Arn<R> => String,
    <R> Value<Arn<R>> => String,
    <R> &Value<Arn<R>> => String,
    <R> &ParameterRef<Arn<R>> => String,
    <R> Value<Id<R>> => String,
    <R> &Value<Id<R>> => String,
    <R> &ParameterRef<Id<R>> => String,
    <R> &str => Id<R>,
    <R> String => Id<R>,
    <R> &String => Id<R>,
    <R> Value<String> => Id<R>,
    <R> &Value<String> => Id<R>,
    <R> &ParameterRef<String> => Id<R>,
}

/// The JSON of what [`same_node`] and [`accept`](crate::accept) convert.
pub(crate) trait IntoNode {
    fn into_node(self) -> Node;
}

impl<T> IntoNode for Value<T> {
    fn into_node(self) -> Node {
        self.into_node()
    }
}

impl<T> IntoNode for &Value<T> {
    fn into_node(self) -> Node {
        self.node().clone()
    }
}

impl<T> IntoNode for &ParameterRef<T> {
    fn into_node(self) -> Node {
        self.value().into_node()
    }
}

impl<R> IntoNode for Arn<R> {
    fn into_node(self) -> Node {
        self.text.into()
    }
}

impl IntoNode for AssumedArn {
    fn into_node(self) -> Node {
        self.0
    }
}

impl IntoNode for &str {
    fn into_node(self) -> Node {
        self.into()
    }
}

impl IntoNode for String {
    fn into_node(self) -> Node {
        self.into()
    }
}

impl IntoNode for &String {
    fn into_node(self) -> Node {
        self.as_str().into()
    }
}

impl<R> From<Value<Arn<R>>> for Value<String> {
    fn from(value: Value<Arn<R>>) -> Self {
        value.cast()
    }
}

impl<R> From<Value<Id<R>>> for Value<String> {
    fn from(value: Value<Id<R>>) -> Self {
        value.cast()
    }
}

impl From<&str> for Value<String> {
    fn from(text: &str) -> Self {
        text.into_value()
    }
}

impl From<String> for Value<String> {
    fn from(text: String) -> Self {
        text.into_value()
    }
}

/// Declares what a property takes that accepts values of several kinds of resources.
macro_rules! accept {
    ($target:ty: values[$($value:ty),*], literals[$($literal:ty),*]) => {
        $($crate::identity::accept!($target: $crate::value::Value<$value>, &$crate::value::Value<$value>, &$crate::template::ParameterRef<$value>);)*
        $($crate::identity::accept!($target: $literal);)*
    };
    ($target:ty: $($from:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl $crate::value::IntoValue<$target> for $from {
            fn into_value(self) -> $crate::value::Value<$target> {
                $crate::value::Value::from_node($crate::identity::IntoNode::into_node(self))
            }
        }
    )*};
}
pub(crate) use accept;
