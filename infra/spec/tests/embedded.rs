//! The embedded files have the model's form and hang together.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::collections::BTreeSet;

use spec::{Object, ResourceType, Shape, Specification};

fn all() -> impl Iterator<Item = &'static ResourceType> {
    let specification = Specification::embedded();
    specification
        .names()
        .map(|name| specification.resource_type(name).unwrap().unwrap())
}

#[test]
fn embeds_exactly_the_listed_types() {
    let listed: BTreeSet<&str> = include_str!("../types.txt").lines().collect();
    let embedded: BTreeSet<&str> = Specification::embedded().names().collect();
    assert_eq!(embedded, listed);
    for resource_type in all() {
        assert!(
            listed.contains(resource_type.name.as_str()),
            "{}",
            resource_type.name
        );
    }
}

#[test]
fn an_unlisted_type_is_absent() {
    let found = Specification::embedded()
        .resource_type("AWS::EC2::Instance")
        .unwrap();
    assert!(found.is_none());
}

#[test]
fn every_name_used_in_a_shape_is_defined() {
    for resource_type in all() {
        for object in objects(resource_type) {
            for (name, property) in &object.properties {
                check(resource_type, name, &property.shape);
            }
        }
    }
}

#[test]
fn every_rule_names_properties_of_its_object() {
    for resource_type in all() {
        for object in objects(resource_type) {
            let lists = [
                &object.one_of,
                &object.any_of,
                &object.required_xor,
                &object.required_or,
            ];
            for name in lists.into_iter().flatten().flatten() {
                assert!(
                    object.properties.contains_key(name),
                    "{}: {name}",
                    resource_type.name
                );
            }
        }
    }
}

#[test]
fn facts_of_both_sources_are_joined() {
    let function = Specification::embedded()
        .resource_type("AWS::Lambda::Function")
        .unwrap()
        .unwrap();
    let role = &function.root.properties["Role"];
    assert!(role.required);
    let Shape::String(text) = &role.shape else {
        panic!("{role:?}");
    };
    let accepts: Vec<String> = text.accepts.iter().map(ToString::to_string).collect();
    assert_eq!(accepts, ["AWS::IAM::Role.Arn"]);
    assert!(function.create_only.contains("FunctionName"));
    assert!(function.permissions[&spec::Handler::Create].contains("iam:PassRole"));
    assert_eq!(function.tag_property.as_deref(), Some("Tags"));
    let stateful: Vec<&str> = all()
        .filter(|each| each.stateful)
        .map(|each| each.name.as_str())
        .collect();
    assert!(stateful.contains(&"AWS::S3::Bucket") && !stateful.contains(&"AWS::IAM::Role"));
}

#[test]
fn settable_properties_that_get_att_returns_are_attributes() {
    let attributes = |name: &str| {
        let resource_type = Specification::embedded().resource_type(name);
        resource_type.unwrap().unwrap().attributes.keys()
    };
    assert!(attributes("AWS::SQS::Queue").eq(["Arn", "QueueName", "QueueUrl"]));
    assert!(attributes("AWS::SSM::Parameter").eq(["Arn", "Type", "Value"]));
}

#[test]
fn numbers_of_which_only_some_are_allowed_are_listed() {
    let group = Specification::embedded().resource_type("AWS::Logs::LogGroup");
    let retention = &group.unwrap().unwrap().root.properties["RetentionInDays"];
    let Shape::Integer { allowed, .. } = &retention.shape else {
        panic!("{retention:?}");
    };
    assert_eq!((allowed.first(), allowed.last()), (Some(&1), Some(&3653)));
}

fn objects(resource_type: &ResourceType) -> impl Iterator<Item = &Object> {
    std::iter::once(&resource_type.root).chain(resource_type.definitions.values())
}

fn check(resource_type: &ResourceType, property: &str, shape: &Shape) {
    let context = || format!("{}: {property}", resource_type.name);
    match shape {
        Shape::Enum { name } => assert!(!resource_type.enums[name].is_empty(), "{}", context()),
        Shape::Object { definition } => assert!(
            resource_type.definitions.contains_key(definition),
            "{}",
            context()
        ),
        Shape::List { items, .. } => check(resource_type, property, items),
        Shape::Map { values, .. } => check(resource_type, property, values),
        _ => {}
    }
}
