//! Parameters.

use std::marker::PhantomData;

use super::logical_id::LogicalId;
use crate::identity::{Arn, Id};
use crate::intrinsics::typed_reference;
use crate::node::{Node, Object};
use crate::value::{IntoValue, List, Value};

/// A parameter of the template whose value is a `T`.
#[derive(Clone, Debug)]
#[must_use]
pub struct Parameter<T> {
    settings: Object,
    of: PhantomData<fn() -> T>,
}

/// A reference to a parameter.
#[derive(Clone, Debug)]
pub struct ParameterRef<T> {
    name: LogicalId,
    of: PhantomData<fn() -> T>,
}

/// A type that parameters can have.
pub trait ParameterKind {
    /// CloudFormation's name of the type.
    const TYPE: &'static str;

    /// A pattern that every value of the type matches, where there is one.
    const PATTERN: Option<&'static str> = None;
}

impl ParameterKind for String {
    const TYPE: &'static str = "String";
}

impl ParameterKind for i64 {
    const TYPE: &'static str = "Number";
}

impl ParameterKind for f64 {
    const TYPE: &'static str = "Number";
}

impl ParameterKind for List<String> {
    const TYPE: &'static str = "CommaDelimitedList";
}

impl<R> ParameterKind for Arn<R> {
    const TYPE: &'static str = "String";
    const PATTERN: Option<&'static str> = Some("^arn:.*$");
}

impl<R> ParameterKind for Id<R> {
    const TYPE: &'static str = "String";
}

impl<T: ParameterKind> Parameter<T> {
    /// A parameter of the type.
    pub fn new() -> Self {
        Self::of_type(T::TYPE)
    }

    fn of_type(name: &'static str) -> Self {
        let mut settings = Object::from([("Type", name)]);
        if let Some(pattern) = T::PATTERN {
            settings.set("AllowedPattern", pattern);
        }
        Self {
            settings,
            of: PhantomData,
        }
    }

    fn with(mut self, key: &'static str, value: impl Into<Node>) -> Self {
        self.settings.set(key, value);
        self
    }

    /// Says what it is.
    pub fn description(self, description: impl Into<String>) -> Self {
        self.with("Description", description.into())
    }

    /// The value that is taken when none is given.
    pub fn default_value(self, value: impl Into<Node>) -> Self {
        self.with("Default", value)
    }

    /// The only values that are accepted.
    pub fn allowed_values<V: Into<Node>>(self, values: impl IntoIterator<Item = V>) -> Self {
        let values: Vec<Node> = values.into_iter().map(Into::into).collect();
        self.with("AllowedValues", values)
    }

    /// The regular expression that values match.
    pub fn allowed_pattern(self, pattern: impl Into<String>) -> Self {
        self.with("AllowedPattern", pattern.into())
    }

    /// What CloudFormation says about a value that is not accepted.
    pub fn constraint_description(self, description: impl Into<String>) -> Self {
        self.with("ConstraintDescription", description.into())
    }

    /// The least and the greatest number of characters.
    pub fn length(self, minimum: u32, maximum: u32) -> Self {
        self.with("MinLength", minimum).with("MaxLength", maximum)
    }

    /// The smallest and the greatest number.
    pub fn range(self, minimum: impl Into<Node>, maximum: impl Into<Node>) -> Self {
        self.with("MinValue", minimum).with("MaxValue", maximum)
    }

    /// Hides the value wherever CloudFormation would show it.
    pub fn no_echo(self) -> Self {
        self.with("NoEcho", true)
    }

    pub(super) fn into_node(self) -> Node {
        Node::Object(self.settings)
    }
}

impl Parameter<String> {
    /// A parameter whose value is the name of a Systems Manager parameter, which CloudFormation reads.
    pub fn from_parameter_store() -> Self {
        Self::of_type("AWS::SSM::Parameter::Value<String>")
    }
}

impl<T: ParameterKind> Default for Parameter<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> ParameterRef<T> {
    pub(super) fn new(name: LogicalId) -> Self {
        Self {
            name,
            of: PhantomData,
        }
    }

    /// The parameter's name.
    pub fn name(&self) -> &str {
        self.name.as_str()
    }

    /// The parameter's value.
    pub fn value(&self) -> Value<T> {
        typed_reference(&self.name)
    }
}

#[diagnostic::do_not_recommend]
impl<T> IntoValue<T> for &ParameterRef<T> {
    fn into_value(self) -> Value<T> {
        self.value()
    }
}
