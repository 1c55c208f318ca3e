//! `infra diff --deployed --change-set`.

use std::process::Output;

use crate::aws::text;
use crate::cloud::{Cloud, SURPRISE};

fn reviewed(arguments: &[&str]) -> (Output, Vec<String>) {
    let command = [&["diff", "--deployed", "vision"], arguments].concat();
    let mut ran = Cloud::new(SURPRISE).run(&[&command]);
    (ran.outputs.remove(0), ran.asked)
}

#[test]
fn what_cloudformation_intends_beyond_the_templates_fails_the_review() {
    let (output, asked) = reviewed(&["--change-set"]);
    let review = text(&output.stdout);
    assert_eq!(
        output.status.code(),
        Some(10),
        "{review}{}",
        text(&output.stderr)
    );
    assert!(
        review.contains("CLOUDFORMATION INTENDS WHAT THIS REVIEW DOES NOT SHOW\n  ! ImagesQueue"),
        "{review}"
    );
    // The change in the templates, of which this CloudFormation does not speak.
    assert!(
        review.contains("Properties.MemorySize: 513 -> "),
        "{review}"
    );
    assert!(
        review.contains("CloudFormation does not intend"),
        "{review}"
    );
    let changes: Vec<_> = asked
        .iter()
        .filter(|action| action.contains("ChangeSet"))
        .collect();
    assert_eq!(
        changes,
        ["CreateChangeSet", "DescribeChangeSet", "DeleteChangeSet"],
        "it is deleted, and never executed"
    );
}

#[test]
fn without_being_asked_cloudformation_makes_no_change_set() {
    let (output, asked) = reviewed(&["-p", "RecordDays=30", "--fail-on", "any"]);
    let review = text(&output.stdout);
    assert_eq!(output.status.code(), Some(7), "{review}");
    assert!(review.contains("ExpirationInDays: 730 -> 30"), "{review}");
    assert_eq!(asked, ["DescribeStacks", "GetTemplate"]);
}
