//! S3 checks, when it creates a bucket, that it may notify whom the bucket names. So the permission must be there before.

use serde_json::Value;

use crate::code;
use crate::expression::{each_item, referent};
use crate::findings::Findings;
use crate::path::Path;
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

pub(crate) fn check(template: &Template<'_>, findings: &mut Findings) {
    for bucket in template.of_type("AWS::S3::Bucket") {
        let Some(configuration) = bucket.property("NotificationConfiguration") else {
            continue;
        };
        let resource = Path::Resource(bucket.id);
        let properties = resource.key("Properties");
        let path = properties.key("NotificationConfiguration");
        for destination in &DESTINATIONS {
            if let Some(list) = configuration.get(destination.list) {
                each_item(list, path.key(destination.list), &mut |entry, path| {
                    check_entry(entry, destination, bucket, template, path, findings);
                });
            }
        }
    }
}

fn check_entry<'a>(
    entry: &'a Value,
    destination: &Destination,
    bucket: &Resource<'a>,
    template: &Template<'a>,
    path: Path<'_>,
    findings: &mut Findings,
) {
    let named = entry.get(destination.property);
    let Some(target) = named.and_then(|value| template.resolve(value, destination.kind)) else {
        return;
    };
    let permissions = permissions(destination, target.id, template);
    let path = path.key(destination.property);
    let kinds: Vec<_> = destination
        .permissions
        .iter()
        .map(|(kind, _)| *kind)
        .collect();
    if permissions.is_empty() {
        findings.error(
            code::NOTIFICATION_PERMISSION,
            path,
            format!(
                "nothing lets S3 reach `{}`; it refuses to create the bucket",
                target.id
            ),
            format!(
                "add an {} for it, and let the bucket depend on it",
                kinds.join(" or ")
            ),
        );
        return;
    }
    let is_ready = |permission: &&str| reaches(bucket, permission, template);
    if !permissions.iter().any(is_ready) {
        findings.error(
            code::NOTIFICATION_ORDER,
            path,
            format!("the bucket may be created before `{}`, which lets S3 reach `{}`", permissions[0], target.id),
            format!("add `{}` to the bucket's `DependsOn`, and name the bucket there without a reference", permissions[0]),
        );
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
    permission
        .property("Principal")
        .is_none_or(|principal| principal == "s3.amazonaws.com")
}

/// Directly by `DependsOn`, or through another resource that the bucket waits for.
fn reaches(bucket: &Resource<'_>, permission: &str, template: &Template<'_>) -> bool {
    let mut seen = vec![bucket.id];
    let mut pending: Vec<_> = bucket.depends_on().collect();
    while let Some(id) = pending.pop() {
        if id == permission {
            return true;
        }
        if seen.contains(&id) {
            continue;
        }
        seen.push(id);
        pending.extend(
            template
                .resources
                .get(id)
                .into_iter()
                .flat_map(Resource::depends_on),
        );
    }
    false
}
