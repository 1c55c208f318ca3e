//! What replaces a resource of any public type, and what is lost with it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::lines::{first_line, skip_lines};

/// Every public resource type, one line of JSON each, sorted by type.
const TEXT: &str = include_str!("../lifecycles.jsonl");
/// What each line starts with.
const START: &str = "{\"type\":\"";

/// The lifecycles of all public resource types, those that no builder exists for included.
///
/// A look-up searches the embedded text and parses one line of it.
#[derive(Clone, Copy, Debug)]
pub struct Lifecycles(());

/// What a change, a replacement and a deletion of a resource mean.
///
/// Paths are written as in [`ResourceType`](crate::ResourceType): `Code.S3Key`, and `Listeners.*.Port` for items of a list.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lifecycle {
    /// The resource type, such as `AWS::RDS::DBInstance`.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// Dotted paths of properties whose change replaces the resource, by the type's schema.
    #[serde(default)]
    pub create_only: BTreeSet<String>,
    /// Dotted paths of properties whose change may replace the resource, by the type's schema.
    #[serde(default)]
    pub conditional_create_only: BTreeSet<String>,
    /// Properties whose change replaces or may replace the resource by the CDK's service specification, of which the schema
    /// says nothing. Some of it is right (`Port` of a database), some of it outdated: "may replace" is the safe reading.
    #[serde(default)]
    pub disputed_create_only: BTreeSet<String>,
    /// The properties which together identify the resource to AWS.
    #[serde(default)]
    pub primary_identifier: Vec<String>,
    /// What is lost when the resource is deleted or replaced, to follow "loses"; nothing when its template brings all of it
    /// back. From `stateful.txt`, which has at least the types that the sources call stateful.
    pub loss: Option<String>,
    /// Why a change of the type as a whole matters to security; the CDK's word, such as `LambdaPermission`.
    pub security: Option<String>,
    /// The same for single properties of the resource, such as `ManagedPolicies` for a role's `ManagedPolicyArns`.
    #[serde(default)]
    pub security_properties: BTreeMap<String, String>,
    /// The order of a replacement, where it is not the usual "create, then delete"; the schema's word.
    pub replacement_strategy: Option<String>,
}

impl Lifecycles {
    /// The lifecycles compiled into this crate.
    pub const fn embedded() -> Self {
        Self(())
    }

    /// The names of all types, sorted.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        TEXT.lines().map(name)
    }

    /// The lifecycle of a type, or nothing when no source knows it: a custom resource, a private type, a misspelling.
    pub fn of(self, resource_type: &str) -> Option<Lifecycle> {
        let line = first_line(skip_lines(TEXT, |line| name(line) < resource_type));
        (!line.is_empty() && name(line) == resource_type).then(|| parse(line))
    }
}

impl Lifecycle {
    /// Whether it holds something that its template cannot bring back.
    pub const fn is_stateful(&self) -> bool {
        self.loss.is_some()
    }
}

/// The type that a line is about.
fn name(line: &str) -> &str {
    let rest = line.strip_prefix(START).unwrap_or_default();
    rest.split('"').next().unwrap_or_default()
}

#[expect(clippy::expect_used, reason = "a test reads every line")]
fn parse(line: &str) -> Lifecycle {
    serde_json::from_str(line).expect("`refresh.py` writes lines of this form")
}
