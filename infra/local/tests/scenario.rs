//! A scenario file that cannot be used says where and why.

#![expect(
    clippy::expect_used,
    reason = "a test stops where its preparation fails"
)]

use local::bedrock::Scenario;

fn refused(text: &str) -> String {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("scenario.json");
    std::fs::write(&path, text).expect("written");
    let message = Scenario::read(&path)
        .expect_err("it is refused")
        .to_string();
    message.replace(&path.display().to_string(), "PATH")
}

#[test]
fn mistakes_are_named_with_their_place() {
    assert_eq!(
        refused("{\n  \"latency\": 5\n}"),
        "the scenario PATH is not valid, correct it at line 2, column 11: unknown field `latency`, expected one of `latency_ms`, `throttle`, `rules`, `batch`"
    );
    assert_eq!(
        refused(r#"{"rules": [{"then": {"fault": "error", "code": "Throttled"}}]}"#)
            .split(", expected")
            .next(),
        Some(
            "the scenario PATH is not valid, correct it at line 1, column 60: unknown variant `Throttled`"
        )
    );
    assert_eq!(
        refused(r#"{"rules": [{"delay_ms": 5}, {"when": {"every": 3}}]}"#),
        "rule 2 of the scenario PATH does nothing: give it a `then`, a `delay_ms`, or remove it"
    );
    assert!(
        refused(r#"{"throttle": {"requests_per_minute": 0}}"#).contains("expected a nonzero u32")
    );
}

#[test]
fn a_missing_file_is_named() {
    let message = Scenario::read("/nowhere/scenario.json".as_ref())
        .expect_err("there is none")
        .to_string();
    assert!(
        message.starts_with("could not read the scenario /nowhere/scenario.json"),
        "{message}"
    );
}
