//! Verdicts on replacement, for every property of every type that the specification knows.

use std::collections::BTreeSet;

use review::{Replacement, review};
use serde_json::{Value, json};
use spec::{Lifecycle, Lifecycles, Specification};

/// A value with `leaf` at a dotted path; `*` is the one item of a list.
fn value_at(path: &[&str], leaf: &str) -> Value {
    match path {
        [] => json!(leaf),
        ["*", rest @ ..] => json!([value_at(rest, leaf)]),
        [name, rest @ ..] => json!({*name: value_at(rest, leaf)}),
    }
}

fn template(kind: &str, path: &[&str], leaf: &str) -> Value {
    json!({"Resources": {"Thing": {"Type": kind, "Properties": value_at(path, leaf)}}})
}

fn verdict(kind: &str, path: &str) -> Replacement {
    let path: Vec<&str> = path.split('.').collect();
    let review = review(
        "one",
        &template(kind, &path, "old"),
        &template(kind, &path, "new"),
    );
    assert_eq!(review.changes.len(), 1, "{kind} {path:?}");
    review.changes[0].replacement
}

/// Whether one path leads to the other, or past it.
fn on_one_way(one: &str, other: &str) -> bool {
    one.split('.')
        .zip(other.split('.'))
        .all(|(one, other)| one == other)
}

fn expected(lifecycle: &Lifecycle, path: &str) -> Replacement {
    let has = |paths: &BTreeSet<String>| paths.iter().any(|known| on_one_way(known, path));
    if has(&lifecycle.create_only) {
        return Replacement::Will;
    }
    if has(&lifecycle.conditional_create_only) || has(&lifecycle.disputed_create_only) {
        return Replacement::May;
    }
    Replacement::None
}

#[test]
fn every_property_of_every_type_is_judged_as_the_specification_says() {
    let mut judged = [0, 0, 0];
    for kind in Lifecycles::embedded().names() {
        let lifecycle = Lifecycles::embedded().of(kind).unwrap();
        let named = [
            &lifecycle.create_only,
            &lifecycle.conditional_create_only,
            &lifecycle.disputed_create_only,
        ];
        let mut paths: BTreeSet<String> = named.into_iter().flatten().cloned().collect();
        if let Some(known) = Specification::embedded().resource_type(kind).unwrap() {
            paths.extend(known.root.properties.keys().cloned());
        }
        for path in &paths {
            let verdict = verdict(kind, path);
            assert_eq!(verdict, expected(&lifecycle, path), "{kind} {path}");
            judged[verdict as usize] += 1;
        }
    }
    let [none, may, will] = judged;
    assert!(none > 500 && may > 50 && will > 3_000, "{judged:?}");
}
