//! `infra gc`.

use std::sync::Arc;

use serde_json::Value;

use crate::aws::{Aws, refused, result, stack};

const OBJECTS: &str = "<ListVersionsResult><Version><Key>assets/unzip/aa11.zip</Key><VersionId>1</VersionId><Size>5500000</Size><LastModified>2026-01-01T00:00:00Z</LastModified></Version><Version><Key>assets/unzip/bb22.zip</Key><VersionId>2</VersionId><Size>5500000</Size><LastModified>2026-01-01T00:00:00Z</LastModified></Version></ListVersionsResult>";

/// An asset bucket of two packages, and a stack that refers to one of them.
fn account() -> Arc<Aws> {
    Aws::new(|name, _| match name {
        "DescribeStacks" => stack(
            "UPDATE_COMPLETE",
            "<Outputs><member><OutputKey>BucketName</OutputKey><OutputValue>colophon-assets-111122223333-eu-central-1</OutputValue></member></Outputs><Parameters><member><ParameterKey>UnzipCodeKey</ParameterKey><ParameterValue>assets/unzip/aa11.zip</ParameterValue></member></Parameters>",
        ),
        "GetCallerIdentity" => result(name, "<Account>111122223333</Account>"),
        "GetTemplate" => result(name, "<TemplateBody>{}</TemplateBody>"),
        "GET /colophon-assets-111122223333-eu-central-1/" => OBJECTS.to_owned(),
        "POST /colophon-assets-111122223333-eu-central-1/" => "<DeleteResult/>".to_owned(),
        _ => result(name, ""),
    })
}

#[test]
fn nothing_is_deleted_unless_it_is_asked_for() {
    let run = account().run(&["gc"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(
        run.stdout,
        "    5.5 MB  assets/unzip/bb22.zip\nunused: 1 objects, 5.5 MB; 1 are in use, 0 younger than a day, 0 not ours\n"
    );
    assert!(
        run.stderr.contains("nothing was deleted: pass --yes"),
        "{}",
        run.stderr
    );
    assert!(!run.asked.iter().any(|name| name.starts_with("POST")));
}

#[test]
fn what_is_unused_is_deleted_when_it_is_asked_for() {
    let run = account().run(&["gc", "--yes", "--format", "json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(document["deleted"], true);
    assert_eq!(document["unused"][0]["key"], "assets/unzip/bb22.zip");
    assert_eq!(document["unused"].as_array().unwrap().len(), 1);
    assert_eq!(
        run.asked.last().map(String::as_str),
        Some("POST /colophon-assets-111122223333-eu-central-1/")
    );
}

#[test]
fn a_stack_that_cannot_be_read_stops_it() {
    let account = account();
    let aws = Aws::new(move |name, body| match name {
        "GetTemplate" => refused("AccessDenied", "not yours"),
        _ => account.answer(name, body),
    });
    let run = aws.run(&["gc", "--yes"]);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""));
    assert!(
        run.stderr
            .contains("cannot read the template of stack `vision`: not yours"),
        "{}",
        run.stderr
    );
    assert!(!run.asked.iter().any(|name| name.starts_with("POST")));
}

#[test]
fn an_account_without_a_bucket_is_told() {
    let aws = Aws::new(|_, _| refused("ValidationError", "Stack with id x does not exist"));
    let run = aws.run(&["gc"]);
    assert_eq!(run.code, 1);
    assert!(
        run.stderr
            .contains("there is no asset bucket in this account"),
        "{}",
        run.stderr
    );
}
