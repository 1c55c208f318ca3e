//! The table of all public types is whole, and says of our types what their files say.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::collections::{BTreeMap, BTreeSet};

use spec::{Lifecycle, Lifecycles, ResourceType, Specification};

/// Our types: their files and their lifecycles.
fn ours() -> impl Iterator<Item = (&'static ResourceType, Lifecycle)> {
    let specification = Specification::embedded();
    specification.names().map(|name| {
        let resource_type = specification.resource_type(name).unwrap().unwrap();
        (resource_type, Lifecycles::embedded().of(name).unwrap())
    })
}

#[test]
fn every_line_is_found_and_read() {
    let names: Vec<&str> = Lifecycles::embedded().names().collect();
    assert!(names.len() > 1_500, "{}", names.len());
    assert!(names.is_sorted_by(|one, next| one < next));
    for name in names {
        assert_eq!(Lifecycles::embedded().of(name).unwrap().resource_type, name);
    }
}

#[test]
fn unknown_types_are_absent() {
    let unknown = [
        "",
        "AWS",
        "AWS::S3::Bucke",
        "AWS::S3::Buckets",
        "aws::s3::bucket",
        "Custom::Bucket",
        "A",
        "ZZZ",
    ];
    for name in unknown {
        assert_eq!(Lifecycles::embedded().of(name), None, "{name}");
    }
}

#[test]
fn our_types_agree_with_their_files() {
    for (file, line) in ours() {
        let marks = file.root.properties.iter().filter_map(|(name, property)| {
            let security = property.security.clone()?;
            Some((name.clone(), security))
        });
        assert_eq!(line.security_properties, marks.collect::<BTreeMap<_, _>>());
        assert_eq!(line.security, file.security, "{}", file.name);
        assert_eq!(line.create_only, file.create_only, "{}", file.name);
        assert_eq!(
            line.conditional_create_only, file.conditional_create_only,
            "{}",
            file.name
        );
        assert_eq!(line.primary_identifier, file.primary_identifier);
        assert_eq!(line.replacement_strategy, file.replacement_strategy);
        assert!(line.is_stateful() || !file.stateful, "{}", file.name);
    }
}

#[test]
fn no_nested_property_of_our_types_is_marked() {
    for (file, _) in ours() {
        let mut nested = file.definitions.values();
        let unmarked = nested.all(|object| {
            object
                .properties
                .values()
                .all(|property| property.security.is_none())
        });
        assert!(
            unmarked,
            "{}: give `Lifecycle` paths instead of names",
            file.name
        );
    }
}

#[test]
fn every_stateful_type_says_what_is_lost() {
    let listed: BTreeSet<&str> = include_str!("../stateful.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    let stateful: BTreeSet<&str> = Lifecycles::embedded()
        .names()
        .filter(|name| Lifecycles::embedded().of(name).unwrap().is_stateful())
        .collect();
    assert_eq!(stateful, listed);
}

#[test]
fn what_the_schema_leaves_out_is_disputed() {
    let of = |name| Lifecycles::embedded().of(name).unwrap();
    let instance = of("AWS::RDS::DBInstance");
    assert!(instance.disputed_create_only.contains("Port"));
    for name in Lifecycles::embedded().names() {
        let line = of(name);
        assert!(
            line.disputed_create_only.is_disjoint(&line.create_only),
            "{name}"
        );
    }
}
