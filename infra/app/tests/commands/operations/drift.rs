//! `infra drift`.

use std::sync::Arc;

use serde_json::Value;

use crate::aws::{Aws, refused, result};

/// A stack with a bucket in this status and a table that nobody can compare.
fn deployed(detection: &'static str, bucket: &'static str) -> Arc<Aws> {
    Aws::new(move |action, _| match action {
        "DescribeStackDriftDetectionStatus" => result(
            action,
            &format!(
                "<DetectionStatus>{detection}</DetectionStatus><DetectionStatusReason>no access to the bucket</DetectionStatusReason>"
            ),
        ),
        "DescribeStackResourceDrifts" => result(
            action,
            &format!(
                "<StackResourceDrifts><member><LogicalResourceId>RawBucket</LogicalResourceId>{bucket}</member></StackResourceDrifts>"
            ),
        ),
        "ListStackResources" => result(
            action,
            "<StackResourceSummaries><member><LogicalResourceId>RawBucket</LogicalResourceId><PhysicalResourceId>vision-raw</PhysicalResourceId><ResourceType>AWS::S3::Bucket</ResourceType><ResourceStatus>CREATE_COMPLETE</ResourceStatus></member><member><LogicalResourceId>BooksTable</LogicalResourceId><ResourceType>AWS::Glue::Table</ResourceType><ResourceStatus>CREATE_COMPLETE</ResourceStatus></member></StackResourceSummaries>",
        ),
        _ => result(
            action,
            "<StackDriftDetectionId>detection</StackDriftDetectionId>",
        ),
    })
}

const IN_SYNC: &str = "<StackResourceDriftStatus>IN_SYNC</StackResourceDriftStatus>";
const MODIFIED: &str = "<StackResourceDriftStatus>MODIFIED</StackResourceDriftStatus><PropertyDifferences><member><PropertyPath>/VersioningConfiguration/Status</PropertyPath><ExpectedValue>Enabled</ExpectedValue><ActualValue>Suspended</ActualValue></member></PropertyDifferences>";

#[test]
fn drift_is_shown_with_the_line_that_declares_it_and_has_its_own_exit_code() {
    let run = deployed("DETECTION_COMPLETE", MODIFIED).run(&["drift", "vision"]);
    assert_eq!(run.code, 11, "{}", run.stderr);
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines[0], "modified RawBucket (AWS::S3::Bucket) vision-raw");
    assert!(
        lines[1].starts_with("  declared at infra/app/src/stacks/vision.rs:"),
        "{}",
        run.stdout
    );
    assert_eq!(
        lines[2],
        "  /VersioningConfiguration/Status: Enabled -> Suspended"
    );
    assert_eq!(lines[3], "not compared: AWS::Glue::Table (1)");
    assert!(
        run.stderr.contains("stack `vision` has drifted"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_stack_in_sync_is_success_whosever_it_is() {
    let run =
        deployed("DETECTION_COMPLETE", IN_SYNC).run(&["drift", "payroll", "--format", "json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let text = deployed("DETECTION_COMPLETE", IN_SYNC).run(&["drift", "payroll"]);
    assert!(
        text.stdout
            .starts_with("no resource that was compared has drifted\n"),
        "{}",
        text.stdout
    );
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(document["stack"], "payroll");
    assert_eq!(document["resources"][0]["status"], "IN_SYNC");
    assert_eq!(document["resources"][1]["status"], "NOT_CHECKED");
    assert_eq!(document["resources"][0]["source"], Value::Null);
}

#[test]
fn what_could_not_be_compared_is_no_success() {
    let run = deployed("DETECTION_FAILED", IN_SYNC).run(&["drift", "vision"]);
    assert_eq!(run.code, 1);
    assert!(
        run.stdout
            .contains("not all was compared: no access to the bucket"),
        "{}",
        run.stdout
    );
}

#[test]
fn a_stack_that_is_not_there_is_told() {
    let aws = Aws::new(|_, _| refused("ValidationError", "Stack [x] does not exist"));
    let run = aws.run(&["drift", "x"]);
    assert_eq!(run.code, 1);
    assert!(
        run.stderr.contains("stack `x` is not deployed here"),
        "{}",
        run.stderr
    );
}
