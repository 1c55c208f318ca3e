//! A resource within a template.

use std::borrow::Cow;
use std::panic::Location;

use super::condition::Condition;
use super::logical_id::LogicalId;
use crate::node::{Node, Object};
use crate::resource::{Handle, Resource};
use crate::tag::{Tag, Tagging};

/// A resource of a template: its properties and what belongs to it beside them.
#[derive(Clone, Debug)]
pub struct ResourceEntry {
    logical_id: LogicalId,
    resource_type: Cow<'static, str>,
    properties: Object,
    tagging: Option<Tagging>,
    location: &'static Location<'static>,
    condition: Option<String>,
    depends_on: Vec<LogicalId>,
    deletion_policy: Option<DeletionPolicy>,
    update_replace_policy: Option<DeletionPolicy>,
    attributes: Object,
    metadata: Object,
}

/// What happens to a resource when it leaves the stack or is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeletionPolicy {
    /// It is deleted.
    Delete,
    /// It is kept.
    Retain,
    /// It is kept, except when the creation that made it is rolled back.
    RetainExceptOnCreate,
    /// A snapshot is taken before it is deleted, for the few types that can.
    Snapshot,
}

impl ResourceEntry {
    pub(super) fn new(
        logical_id: LogicalId,
        resource_type: Cow<'static, str>,
        properties: Object,
        tagging: Option<Tagging>,
        location: &'static Location<'static>,
    ) -> Self {
        Self {
            logical_id,
            resource_type,
            properties,
            tagging,
            location,
            condition: None,
            depends_on: Vec::new(),
            deletion_policy: None,
            update_replace_policy: None,
            attributes: Object::new(),
            metadata: Object::new(),
        }
    }

    /// The resource's name in the template.
    pub fn logical_id(&self) -> &LogicalId {
        &self.logical_id
    }

    /// The type, such as `AWS::S3::Bucket`.
    pub fn resource_type(&self) -> &str {
        &self.resource_type
    }

    /// The properties that are set, without the template's tags.
    pub fn properties(&self) -> &Object {
        &self.properties
    }

    /// The source line that added the resource.
    pub fn location(&self) -> &'static Location<'static> {
        self.location
    }

    /// Creates the resource after another one, where no reference says so already.
    pub fn depends_on<H: Handle>(&mut self, other: &H) -> &mut Self {
        if !self.depends_on.contains(other.logical_id()) {
            self.depends_on.push(other.logical_id().clone());
        }
        self
    }

    /// What happens to it when it leaves the stack.
    pub fn deletion_policy(&mut self, policy: DeletionPolicy) -> &mut Self {
        self.deletion_policy = Some(policy);
        self
    }

    /// What happens to the old one when it is replaced.
    pub fn update_replace_policy(&mut self, policy: DeletionPolicy) -> &mut Self {
        self.update_replace_policy = Some(policy);
        self
    }

    /// Creates it only when the condition holds.
    pub fn condition(&mut self, condition: &Condition) -> &mut Self {
        self.condition = Some(condition.name().to_owned());
        self
    }

    /// Sets a key of the resource's metadata.
    pub fn metadata(
        &mut self,
        key: impl Into<Cow<'static, str>>,
        value: impl Into<Node>,
    ) -> &mut Self {
        self.metadata.set(key, value);
        self
    }

    /// Sets another attribute of the resource, such as `UpdatePolicy`. Nothing checks it here.
    pub fn raw_attribute(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        value: impl Into<Node>,
    ) -> &mut Self {
        self.attributes.set(name, value);
        self
    }

    pub(super) fn update<R: Resource>(&mut self, change: impl FnOnce(R) -> R) {
        let properties = std::mem::take(&mut self.properties);
        let resource = R::from_parts(self.resource_type.clone(), properties);
        (self.resource_type, self.properties) = change(resource).into_parts();
    }

    /// The resource as it stands in the template; nothing when its tags cannot be merged with the template's.
    pub(super) fn render(&self, tags: &[Tag]) -> Option<Node> {
        let mut properties = self.properties.clone();
        if let Some(tagging) = self.tagging.filter(|_| !tags.is_empty())
            && !tagging.apply(&mut properties, tags)
        {
            return None;
        }
        let mut object = Object::new();
        object.set("Type", self.resource_type.clone());
        if let Some(condition) = &self.condition {
            object.set("Condition", condition.as_str());
        }
        if !self.depends_on.is_empty() {
            let names: Vec<&str> = self.depends_on.iter().map(LogicalId::as_str).collect();
            object.set("DependsOn", names);
        }
        let policies = [
            ("DeletionPolicy", self.deletion_policy),
            ("UpdateReplacePolicy", self.update_replace_policy),
        ];
        for (key, policy) in policies {
            if let Some(policy) = policy {
                object.set(key, policy.as_str());
            }
        }
        for (name, value) in self.attributes.iter() {
            object.set(name.to_owned(), value.clone());
        }
        if !self.metadata.is_empty() {
            object.set("Metadata", self.metadata.clone());
        }
        if !properties.is_empty() {
            object.set("Properties", properties);
        }
        Some(Node::Object(object))
    }
}

impl DeletionPolicy {
    /// The policy as templates write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Delete => "Delete",
            Self::Retain => "Retain",
            Self::RetainExceptOnCreate => "RetainExceptOnCreate",
            Self::Snapshot => "Snapshot",
        }
    }
}
