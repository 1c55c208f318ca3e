//! Drift against a scripted CloudFormation.

use deploy::detect_drift;

use crate::{
    fake::{
        Answer, Fake,
        answers::{error, ok},
    },
    snapshot_of,
};

const SUSPENDED: &str = "<PropertyDifferences><member><PropertyPath>/VersioningConfiguration/Status</PropertyPath><ExpectedValue>Enabled</ExpectedValue><ActualValue>Suspended</ActualValue><DifferenceType>NOT_EQUAL</DifferenceType></member><member><PropertyPath>/Tags/1</PropertyPath><ExpectedValue>null</ExpectedValue><ActualValue>{&quot;Key&quot;:&quot;by&quot;}</ActualValue><DifferenceType>ADD</DifferenceType></member></PropertyDifferences>";

async fn converse(snapshot: &str, steps: impl IntoIterator<Item = (&'static str, Answer)>) {
    let fake = Fake::new(steps).await;
    let result = detect_drift(&fake.target, "vision", &mut fake.listener()).await;
    snapshot_of(snapshot, &fake.transcript(&result));
}

fn started() -> (&'static str, Answer) {
    let id = "<StackDriftDetectionId>detection</StackDriftDetectionId>";
    ("DetectStackDrift", ok("DetectStackDrift", id))
}

fn detection(status: &str, reason: &str) -> (&'static str, Answer) {
    let action = "DescribeStackDriftDetectionStatus";
    let fields = format!(
        "<DetectionStatus>{status}</DetectionStatus><DetectionStatusReason>{reason}</DetectionStatusReason>"
    );
    (action, ok(action, &fields))
}

/// A page of compared resources by name, status and what differs.
fn drifts(found: &[(&str, &str, &str)], next: &str) -> (&'static str, Answer) {
    let action = "DescribeStackResourceDrifts";
    let members: Vec<String> = found
        .iter()
        .map(|(id, status, differences)| {
            format!("<member><LogicalResourceId>{id}</LogicalResourceId><StackResourceDriftStatus>{status}</StackResourceDriftStatus>{differences}</member>")
        })
        .collect();
    let members = members.concat();
    (
        action,
        ok(
            action,
            &format!("<StackResourceDrifts>{members}</StackResourceDrifts>{next}"),
        ),
    )
}

/// A page of the stack's resources by name and type.
fn resources(found: &[(&str, &str)], next: &str) -> (&'static str, Answer) {
    let members: Vec<String> = found
        .iter()
        .map(|(id, kind)| {
            format!("<member><LogicalResourceId>{id}</LogicalResourceId><PhysicalResourceId>vision-{id}</PhysicalResourceId><ResourceType>{kind}</ResourceType><ResourceStatus>CREATE_COMPLETE</ResourceStatus></member>")
        })
        .collect();
    let members = members.concat();
    (
        "ListStackResources",
        ok(
            "ListStackResources",
            &format!("<StackResourceSummaries>{members}</StackResourceSummaries>{next}"),
        ),
    )
}

const MORE: &str = "<NextToken>more</NextToken>";

#[tokio::test]
async fn every_resource_has_a_status_and_what_differs() {
    let steps = [
        started(),
        detection("DETECTION_IN_PROGRESS", ""),
        detection("DETECTION_IN_PROGRESS", ""),
        detection("DETECTION_COMPLETE", ""),
        drifts(&[("Landing", "MODIFIED", SUSPENDED)], MORE),
        drifts(&[("Raw", "IN_SYNC", ""), ("Images", "DELETED", "")], ""),
        resources(
            &[("Books", "AWS::Glue::Table"), ("Images", "AWS::SQS::Queue")],
            MORE,
        ),
        resources(
            &[("Landing", "AWS::S3::Bucket"), ("Raw", "AWS::S3::Bucket")],
            "",
        ),
    ];
    converse("drift", steps).await;
}

#[tokio::test]
async fn what_could_not_be_compared_is_said_with_what_could() {
    let unknown = "<DriftStatusReason>the bucket does not answer</DriftStatusReason>";
    let steps = [
        started(),
        detection(
            "DETECTION_FAILED",
            "Failed to detect drift on resource [Raw]",
        ),
        drifts(
            &[("Landing", "IN_SYNC", ""), ("Raw", "UNKNOWN", unknown)],
            "",
        ),
        resources(
            &[("Landing", "AWS::S3::Bucket"), ("Raw", "AWS::S3::Bucket")],
            "",
        ),
    ];
    converse("drift_incomplete", steps).await;
}

#[tokio::test]
async fn a_stack_that_is_not_there_has_no_drift_to_detect() {
    let absent = "Stack [vision] does not exist";
    let steps = [("DetectStackDrift", error("ValidationError", absent))];
    converse("drift_absent", steps).await;
    let changing = "Cannot detect drift on a stack in UPDATE_IN_PROGRESS state";
    let steps = [("DetectStackDrift", error("ValidationError", changing))];
    converse("drift_busy", steps).await;
}

#[tokio::test]
async fn refusals_say_what_was_tried() {
    let denied = "User: dev is not authorized to perform: cloudformation:DetectStackDrift";
    let steps = [("DetectStackDrift", error("AccessDenied", denied))];
    converse("drift_denied", steps).await;
}

#[tokio::test]
async fn a_fault_that_passes_is_borne() {
    let throttled = error("Throttling", "Rate exceeded");
    let steps = [
        started(),
        ("DescribeStackDriftDetectionStatus", throttled),
        detection("DETECTION_COMPLETE", ""),
        drifts(&[("Landing", "IN_SYNC", "")], ""),
        resources(&[("Landing", "AWS::S3::Bucket")], ""),
    ];
    converse("drift_throttled", steps).await;
}
