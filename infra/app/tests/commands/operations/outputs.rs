//! `infra outputs`.

use std::sync::Arc;

use crate::aws::{Aws, program, refused, stack, text};

const OUTPUTS: &str = "<Outputs><member><OutputKey>Bucket</OutputKey><OutputValue>vision-landing</OutputValue></member><member><OutputKey>Queue</OutputKey><OutputValue>https://sqs/queue</OutputValue></member></Outputs>";

fn deployed(outputs: &'static str) -> Arc<Aws> {
    Aws::new(move |_, _| stack("UPDATE_COMPLETE", outputs))
}

#[test]
fn scripts_get_a_bare_value_or_json() {
    let aws = deployed(OUTPUTS);
    let one = aws.run(&["outputs", "vision", "Bucket"]);
    assert_eq!((one.stdout.as_str(), one.code), ("vision-landing\n", 0));
    assert_eq!((one.stderr.as_str(), one.asked.len()), ("", 1));
    let json = aws.run(&["outputs", "vision", "Bucket", "--format", "json"]);
    assert_eq!(json.stdout, "\"vision-landing\"\n");
    let all = aws.run(&["outputs", "vision", "--format", "json"]);
    let all: serde_json::Value = serde_json::from_str(&all.stdout).unwrap();
    assert_eq!(all["Queue"], "https://sqs/queue");
}

#[test]
fn people_get_a_table() {
    let all = deployed(OUTPUTS).run(&["outputs", "vision"]);
    let words: Vec<&str> = all.stdout.split_whitespace().collect();
    assert_eq!(words[1..3], ["output", "value"], "{}", all.stdout);
    assert!(
        all.stdout.contains("Queue    https://sqs/queue"),
        "{}",
        all.stdout
    );
}

#[test]
fn a_name_that_is_none_is_told_with_those_that_are() {
    let run = deployed(OUTPUTS).run(&["outputs", "vision", "bucket"]);
    assert_eq!((run.stdout.as_str(), run.code), ("", 1));
    assert!(
        run.stderr.contains("stack `vision` has no output `bucket`")
            && run.stderr.contains("its outputs are: Bucket, Queue"),
        "{}",
        run.stderr
    );
    let none = deployed("").run(&["outputs", "vision", "Bucket"]);
    assert!(none.stderr.contains("it has none"), "{}", none.stderr);
}

#[test]
fn a_stack_that_is_not_there_is_told() {
    let aws = Aws::new(|_, _| refused("ValidationError", "Stack with id x does not exist"));
    let run = aws.run(&["outputs", "x"]);
    assert_eq!(run.code, 1);
    assert!(
        run.stderr.contains("stack `x` is not deployed here"),
        "{}",
        run.stderr
    );
}

#[test]
fn who_has_no_credentials_is_told_how_to_have_some() {
    let nowhere = tempfile::tempdir().unwrap();
    let output = program(&["outputs", "vision"])
        .env_remove("AWS_ACCESS_KEY_ID")
        .env("HOME", nowhere.path())
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    assert!(said.contains("there are no AWS credentials"), "{said}");
}
