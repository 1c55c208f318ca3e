//! Every fixture is a template; what is found in it is a reviewed snapshot.

#![expect(clippy::unwrap_used, reason = "a helper of tests may panic")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;
use validate::{Coverage, SourceLine, Sources};

fn fixtures() -> Vec<(String, Value)> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut fixtures: Vec<_> = fs::read_dir(&directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let text = fs::read_to_string(&path).unwrap();
            (name, serde_json::from_str(&text).unwrap())
        })
        .collect();
    fixtures.sort_by(|(one, _), (other, _)| one.cmp(other));
    assert!(fixtures.len() > 15, "the fixtures are gone");
    fixtures
}

fn settings() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../snapshots/validate");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings
}

#[test]
fn findings_of_every_fixture() {
    settings().bind(|| {
        for (name, template) in fixtures() {
            let findings = validate::validate(&template, &Sources::new());
            if name.starts_with("clean") {
                assert_eq!(validate::render(&findings), "", "{name}");
            } else {
                insta::assert_snapshot!(name, validate::render(&findings));
            }
        }
    });
}

#[test]
fn every_code_has_a_fixture() {
    let found: BTreeSet<_> = fixtures()
        .iter()
        .flat_map(|(_, template)| validate::validate(template, &Sources::new()))
        .map(|finding| finding.code)
        .collect();
    // Limits need templates too big to be files; the specification's only deprecated properties are in a test below.
    let elsewhere = [validate::code::LIMIT, validate::code::DEPRECATED];
    let missing: Vec<_> = validate::code::ALL
        .iter()
        .map(|(code, _)| *code)
        .filter(|code| !found.contains(code) && !elsewhere.contains(code))
        .collect();
    assert_eq!(missing, Vec::<&str>::new());
}

#[test]
fn findings_name_the_line_of_rust() {
    let template = serde_json::json!({"Resources": {"Landing": {"Type": "AWS::S3::Bucket"}}});
    let line = SourceLine {
        file: "infra/app/src/stacks/vision.rs".to_owned(),
        line: 42,
    };
    let findings = validate::validate(&template, &Sources::from([("Landing".to_owned(), line)]));
    settings().bind(|| insta::assert_snapshot!("source-line", validate::render(&findings)));
}

#[test]
fn coverage_says_what_was_not_checked() {
    let template = serde_json::json!({"Resources": {
        "Migration": {"Type": "Custom::Migration", "Properties": {"A": 1}},
        "Rule": {"Type": "AWS::Events::Rule", "Properties": {
            "EventPattern": {"source": ["books"]}, "Name": {"Fn::Sub": "${AWS::StackName}-rule"}}},
    }});
    let report = validate::inspect(&template, &Sources::new());
    assert_eq!(report.findings, []);
    let Coverage {
        checked,
        deferred,
        not_checked,
    } = report.coverage;
    assert_eq!((checked, deferred), (1, 1));
    let not_checked: Vec<_> = not_checked
        .into_iter()
        .map(|it| format!("{} {}: {}", it.logical_id.unwrap(), it.path, it.reason))
        .collect();
    assert_eq!(
        not_checked,
        [
            "Migration : the specification does not have the type `Custom::Migration`",
            "Rule Properties.EventPattern: the specification says no more than \"JSON\"",
        ]
    );
}
