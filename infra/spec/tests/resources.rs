//! The table of the resources that actions are about.

use std::collections::BTreeSet;

use spec::{Actions, Resources, Specification};

#[test]
fn every_line_has_the_form() {
    let text = include_str!("../resources.txt");
    assert!(text.lines().is_sorted());
    for line in text.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let [service, _, arn, names @ ..] = words.as_slice() else {
            panic!("{line}");
        };
        assert!(arn.starts_with("arn:${Partition}:"), "{line}");
        assert!(!names.is_empty(), "{line}");
        for name in names {
            let action = Actions::embedded().get(&format!("{service}:{name}"));
            assert!(action.is_some_and(|action| action.name == *name), "{line}");
        }
    }
}

/// The table is made for the handlers: what they name and the table lacks takes no resource.
#[test]
fn handlers_find_their_kinds() {
    let specification = Specification::embedded();
    let types = specification
        .names()
        .map(|name| specification.resource_type(name));
    let actions: BTreeSet<&String> = types
        .flat_map(|found| found.unwrap().unwrap().permissions.values().flatten())
        .collect();
    let about = |action: &str| -> Vec<&str> {
        Resources::embedded()
            .of(action)
            .map(|kind| kind.name)
            .collect()
    };
    assert!(
        actions
            .iter()
            .filter(|action| about(action).is_empty())
            .count()
            < actions.len() / 2
    );
    assert_eq!(about("S3:putobject"), ["accesspointobject", "object"]);
    assert_eq!(about("logs:DescribeLogGroups"), [""; 0]);
    assert_eq!(about("no:Action"), [""; 0]);
}
