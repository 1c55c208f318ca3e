//! The table of IAM actions, and what patterns find in it.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::collections::BTreeSet;
use std::sync::LazyLock;

use proptest::prelude::*;
use spec::{Access, Action, Actions, matches_wildcard};

static NAMES: LazyLock<Vec<String>> =
    LazyLock::new(|| all().map(|action| action.to_string()).collect());

fn all() -> impl Iterator<Item = Action> {
    Actions::embedded().matching("*")
}

/// The definition of a match, without a thought of speed.
fn naive(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern, text) {
        ([], []) => true,
        ([b'*', rest @ ..], _) => {
            naive(rest, text) || (!text.is_empty() && naive(pattern, &text[1..]))
        }
        ([b'?', rest @ ..], [_, text @ ..]) => naive(rest, text),
        ([wanted, rest @ ..], [found, text @ ..]) => {
            wanted.eq_ignore_ascii_case(found) && naive(rest, text)
        }
        _ => false,
    }
}

/// An action with some of its characters replaced by wildcards, in any case.
fn pattern() -> impl Strategy<Value = String> {
    let index = 0..NAMES.len();
    (index, any::<bool>(), 0usize..30, 0usize..30, 0usize..30).prop_map(
        move |(index, upper, question, start, length)| {
            let name = &NAMES[index];
            let mut characters: Vec<char> = name.chars().collect();
            if let Some(character) = characters.get_mut(question).filter(|each| **each != ':') {
                *character = '?';
            }
            let colon = name.find(':').unwrap();
            let from = (colon + 1 + start).min(characters.len());
            let to = (from + length).min(characters.len());
            characters.splice(from..to, ['*']);
            let pattern: String = characters.into_iter().collect();
            if upper {
                pattern.to_uppercase()
            } else {
                pattern
            }
        },
    )
}

proptest! {
    #[test]
    fn wildcards_match_as_defined(pattern in "[abA*?]{0,8}", text in "[abBc]{0,10}") {
        prop_assert_eq!(matches_wildcard(&pattern, &text), naive(pattern.as_bytes(), text.as_bytes()));
    }

    #[test]
    fn patterns_find_what_the_naive_matcher_finds(pattern in pattern()) {
        let found: Vec<String> = Actions::embedded().matching(&pattern).map(|action| action.to_string()).collect();
        let expected = NAMES.iter().filter(|name| naive(pattern.as_bytes(), name.as_bytes()));
        prop_assert!(!found.is_empty());
        prop_assert!(expected.eq(&found));
    }
}

#[test]
fn a_question_mark_is_one_character_of_any_length() {
    assert!(matches_wildcard("caf?", "café"));
    assert!(!matches_wildcard("caf??", "café"));
}

#[test]
fn every_line_has_the_form() {
    let mut last = ("", "");
    for line in include_str!("../actions.txt").lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let [service, level, names @ ..] = words.as_slice() else {
            panic!("{line}");
        };
        assert!(last < (service, level), "{line}");
        assert!(
            !names.is_empty() && names.is_sorted_by(|one, next| one < next),
            "{line}"
        );
        assert_eq!(service.to_lowercase(), *service);
        let known = ["List", "PermissionsManagement", "Read", "Tagging", "Write"];
        assert!(known.contains(level), "{line}");
        last = (service, level);
    }
}

#[test]
fn every_action_is_found_by_its_name() {
    let services: BTreeSet<&str> = Actions::embedded().services().collect();
    assert!(services.len() > 400, "{}", services.len());
    assert!(all().count() > 20_000);
    for action in all() {
        assert!(services.contains(action.service));
        assert_eq!(Actions::embedded().get(&action.to_string()), Some(action));
    }
    let lower = Actions::embedded().get("S3:getobject").unwrap();
    assert_eq!(
        (lower.to_string().as_str(), lower.access),
        ("s3:GetObject", Access::Read)
    );
}

#[test]
fn a_service_is_its_own_wildcard() {
    for service in Actions::embedded().services() {
        let pattern = format!("{}:*", service.to_uppercase());
        assert!(
            Actions::embedded()
                .matching(&pattern)
                .eq(Actions::embedded().of(service))
        );
    }
    assert!(Actions::embedded().matching("*:*").eq(all()));
    assert!(
        Actions::embedded()
            .matching("s?:*Queue")
            .all(|action| action.service.len() == 2)
    );
}

#[test]
fn unknown_names_find_nothing() {
    for pattern in [
        "",
        ":",
        "s3",
        "s3*",
        "s3:",
        "s3:getobjectx",
        "nothing:*",
        "s3:Nothing*",
        "zzz:Get",
    ] {
        assert_eq!(
            Actions::embedded().matching(pattern).next(),
            None,
            "{pattern}"
        );
        assert_eq!(Actions::embedded().get(pattern), None, "{pattern}");
    }
    assert_eq!(Actions::embedded().of("s4").next(), None);
}

#[test]
fn access_levels_are_known() {
    let access = |name| Actions::embedded().get(name).unwrap().access;
    assert_eq!(access("s3:ListBucket"), Access::List);
    assert_eq!(access("s3:PutObject"), Access::Write);
    assert_eq!(access("s3:PutBucketPolicy"), Access::PermissionsManagement);
    assert_eq!(access("iam:TagRole"), Access::Tagging);
}
