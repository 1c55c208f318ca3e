//! What one file of `aws/` says about a resource type.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

/// A CloudFormation resource type.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ResourceType {
    /// Its name, such as `AWS::S3::Bucket`.
    #[serde(rename = "type")]
    pub name: String,
    /// One sentence on what it is.
    pub summary: Option<String>,
    /// The properties of the resource itself.
    pub root: Object,
    /// Nested objects by name.
    #[serde(default)]
    pub definitions: BTreeMap<String, Object>,
    /// The known values of each enumeration, in the order of the source.
    #[serde(default)]
    pub enums: BTreeMap<String, Vec<String>>,
    /// What `Fn::GetAtt` offers, by dotted name.
    #[serde(default)]
    pub attributes: BTreeMap<String, Attribute>,
    /// What `Ref` returns.
    #[serde(default)]
    pub reference: Reference,
    /// The properties which together identify the resource to AWS.
    #[serde(default)]
    pub primary_identifier: Vec<String>,
    /// Dotted paths of properties whose change replaces the resource.
    #[serde(default)]
    pub create_only: BTreeSet<String>,
    /// Dotted paths of properties whose change may replace the resource.
    #[serde(default)]
    pub conditional_create_only: BTreeSet<String>,
    /// Dotted paths of properties that AWS never shows again.
    #[serde(default)]
    pub write_only: BTreeSet<String>,
    /// Dotted paths of properties that should not be used any more.
    #[serde(default)]
    pub deprecated: BTreeSet<String>,
    /// The IAM actions which CloudFormation needs, by handler, and those for tags.
    #[serde(default)]
    pub permissions: BTreeMap<Handler, BTreeSet<String>>,
    /// Whether it holds data that is gone after a replacement.
    #[serde(default)]
    pub stateful: bool,
    /// Why a change of the type as a whole matters to security; the CDK's word, such as `LambdaPermission`.
    pub security: Option<String>,
    /// The order of a replacement, where it is not the usual "create, then delete".
    pub replacement_strategy: Option<String>,
    /// The property that holds the resource's tags, when it has one.
    pub tag_property: Option<String>,
}

/// A phase of a resource's life in which CloudFormation calls AWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Handler {
    /// Creation.
    Create,
    /// Reading back, for drift and `Fn::GetAtt`.
    Read,
    /// Update in place.
    Update,
    /// Deletion.
    Delete,
    /// Listing, for imports.
    List,
    /// Whatever is done about tags, in any of the phases; some handlers leave it out.
    Tagging,
}

/// The properties of a resource or of a nested object, and the rules between them.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Object {
    /// One sentence on what it is.
    pub summary: Option<String>,
    /// The properties by name.
    pub properties: BTreeMap<String, Property>,
    /// Alternatives of which exactly one must be set; each is a list of properties that go together.
    #[serde(default)]
    pub one_of: Vec<Vec<String>>,
    /// Alternatives of which at least one must be set; each is a list of properties that go together.
    #[serde(default)]
    pub any_of: Vec<Vec<String>>,
    /// Groups of properties of which exactly one must be set.
    #[serde(default)]
    pub required_xor: Vec<Vec<String>>,
    /// Groups of properties of which at least one must be set.
    #[serde(default)]
    pub required_or: Vec<Vec<String>>,
    /// Properties that must be set too when the key is set.
    #[serde(default)]
    pub dependent_required: BTreeMap<String, Vec<String>>,
    /// Properties that must not be set when the key is set.
    #[serde(default)]
    pub dependent_excluded: BTreeMap<String, Vec<String>>,
}

/// One property.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Property {
    /// Whether it must be set.
    #[serde(default)]
    pub required: bool,
    /// One sentence on what it is.
    pub summary: Option<String>,
    /// Why a change matters to security; the CDK's word, such as `InlineResourcePolicy`.
    pub security: Option<String>,
    /// The values it takes.
    #[serde(flatten)]
    pub shape: Shape,
}

/// The values that a property, a list item or a map value takes.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Shape {
    /// A text.
    String(Text),
    /// A whole number.
    Integer {
        /// The smallest value.
        minimum: Option<i64>,
        /// The greatest value.
        maximum: Option<i64>,
        /// The only values it takes; empty when it takes any within the bounds.
        #[serde(default)]
        allowed: Vec<i64>,
    },
    /// A number.
    Number {
        /// The smallest value.
        minimum: Option<f64>,
        /// The greatest value.
        maximum: Option<f64>,
    },
    /// True or false.
    Boolean,
    /// JSON of any form.
    Json,
    /// An IAM policy document.
    Policy,
    /// A tag: an object of `Key` and `Value`.
    Tag,
    /// One of the values of [`ResourceType::enums`].
    Enum {
        /// The key in [`ResourceType::enums`].
        name: String,
    },
    /// An object of [`ResourceType::definitions`].
    Object {
        /// The key in [`ResourceType::definitions`].
        definition: String,
    },
    /// A list.
    List {
        /// What its items are.
        items: Box<Self>,
        /// The least number of items.
        min_items: Option<u64>,
        /// The greatest number of items.
        max_items: Option<u64>,
        /// Whether items must differ from each other.
        #[serde(default)]
        unique: bool,
    },
    /// A map with free keys.
    Map {
        /// What its values are.
        values: Box<Self>,
        /// The regular expression that keys match (Python's flavour).
        key_pattern: Option<String>,
    },
}

/// What a text must look like.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
pub struct Text {
    /// The regular expression that it matches (Python's flavour).
    pub pattern: Option<String>,
    /// The least number of characters.
    pub min_length: Option<u64>,
    /// The greatest number of characters.
    pub max_length: Option<u64>,
    /// A named format of JSON Schema, such as `date-time` or `json`.
    pub format: Option<String>,
    /// The values of other resources that make sense here; empty when the sources name none.
    #[serde(default)]
    pub accepts: BTreeSet<Target>,
}

/// A value of a resource that another resource's property accepts, written `AWS::IAM::Role.Arn`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct Target {
    /// The resource type that has the value.
    pub resource: String,
    /// The attribute or identifying property. `Id` may also mean "what `Ref` returns".
    pub attribute: String,
}

impl TryFrom<String> for Target {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.split_once('.') {
            Some((resource, attribute)) => Ok(Self {
                resource: resource.to_owned(),
                attribute: attribute.to_owned(),
            }),
            None => Err(format!(
                "`{text}` is not of the form `AWS::Service::Resource.Attribute`"
            )),
        }
    }
}

impl From<Target> for String {
    fn from(target: Target) -> Self {
        target.to_string()
    }
}

impl fmt::Display for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.resource, self.attribute)
    }
}

/// A value that `Fn::GetAtt` returns.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Attribute {
    /// Its type.
    #[serde(flatten)]
    pub shape: Shape,
    /// Whether it is an ARN, and whose.
    pub arn: Option<ArnOwner>,
}

/// Whose ARN an attribute is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ArnOwner {
    /// The resource's own.
    Own,
    /// That of something else, such as a table's stream.
    Other,
}

/// What `Ref` returns.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// The property or attribute whose value it is; none when it is a composite.
    pub name: Option<String>,
    /// Whether it is the resource's ARN.
    #[serde(default)]
    pub arn: bool,
}
