//! A small evaluation of policies, which knows nothing of how they were made.
#![expect(
    clippy::unwrap_used,
    reason = "a failed unwrap is a failed test, and helpers are not marked as tests"
)]

use std::collections::BTreeSet;

use serde_json::Value;

/// A template with the values of a deployment for its parameters, in an account and Region. What it cannot tell stays.
pub(crate) fn resolved(template: &Value, stack: &str) -> Value {
    match template {
        Value::Array(items) => items.iter().map(|item| resolved(item, stack)).collect(),
        Value::Object(members) => {
            if let Some(text) = text(template, stack) {
                return text.into();
            }
            let members = members.iter();
            members
                .map(|(name, value)| (name.clone(), resolved(value, stack)))
                .collect()
        }
        other => other.clone(),
    }
}

fn text(value: &Value, stack: &str) -> Option<String> {
    let known = |name: &str| match name {
        "AWS::StackName" | "StackName" | "SnakeStackName" => Some(stack),
        "AWS::AccountId" => Some("111122223333"),
        "AWS::Region" => Some("eu-central-1"),
        "AWS::Partition" => Some("aws"),
        _ => None,
    };
    if let Some(name) = value["Ref"].as_str() {
        return known(name).map(str::to_owned);
    }
    if value["Fn::Join"][1]["Fn::Split"].is_array() {
        return Some(stack.replace('-', "_"));
    }
    let mut text = value["Fn::Sub"]
        .as_str()
        .or(value["Fn::Sub"][0].as_str())?
        .to_owned();
    for name in [
        "AWS::StackName",
        "StackName",
        "SnakeStackName",
        "AWS::AccountId",
        "AWS::Region",
        "AWS::Partition",
    ] {
        text = text.replace(&format!("${{{name}}}"), known(name)?);
    }
    (!text.contains("${")).then_some(text)
}

/// What AWS is asked.
pub(crate) struct Request<'a> {
    action: &'a str,
    resource: &'a str,
    context: Vec<(&'a str, &'a str)>,
}

impl<'a> Request<'a> {
    pub(crate) fn new(action: &'a str, resource: &'a str) -> Self {
        let context = Vec::new();
        Self {
            action,
            resource,
            context,
        }
    }

    pub(crate) fn with(mut self, key: &'a str, value: &'a str) -> Self {
        self.context.push((key, value));
        self
    }
}

/// The statements of a role.
pub(crate) struct Policy(Vec<Value>);

impl Policy {
    pub(crate) fn of<'a>(documents: impl IntoIterator<Item = &'a Value>) -> Self {
        let statements = documents
            .into_iter()
            .flat_map(|document| document["Statement"].as_array().unwrap());
        Self(statements.cloned().collect())
    }

    pub(crate) fn allows(&self, request: &Request<'_>) -> bool {
        self.0.iter().any(|statement| {
            assert_eq!(statement["Effect"], "Allow");
            let actions = texts(&statement["Action"]);
            actions
                .iter()
                .any(|action| matches(&action.to_lowercase(), &request.action.to_lowercase()))
                && texts(&statement["Resource"])
                    .iter()
                    .any(|resource| matches(resource, request.resource))
                && holds(&statement["Condition"], request)
        })
    }

    pub(crate) fn actions(&self) -> BTreeSet<&str> {
        self.0
            .iter()
            .flat_map(|statement| texts(&statement["Action"]))
            .collect()
    }

    /// The actions that are allowed on `*` without a condition.
    pub(crate) fn actions_on_everything(&self) -> Vec<&str> {
        let anywhere = self.0.iter().filter(|statement| {
            statement["Condition"].is_null() && texts(&statement["Resource"]) == ["*"]
        });
        anywhere
            .flat_map(|statement| texts(&statement["Action"]))
            .collect()
    }
}

fn texts(value: &Value) -> Vec<&str> {
    value
        .as_array()
        .map_or_else(|| vec![value], |items| items.iter().collect())
        .into_iter()
        .filter_map(Value::as_str)
        .collect()
}

fn holds(condition: &Value, request: &Request<'_>) -> bool {
    condition
        .as_object()
        .into_iter()
        .flatten()
        .all(|(operator, keys)| {
            keys.as_object().unwrap().iter().all(|(key, values)| {
                let given = request
                    .context
                    .iter()
                    .find(|(name, _)| name == key)
                    .map(|(_, value)| *value);
                let values = texts(values);
                match operator.as_str() {
                    "StringEquals" => values.iter().any(|value| Some(*value) == given),
                    "ArnLike" => {
                        given.is_some_and(|given| values.iter().any(|value| matches(value, given)))
                    }
                    other => panic!("teach {other} to this evaluation"),
                }
            })
        })
}

/// `*` is any text.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, rest)) => text.strip_prefix(start).is_some_and(|text| {
            let mut ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
            ends.any(|at| matches(rest, &text[at..]))
        }),
    }
}
