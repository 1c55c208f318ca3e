//! S3 checks, when it creates a bucket, that it may notify whom the bucket names. So the permission must be there before.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::code;
use crate::expression::{each_item, referent};
use crate::findings::Findings;
use crate::path::Path;
use crate::references::Edges;
use crate::template::{Resource, Template};

/// One kind of destination, and what lets S3 reach it.
struct Destination {
    list: &'static str,
    property: &'static str,
    kind: &'static str,
    /// Resource types that permit, each with the property that names the destination.
    permissions: &'static [(&'static str, &'static str)],
}

const DESTINATIONS: [Destination; 3] = [
    Destination {
        list: "LambdaConfigurations",
        property: "Function",
        kind: "AWS::Lambda::Function",
        permissions: &[("AWS::Lambda::Permission", "FunctionName")],
    },
    Destination {
        list: "QueueConfigurations",
        property: "Queue",
        kind: "AWS::SQS::Queue",
        permissions: &[
            ("AWS::SQS::QueuePolicy", "Queues"),
            ("AWS::SQS::QueueInlinePolicy", "Queue"),
        ],
    },
    Destination {
        list: "TopicConfigurations",
        property: "Topic",
        kind: "AWS::SNS::Topic",
        permissions: &[
            ("AWS::SNS::TopicPolicy", "Topics"),
            ("AWS::SNS::TopicInlinePolicy", "TopicArn"),
        ],
    },
];

pub(crate) fn check(template: &Template<'_>, edges: &Edges<'_>, findings: &mut Findings) {
    let mut rules = Rules {
        template,
        edges,
        findings,
    };
    for bucket in template.of_type("AWS::S3::Bucket") {
        if let Some(configuration) = bucket.property("NotificationConfiguration") {
            rules.bucket(bucket.id, configuration);
        }
    }
}

struct Rules<'r, 'a> {
    template: &'r Template<'a>,
    edges: &'r Edges<'a>,
    findings: &'r mut Findings,
}

impl<'a> Rules<'_, 'a> {
    fn bucket(&mut self, bucket: &str, configuration: &'a Value) {
        let resource = Path::Resource(bucket);
        let properties = resource.key("Properties");
        let path = properties.key("NotificationConfiguration");
        for destination in &DESTINATIONS {
            if let Some(list) = configuration.get(destination.list) {
                each_item(list, path.key(destination.list), &mut |entry, path| {
                    self.entry(bucket, destination, entry, path);
                });
            }
        }
    }

    fn entry(&mut self, bucket: &str, destination: &Destination, entry: &'a Value, path: Path<'_>) {
        let named = entry.get(destination.property);
        let target = named.and_then(|value| self.template.resolve(value, destination.kind));
        let Some(target) = target.map(|resource| resource.id) else {
            return;
        };
        let permissions = permissions(destination, target, self.template);
        let path = path.key(destination.property);
        let Some(first) = permissions.first() else {
            let kinds: Vec<_> = destination
                .permissions
                .iter()
                .map(|(kind, _)| *kind)
                .collect();
            let message =
                format!("nothing lets S3 reach `{target}`; it refuses to create the bucket");
            let help = format!(
                "add an {} for it, and let the bucket depend on it",
                kinds.join(" or ")
            );
            return self
                .findings
                .error(code::NOTIFICATION_PERMISSION, path, message, help);
        };
        if !permissions
            .iter()
            .any(|permission| waits_for(bucket, permission, self.edges))
        {
            let message = format!(
                "the bucket may be created before `{first}`, which lets S3 reach `{target}`"
            );
            let help = format!(
                "add `{first}` to the bucket's `DependsOn`, and name the bucket in `{first}` without a reference"
            );
            self.findings
                .error(code::NOTIFICATION_ORDER, path, message, help);
        }
    }
}

fn permissions<'a>(
    destination: &Destination,
    target: &str,
    template: &Template<'a>,
) -> Vec<&'a str> {
    let mut found = Vec::new();
    for (kind, property) in destination.permissions {
        for permission in template.of_type(kind) {
            let names_target = permission
                .property(property)
                .is_some_and(|value| names(value, target));
            if names_target && lets_s3(permission) {
                found.push(permission.id);
            }
        }
    }
    found
}

fn names(value: &Value, target: &str) -> bool {
    let mut found = false;
    each_item(value, Path::Template, &mut |item, _| {
        found |= referent(item).is_some_and(|referent| referent.id == target);
    });
    found
}

/// A permission has its principal in a property; whom a policy lets in is not looked into.
fn lets_s3(permission: &Resource<'_>) -> bool {
    let principal = permission.property("Principal").and_then(Value::as_str);
    principal.is_none_or(|principal| principal == "s3.amazonaws.com")
}

/// Whether the one is created after the other: by `DependsOn`, a reference, or several of them.
fn waits_for(bucket: &str, permission: &str, edges: &Edges<'_>) -> bool {
    let mut seen = BTreeSet::from([bucket]);
    let mut pending = vec![bucket];
    while let Some(id) = pending.pop() {
        let needed = edges
            .keys()
            .filter(|(from, _)| *from == id)
            .map(|(_, to)| *to);
        pending.extend(needed.filter(|to| seen.insert(to)));
    }
    seen.contains(permission)
}
