//! The names that resources will have, as far as a template says.
//!
//! A name is a text for `Fn::Sub` in the template of the roles: [`STACK`] stands for the name of the stack that is deployed, `*`
//! for what only the deployment knows.

use std::collections::BTreeMap;

use asl::template::call;
use serde_json::Value;

use crate::owners::{self, Name};
use crate::property;

/// The deployed stack's name.
pub const STACK: &str = "${StackName}";

/// The deployed stack's name with `_` for `-`, as Glue wants it.
pub(crate) const SNAKE_STACK: &str = "${SnakeStackName}";

/// References that go in a circle have no name.
const DEEPEST: usize = 8;

/// The names in one template.
#[derive(Clone, Copy)]
pub(crate) struct Names<'a> {
    resources: &'a Value,
    known: &'a BTreeMap<String, String>,
}

impl<'a> Names<'a> {
    pub(crate) fn new(template: &'a Value, known: &'a BTreeMap<String, String>) -> Self {
        Self {
            resources: &template["Resources"],
            known,
        }
    }

    pub(crate) fn resource(&self, logical_id: &str) -> Option<&'a Value> {
        self.resources.get(logical_id)
    }

    /// What a resource acts on, by name: its own name, or that of what it belongs to.
    pub(crate) fn of(&self, logical_id: &str) -> Vec<String> {
        self.of_resource(logical_id, DEEPEST)
    }

    /// The resources that a value names.
    pub(crate) fn named(&self, value: &Value) -> Vec<String> {
        self.named_by(value, DEEPEST)
    }

    /// The roles or managed policies that a value names, as their ARNs have them: each after its path.
    pub(crate) fn with_paths(&self, value: &Value) -> Vec<String> {
        if let Value::Array(items) = value {
            return items
                .iter()
                .flat_map(|item| self.with_paths(item))
                .collect();
        }
        match property::reference(value) {
            Some((name, _)) if self.resource(name).is_some() => self.of_identity(name),
            _ => self.named(value),
        }
    }

    /// The name of a role or managed policy of the template, after its path.
    pub(crate) fn of_identity(&self, logical_id: &str) -> Vec<String> {
        let resource = self.resource(logical_id);
        let path = resource.and_then(|resource| resource.pointer("/Properties/Path"));
        let path = path.map_or_else(String::new, |path| self.path(path));
        let names = self.of(logical_id).into_iter();
        names.map(|name| format!("{path}{name}")).collect()
    }

    /// What an ARN has before a name with a path: the path without the slash at its beginning.
    pub(crate) fn path(&self, path: &Value) -> String {
        let path = self.named(path).swap_remove(0);
        path.strip_prefix('/').unwrap_or(&path).to_owned()
    }

    fn of_resource(&self, logical_id: &str, depth: usize) -> Vec<String> {
        let anything = || vec!["*".to_owned()];
        let Some(resource) = self.resource(logical_id).filter(|_| depth > 0) else {
            return anything();
        };
        let owner = resource["Type"].as_str().and_then(owners::find);
        let set = |path| property::at(&resource["Properties"], path);
        match owner.map(|owner| owner.name) {
            None | Some(Name::Unknown) => anything(),
            Some(Name::Property(path)) => {
                set(path).map_or_else(anything, |value| self.named_by(value, depth - 1))
            }
            Some(Name::Generated(path, _)) => set(path).map_or_else(
                || vec![made_up(&resource["Type"], logical_id)],
                |value| self.named_by(value, depth - 1),
            ),
        }
    }

    fn named_by(&self, value: &Value, depth: usize) -> Vec<String> {
        if let Value::Array(items) = value {
            return items
                .iter()
                .flat_map(|item| self.named_by(item, depth))
                .collect();
        }
        // Whatever a reference yields, an id, an ARN or an address: it is that resource.
        if let Some((name, _)) = property::reference(value)
            && self.resource(name).is_some()
        {
            return self.of_resource(name, depth);
        }
        let text = self.text(value, depth);
        let is_no_name = text.starts_with("arn:") || text.contains("://");
        vec![if is_no_name { "*".to_owned() } else { text }]
    }

    /// A text, with `*` for what is not known.
    pub(crate) fn text_of(&self, value: &Value) -> String {
        self.text(value, DEEPEST)
    }

    /// The bucket of a location, `s3://bucket/key`.
    pub(crate) fn bucket(&self, location: &Value) -> String {
        let text = self.text(location, DEEPEST);
        let bucket = text
            .strip_prefix("s3://")
            .and_then(|rest| rest.split('/').next());
        bucket.unwrap_or("*").to_owned()
    }

    fn text(&self, value: &Value, depth: usize) -> String {
        if let Value::String(text) = value {
            return text.replace("${", "${!");
        }
        let text = match call(value) {
            Some(("Ref", Value::String(name))) => self.variable(name, depth),
            Some(("Fn::Sub", Value::String(text))) => self.substituted(text, None, depth),
            Some(("Fn::Sub", argument)) => {
                let text = argument[0].as_str().unwrap_or("*");
                self.substituted(text, argument.get(1), depth)
            }
            Some(("Fn::Join", argument)) => self.joined(argument, depth),
            _ => "*".to_owned(),
        };
        text.replace("**", "*")
    }

    /// What `${name}` in a text stands for.
    fn variable(&self, name: &str, depth: usize) -> String {
        match name {
            "AWS::StackName" => STACK.to_owned(),
            "AWS::AccountId" | "AWS::Region" | "AWS::Partition" => format!("${{{name}}}"),
            _ => match self.known.get(name) {
                Some(text) => text.clone(),
                None if self.resource(name).is_some() && depth > 0 => {
                    self.of_resource(name, depth - 1).swap_remove(0)
                }
                None => "*".to_owned(),
            },
        }
    }

    fn substituted(&self, text: &str, variables: Option<&Value>, depth: usize) -> String {
        let mut result = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            result.push_str(before);
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            let given = variables.and_then(|variables| variables.get(name));
            let value = match given {
                _ if name.starts_with('!') => format!("${{{name}}}"),
                Some(value) if depth > 0 => self.text(value, depth - 1),
                Some(_) => "*".to_owned(),
                None => self.variable(name, depth),
            };
            result.push_str(&value);
            rest = after;
        }
        result + rest
    }

    fn joined(&self, argument: &Value, depth: usize) -> String {
        let delimiter = argument[0].as_str().unwrap_or("*");
        match &argument[1] {
            Value::Array(parts) if depth > 0 => {
                let parts: Vec<_> = parts
                    .iter()
                    .map(|part| self.text(part, depth - 1))
                    .collect();
                parts.join(delimiter)
            }
            parts if delimiter == "_" && is_split_stack_name(parts) => SNAKE_STACK.to_owned(),
            _ => "*".to_owned(),
        }
    }
}

/// Whether a text says that it is about the stack before it leaves anything open.
pub(crate) fn is_bounded(text: &str) -> bool {
    let is_about_stack = |before: &str| before.contains(STACK) || before.contains(SNAKE_STACK);
    text.split_once('*')
        .is_none_or(|(before, _)| is_about_stack(before))
}

fn is_split_stack_name(parts: &Value) -> bool {
    *parts == serde_json::json!({"Fn::Split": ["-", {"Ref": "AWS::StackName"}]})
}

/// A name that CloudFormation makes up. A bucket's is in lower case, as is the name of a stack with buckets.
fn made_up(resource_type: &Value, logical_id: &str) -> String {
    let logical_id = if resource_type == "AWS::S3::Bucket" {
        logical_id.to_ascii_lowercase()
    } else {
        logical_id.to_owned()
    };
    format!("{STACK}-{logical_id}-*")
}
