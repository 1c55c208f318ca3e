//! What can be added to a template, and what comes back.

use std::borrow::Cow;

use crate::intrinsics::{get_attribute, typed_reference};
use crate::node::Object;
use crate::tag::Tagging;
use crate::template::LogicalId;
use crate::value::{Expression, Value};

/// A resource with all its required properties.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a resource with all its required properties",
    label = "cannot be added to a template",
    note = "nested types are handed to a resource's setter; a type without a builder is added as a `RawResource`"
)]
pub trait Resource: Sized {
    /// The reference that the template hands back.
    type Handle: Handle;

    /// How the type takes tags, when it does.
    const TAGGING: Option<Tagging>;

    /// The CloudFormation type and the properties.
    fn into_parts(self) -> (Cow<'static, str>, Object);

    /// The builder of a resource that is in a template already.
    fn from_parts(resource_type: Cow<'static, str>, properties: Object) -> Self;
}

/// A reference to a resource of a template. Generated types add the attributes.
pub trait Handle: Clone {
    /// The complete builder of the resource.
    type Resource: Resource<Handle = Self>;

    /// The handle of the resource with that id. Templates call it; elsewhere it would name a resource that may not exist.
    fn from_logical_id(logical_id: LogicalId) -> Self;

    /// The resource's name in the template.
    fn logical_id(&self) -> &LogicalId;
}

/// A resource of any type, its properties unchecked: for types that `infra/spec/types.txt` does not list.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct RawResource {
    resource_type: Cow<'static, str>,
    properties: Object,
}

/// A reference to a [`RawResource`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawRef {
    logical_id: LogicalId,
}

impl RawResource {
    /// A resource of a type such as `AWS::EC2::Instance`, without properties yet.
    pub fn new(resource_type: impl Into<Cow<'static, str>>) -> Self {
        Self::from_parts(resource_type.into(), Object::new())
    }

    /// Sets a property.
    pub fn raw(
        mut self,
        property: impl Into<Cow<'static, str>>,
        value: impl Into<crate::Node>,
    ) -> Self {
        self.properties.set(property, value);
        self
    }
}

impl Resource for RawResource {
    type Handle = RawRef;

    const TAGGING: Option<Tagging> = None;

    fn into_parts(self) -> (Cow<'static, str>, Object) {
        (self.resource_type, self.properties)
    }

    fn from_parts(resource_type: Cow<'static, str>, properties: Object) -> Self {
        Self {
            resource_type,
            properties,
        }
    }
}

impl Handle for RawRef {
    type Resource = RawResource;

    fn from_logical_id(logical_id: LogicalId) -> Self {
        Self { logical_id }
    }

    fn logical_id(&self) -> &LogicalId {
        &self.logical_id
    }
}

impl RawRef {
    /// What `Ref` returns.
    pub fn reference(&self) -> Value<String> {
        typed_reference(&self.logical_id)
    }

    /// An attribute by its name.
    pub fn attribute(&self, name: &str) -> Expression {
        get_attribute(self.logical_id.as_str(), name)
    }
}
