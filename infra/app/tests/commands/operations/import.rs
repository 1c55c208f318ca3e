//! `infra import`.

use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::aws::{Aws, STACK_ID, infra, refused, result, stack};

/// The deployed stack without one of its buckets, which exists.
fn deployed() -> Arc<Aws> {
    let template = infra(&["synth", "vision", "--print", "json"]).stdout;
    let mut template: Value = serde_json::from_slice(&template).unwrap();
    let resources = template["Resources"].as_object_mut().unwrap();
    resources.retain(|id, _| id != "RawBucket");
    let template = template
        .to_string()
        .replace('&', "&amp;")
        .replace('<', "&lt;");
    let status = Mutex::new("UPDATE_COMPLETE");
    Aws::new(move |action, body| match action {
        "DescribeStacks" => stack(*status.lock().unwrap(), ""),
        "GetTemplate" => result(action, &format!("<TemplateBody>{template}</TemplateBody>")),
        "GetTemplateSummary" => result(
            action,
            "<ResourceIdentifierSummaries><member><ResourceType>AWS::S3::Bucket</ResourceType><LogicalResourceIds><member>RawBucket</member></LogicalResourceIds><ResourceIdentifiers><member>BucketName</member></ResourceIdentifiers></member></ResourceIdentifierSummaries>",
        ),
        "CreateChangeSet" if !body.contains("ChangeSetType=IMPORT") => {
            refused("ValidationError", "only imports here")
        }
        "CreateChangeSet" => result(
            action,
            &format!(
                "<Id>arn:aws:cloudformation:eu-central-1:111122223333:changeSet/colophon-0123456789abcdef/0001</Id><StackId>{STACK_ID}</StackId>"
            ),
        ),
        "DescribeChangeSet" => result(
            action,
            "<Status>CREATE_COMPLETE</Status><Changes><member><ResourceChange><Action>Import</Action><LogicalResourceId>RawBucket</LogicalResourceId><ResourceType>AWS::S3::Bucket</ResourceType></ResourceChange></member></Changes>",
        ),
        "ExecuteChangeSet" => {
            *status.lock().unwrap() = "IMPORT_COMPLETE";
            result(action, "")
        }
        "DescribeStackEvents" => result(action, &event(*status.lock().unwrap())),
        _ => result(action, ""),
    })
}

/// The last event of the stack.
fn event(status: &str) -> String {
    format!(
        "<StackEvents><member><StackId>{STACK_ID}</StackId><EventId>{status}</EventId><StackName>vision</StackName><LogicalResourceId>vision</LogicalResourceId><PhysicalResourceId>{STACK_ID}</PhysicalResourceId><Timestamp>2026-11-21T10:00:00Z</Timestamp><ResourceStatus>{status}</ResourceStatus></member></StackEvents>"
    )
}

/// A stack in an import, which brings this bucket.
fn importing(bucket: &'static str) -> Arc<Aws> {
    let looks = Mutex::new(0);
    Aws::new(move |action, _| {
        let mut looks = looks.lock().unwrap();
        *looks += usize::from(action == "DescribeStacks");
        let status = if *looks < 3 {
            "IMPORT_IN_PROGRESS"
        } else {
            "IMPORT_COMPLETE"
        };
        match action {
            "DescribeStacks" => stack(status, ""),
            "ListStackResources" => result(
                action,
                &format!(
                    "<StackResourceSummaries><member><LogicalResourceId>{bucket}</LogicalResourceId><PhysicalResourceId>vision-raw</PhysicalResourceId><ResourceType>AWS::S3::Bucket</ResourceType><ResourceStatus>IMPORT_COMPLETE</ResourceStatus></member></StackResourceSummaries>"
                ),
            ),
            _ => result(action, &event(status)),
        }
    })
}

#[test]
fn an_import_that_is_under_way_is_followed_and_may_have_been_another() {
    let arguments = ["import", "vision", "--resource", "RawBucket=vision-raw"];
    let run = importing("RawBucket").run(&arguments);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(run.stdout, "imported  RawBucket (AWS::S3::Bucket)\n");
    assert!(!run.asked.iter().any(|name| name == "CreateChangeSet"));

    let run = importing("ResultsBucket").run(&arguments);
    assert_ne!(run.code, 0, "it is not there, and the fake knows no more");
    assert_eq!(run.stdout, "");
}

#[test]
fn an_import_is_executed_when_it_is_confirmed() {
    let arguments = ["import", "vision", "--resource", "RawBucket=vision-raw"];
    let run = deployed().run(&arguments);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""));
    assert!(
        run.stderr.contains("import RawBucket (AWS::S3::Bucket)")
            && run.stderr.contains("nobody can be asked here"),
        "{}",
        run.stderr
    );
    let last = run.asked.last().map(String::as_str);
    assert_eq!(last, Some("DeleteChangeSet"), "{:?}", run.asked);
    assert!(!run.asked.iter().any(|name| name == "ExecuteChangeSet"));

    let run = deployed().run(&[&arguments[..], &["--yes", "--format", "json"]].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(document["imported"][0]["logical_id"], "RawBucket");
    assert_eq!(document["created"], false);
    assert!(
        run.stderr.contains("nothing else was changed"),
        "{}",
        run.stderr
    );
}

#[test]
fn what_cannot_be_imported_is_told() {
    for (resource, expected) in [
        ("LandingBucket=x", "LandingBucket is in the stack already"),
        ("Lost=x", "Lost is not in the template"),
        ("RawBucket=", "RawBucket: its BucketName is missing"),
    ] {
        let run = deployed().run(&["import", "vision", "--resource", resource, "--yes"]);
        assert_eq!(run.code, 1);
        assert!(run.stderr.contains(expected), "{}", run.stderr);
    }
    assert_eq!(infra(&["import", "vision"]).status.code(), Some(2));
}
