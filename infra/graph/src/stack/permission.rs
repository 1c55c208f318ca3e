//! What a role allows.

use serde_json::Value;

use super::expression::{alternatives, at, holes, text};
use super::template::{Target, Template};

/// Properties that name the role of a resource.
const ROLES: &[&str] = &[
    "Role",
    "RoleArn",
    "TaskRoleArn",
    "ExecutionRoleArn",
    "AgentResourceRoleArn",
    "ServiceRole",
];

/// A statement with this condition allows what another statement allows already, through an inference profile: the model
/// behind the profile.
const BEHIND_A_PROFILE: &str = "bedrock:InferenceProfileArn";

/// One action on one resource.
#[derive(Debug)]
pub(super) struct Permission {
    pub(super) action: String,
    pub(super) resource: Value,
    /// The keys a `s3:ListBucket` is restricted to.
    pub(super) prefixes: Vec<String>,
}

/// Everything that the role of a resource allows.
pub(super) fn of(properties: &Value, template: &Template<'_>) -> Vec<Permission> {
    let mut statements = Vec::new();
    // Where roles and functions are one (SAM), the function has the policies.
    statements.extend(at(properties, "Policies/Statement"));
    for property in ROLES {
        for (_, value) in at(properties, property) {
            statements.extend(of_role(&text(value), template));
        }
    }
    statements
        .into_iter()
        .flat_map(|(_, statement)| allowed(statement))
        .collect()
}

/// The statements of a role, by the text of its reference.
fn of_role<'a>(reference: &str, template: &Template<'a>) -> Vec<(&'a Value, &'a Value)> {
    let is_role = |text: &str| holes(text).next() == holes(reference).next();
    let Some(role) = holes(reference).find_map(|name| template.get(name)) else {
        return Vec::new();
    };
    let mut statements = at(role.properties, "Policies/PolicyDocument/Statement");
    let managed: Vec<String> = at(role.properties, "ManagedPolicyArns")
        .iter()
        .map(|(_, arn)| text(arn))
        .collect();
    for policy in &template.resources {
        if !matches!(
            policy.type_name,
            "AWS::IAM::Policy" | "AWS::IAM::ManagedPolicy" | "AWS::IAM::RolePolicy"
        ) {
            continue;
        }
        let names_role = ["Roles", "RoleName"]
            .iter()
            .flat_map(|path| at(policy.properties, path))
            .any(|(_, name)| is_role(&text(name)));
        let is_named = managed
            .iter()
            .any(|arn| holes(arn).next() == Some(policy.id));
        if names_role || is_named {
            statements.extend(at(policy.properties, "PolicyDocument/Statement"));
        }
    }
    statements
}

/// Every action of a statement on every resource of it. A statement that denies is no arrow.
fn allowed(statement: &Value) -> Vec<Permission> {
    let keys = statement["Condition"]
        .as_object()
        .into_iter()
        .flat_map(|operators| operators.values());
    let keys: Vec<&str> = keys
        .filter_map(Value::as_object)
        .flat_map(|keys| keys.keys().map(String::as_str))
        .collect();
    if statement["Effect"] != "Allow" || keys.contains(&BEHIND_A_PROFILE) {
        return Vec::new();
    }
    let prefixes: Vec<String> = at(statement, "Condition/*/s3:prefix")
        .iter()
        .map(|(_, prefix)| text(prefix).trim_end_matches('*').to_owned())
        .collect();
    // What is not excluded cannot be listed: the statement allows everything but that.
    let everything = Value::from("*");
    let actions = statement.get("Action").unwrap_or(&everything);
    let resources = statement.get("Resource").unwrap_or(&everything);
    let of_action = |action: &Value| {
        alternatives(resources)
            .into_iter()
            .map(|resource| Permission {
                action: text(action),
                resource: resource.clone(),
                prefixes: prefixes.clone(),
            })
            .collect::<Vec<_>>()
    };
    alternatives(actions)
        .into_iter()
        .flat_map(of_action)
        .collect()
}

impl Permission {
    /// What it is about, below the resource: folders of a bucket, the index of a table.
    ///
    /// None when it allows nothing: an action on objects that is given for a bucket, or the other way round.
    pub(super) fn objects(&self, target: &Target) -> Option<Vec<String>> {
        let Target::Node { rest, .. } = target else {
            return Some(vec![String::new()]);
        };
        let operation = self
            .action
            .split_once(':')
            .filter(|(service, _)| *service == "s3")
            .map(|(_, operation)| operation);
        if let Some(operation) = operation {
            let of_bucket = operation.contains("Bucket");
            let of_objects = operation.contains("Object");
            if of_objects && rest.is_empty() || of_bucket && rest.starts_with('/') {
                return None;
            }
            if of_bucket && !self.prefixes.is_empty() {
                return Some(self.prefixes.clone());
            }
        }
        let below = rest.trim_start_matches(['/', ':']).trim_end_matches('*');
        Some(vec![below.to_owned()])
    }
}
