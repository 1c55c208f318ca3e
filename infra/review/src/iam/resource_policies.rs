//! Policies of resources: who may do what to them.

use std::collections::BTreeMap;

use spec::{Shape, Specification};

use super::alternatives::{Guards, items};
use super::collect::Known;
use super::holder::{self, Granted, Holder};
use super::statement::{add_document, add_one};
use crate::meaning::Meaning;
use crate::template::Template;

/// Policies that are resources of their own: what they protect, and how the policy's property is called.
const OF_OTHERS: [(&str, &str); 13] = [
    ("AWS::Events::EventBusPolicy", "EventBusName"),
    ("AWS::Kinesis::ResourcePolicy", "ResourceArn"),
    ("AWS::S3::BucketPolicy", "Bucket"),
    ("AWS::S3Express::BucketPolicy", "Bucket"),
    ("AWS::S3Tables::TableBucketPolicy", "TableBucketARN"),
    ("AWS::S3Vectors::VectorBucketPolicy", "VectorBucketArn"),
    ("AWS::SNS::TopicInlinePolicy", "TopicArn"),
    ("AWS::SNS::TopicPolicy", "Topics"),
    ("AWS::SQS::QueueInlinePolicy", "Queue"),
    ("AWS::SQS::QueuePolicy", "Queues"),
    ("AWS::SecretsManager::ResourcePolicy", "SecretId"),
    ("AWS::VpcLattice::AuthPolicy", "ResourceIdentifier"),
    ("AWS::VpcLattice::ResourcePolicy", "ResourceArn"),
];

/// Properties of a Lambda permission that are conditions.
const LAMBDA_CONDITIONS: [(&str, &str, &str); 6] = [
    ("SourceArn", "ArnLike", "AWS:SourceArn"),
    ("SourceAccount", "StringEquals", "AWS:SourceAccount"),
    ("PrincipalOrgID", "StringEquals", "aws:PrincipalOrgID"),
    (
        "FunctionUrlAuthType",
        "StringEquals",
        "lambda:FunctionUrlAuthType",
    ),
    (
        "EventSourceToken",
        "StringEquals",
        "lambda:EventSourceToken",
    ),
    (
        "InvokedViaFunctionUrl",
        "Bool",
        "lambda:InvokedViaFunctionUrl",
    ),
];

/// Adds what the policies in a resource grant.
pub(super) fn add(resource: &Known<'_>, template: &Template<'_>, granted: &mut Granted) {
    match resource.kind {
        "AWS::Lambda::Permission" | "AWS::Lambda::LayerVersionPermission" => {
            add_statement(resource, &lambda_statement(resource), granted);
        }
        "AWS::Events::EventBusPolicy" => {
            let statement = match resource.property("Statement") {
                Meaning::Absent => event_bus_statement(resource),
                statement => with_effect(statement.clone()),
            };
            add_statement(resource, &statement, granted);
        }
        _ => add_documents(resource, template, granted),
    }
}

/// The resources that the policies in a resource protect, each under its conditions.
fn protected(resource: &Known<'_>) -> Vec<(Guards, Holder)> {
    let target = match resource.kind {
        "AWS::Lambda::Permission" => Some("FunctionName"),
        "AWS::Lambda::LayerVersionPermission" => Some("LayerVersionArn"),
        kind => (OF_OTHERS.iter()).find_map(|(of, target)| (*of == kind).then_some(*target)),
    };
    let guards = resource.place("").guards;
    let targets = target
        .map(|target| items(resource.property(target), &guards))
        .unwrap_or_default();
    if targets.is_empty() {
        return vec![(guards, Holder::Resource(resource.id.clone()))];
    }
    let named = targets
        .into_iter()
        .map(|(guards, target)| (guards, Holder::Resource(holder::name(target))));
    named.collect()
}

/// Policy documents anywhere in a resource: where the specification says so, and whatever has the form of one.
fn add_documents(resource: &Known<'_>, template: &Template<'_>, granted: &mut Granted) {
    let specification = Specification::embedded()
        .resource_type(resource.kind)
        .ok()
        .flatten();
    let mut documents = Vec::new();
    for (name, value) in &resource.properties {
        let property = specification.and_then(|known| known.root.properties.get(name));
        if property.is_some_and(|property| property.shape == Shape::Policy) {
            documents.push((name.clone(), value));
            continue;
        }
        find(value, name, &mut documents);
    }
    if documents.is_empty() {
        return;
    }
    for (guards, holder) in protected(resource) {
        let grants = granted.entry(holder).or_default();
        for (path, document) in &documents {
            let mut place = resource.place(path);
            place.guards.extend(guards.iter().cloned());
            add_document(document, &place, template, grants);
        }
    }
}

fn find<'a>(value: &'a Meaning, path: &str, found: &mut Vec<(String, &'a Meaning)>) {
    match value {
        Meaning::Object(members) if is_document(members) => found.push((path.to_owned(), value)),
        Meaning::Object(members) => {
            for (key, inner) in members {
                find(inner, &format!("{path}.{key}"), found);
            }
        }
        Meaning::List(list) => {
            for (number, inner) in list.iter().enumerate() {
                find(inner, &format!("{path}[{number}]"), found);
            }
        }
        Meaning::Scalar(text) if text.starts_with('{') && text.contains("\"Effect\"") => {
            found.push((path.to_owned(), value));
        }
        Meaning::Choice(_, then, otherwise) => {
            let mut sides = Vec::new();
            find(then, path, &mut sides);
            find(otherwise, path, &mut sides);
            // The whole choice, so that its condition is not lost.
            if !sides.is_empty() {
                found.push((path.to_owned(), value));
            }
        }
        _ => {}
    }
}

fn is_document(members: &BTreeMap<String, Meaning>) -> bool {
    let has_effect = |statement: &Meaning| {
        let items = items(statement, &Guards::new());
        (items.iter())
            .any(|(_, item)| matches!(item, Meaning::Object(item) if item.contains_key("Effect")))
    };
    members.get("Statement").is_some_and(has_effect)
}

fn add_statement(resource: &Known<'_>, statement: &Meaning, granted: &mut Granted) {
    for (guards, holder) in protected(resource) {
        let mut place = resource.place("");
        "Properties".clone_into(&mut place.source.path);
        place.guards = guards;
        add_one(statement, &place, true, granted.entry(holder).or_default());
    }
}

fn scalar(text: &str) -> Meaning {
    Meaning::Scalar(text.to_owned())
}

fn object<const N: usize>(members: [(&str, Meaning); N]) -> Meaning {
    Meaning::Object(
        members
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect(),
    )
}

/// A statement without an effect allows.
fn with_effect(statement: Meaning) -> Meaning {
    match statement {
        Meaning::Object(mut members) => {
            members
                .entry("Effect".to_owned())
                .or_insert_with(|| scalar("Allow"));
            Meaning::Object(members)
        }
        other => other,
    }
}

fn lambda_statement(resource: &Known<'_>) -> Meaning {
    let principal = resource.property("Principal");
    let is_service = principal.to_string().contains(".amazonaws.com");
    let kind = if is_service { "Service" } else { "AWS" };
    let mut conditions: BTreeMap<String, Meaning> = BTreeMap::new();
    for (property, operator, key) in LAMBDA_CONDITIONS {
        let Some(value) = resource.properties.get(property) else {
            continue;
        };
        let keys = conditions
            .entry(operator.to_owned())
            .or_insert_with(|| object([]));
        if let Meaning::Object(keys) = keys {
            keys.insert(key.to_owned(), value.clone());
        }
    }
    object([
        ("Effect", scalar("Allow")),
        ("Principal", object([(kind, principal.clone())])),
        ("Action", resource.property("Action").clone()),
        ("Condition", Meaning::Object(conditions)),
    ])
}

fn event_bus_statement(resource: &Known<'_>) -> Meaning {
    let member = |name: &str| match resource.property("Condition") {
        Meaning::Object(members) => members.get(name).cloned(),
        _ => None,
    };
    let parts = [member("Type"), member("Key"), member("Value")];
    let condition = match (parts, resource.property("Condition")) {
        (
            [
                Some(Meaning::Scalar(operator)),
                Some(Meaning::Scalar(key)),
                Some(value),
            ],
            _,
        ) => object([(&operator, object([(&key, value)]))]),
        (_, Meaning::Absent) => object([]),
        (_, other) => other.clone(),
    };
    object([
        ("Effect", scalar("Allow")),
        (
            "Principal",
            object([("AWS", resource.property("Principal").clone())]),
        ),
        ("Action", resource.property("Action").clone()),
        ("Condition", condition),
    ])
}
