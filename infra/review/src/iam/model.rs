//! What a review says of permissions.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

/// What a change does to permissions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Something is allowed that was not; more may be forbidden at the same time.
    Widened,
    /// Neither is certain: something may be allowed that was not.
    NotComparable,
    /// Nothing is allowed that was not before.
    Narrowed,
    /// The same is allowed, written in another way.
    Equivalent,
}

/// Permissions of one principal that change: all those of a role, user or group, or those on one resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PermissionChange {
    /// Whose permissions: the logical id of a role, user or group, or the principal that a resource's policy names.
    pub principal: String,
    /// The resource whose policy it is; none where the principal's own policies change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
    /// What the change does to them.
    pub verdict: Verdict,
    /// The example that tells most.
    pub witness: Witness,
    /// Further examples: what else is allowed now, may be, or is not any more.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub further: Vec<Witness>,
}

/// An example of a change of permissions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Witness {
    /// One sentence.
    pub text: String,
    /// The resource of the template that says so.
    pub logical_id: String,
    /// Where in it, such as `Properties.PolicyDocument.Statement[0]`.
    pub path: String,
    /// A request that one of the templates allows and the other does not, where one was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<PermissionRequest>,
    /// How many actions that are known today the request shows it for, itself among them, where a wildcard stands for several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actions: Option<usize>,
    /// The wildcard by which it is also so of actions that AWS may add. Where there are no others, the request has one that is
    /// made up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub later: Option<String>,
}

/// One request, as IAM decides it. What only a deployment knows is written `${Name}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PermissionRequest {
    /// Who asks, where a policy of a resource decides; `example` is anybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub principal: Option<String>,
    /// The action.
    pub action: String,
    /// The resource.
    pub resource: String,
    /// The keys of its context; a key that is missing is absent. Conditions of the template are among them, by their names.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub context: BTreeMap<String, String>,
}

/// Something beside permissions that matters to security.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SecurityChange {
    /// The resource.
    pub logical_id: String,
    /// Where in it.
    pub path: String,
    /// [`Verdict::Widened`] where the change weakens, [`Verdict::Narrowed`] where it strengthens.
    pub verdict: Verdict,
    /// One sentence.
    pub explanation: String,
}
