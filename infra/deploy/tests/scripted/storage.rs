//! The asset bucket, uploads and destruction against a scripted AWS. The snapshots are the whole conversation.

use std::fs;

use crate::{
    fake::{
        Answer, Fake,
        answers::{
            change_set_created, change_set_page, described, done, error, events, no_such_stack, ok,
            stack, stack_because, storage,
        },
    },
    snapshot_of,
};
use deploy::{AssetBucket, Destruction, Upload, destroy_stack, ensure_asset_bucket, upload};

const BUCKET: &str = "colophon-assets-111122223333-eu-central-1";

fn identity() -> (&'static str, Answer) {
    (
        "GetCallerIdentity",
        ok("GetCallerIdentity", "<Account>111122223333</Account>"),
    )
}

fn resources() -> (&'static str, Answer) {
    let member = "<member><LogicalResourceId>Landing</LogicalResourceId><PhysicalResourceId>vision-landing</PhysicalResourceId><ResourceType>AWS::S3::Bucket</ResourceType><ResourceStatus>CREATE_COMPLETE</ResourceStatus></member>";
    (
        "ListStackResources",
        ok(
            "ListStackResources",
            &format!("<StackResourceSummaries>{member}</StackResourceSummaries>"),
        ),
    )
}

/// The deployed template, which says this about the bucket.
fn policy(policy: &str) -> (&'static str, Answer) {
    let template = format!(
        r#"{{"Resources":{{"Landing":{{"Type":"AWS::S3::Bucket","DeletionPolicy":"{policy}"}}}}}}"#
    );
    (
        "GetTemplate",
        ok(
            "GetTemplate",
            &format!("<TemplateBody>{template}</TemplateBody>"),
        ),
    )
}

#[tokio::test]
async fn the_asset_bucket_is_made_by_its_own_stack() {
    let outputs = format!(
        "<StackStatus>CREATE_COMPLETE</StackStatus><Outputs><member><OutputKey>BucketName</OutputKey><OutputValue>{BUCKET}</OutputValue></member></Outputs>"
    );
    let fake = Fake::new([
        identity(),
        no_such_stack(),
        no_such_stack(),
        change_set_created(),
        change_set_page(&[("Add", "Assets", "")], None),
        events(&[]),
        done("ExecuteChangeSet"),
        described(&outputs),
        events(&[
            ("e2", "vision", "CREATE_COMPLETE", ""),
            ("e1", "vision", "CREATE_IN_PROGRESS", ""),
        ]),
        (
            "HEAD /colophon-assets-111122223333-eu-central-1/",
            storage(200, "", &[]),
        ),
    ])
    .await;
    let result = ensure_asset_bucket(&fake.target, &mut fake.listener()).await;
    snapshot_of("asset_bucket_created", &fake.transcript(&result));
}

#[tokio::test]
async fn an_asset_bucket_that_is_up_to_date_takes_three_requests() {
    use sha2::{Digest, Sha256};
    let revision = format!(
        "{:x}",
        Sha256::digest(include_str!("../../src/asset_bucket.json"))
    );
    let fields = format!(
        "<StackStatus>CREATE_COMPLETE</StackStatus><Outputs><member><OutputKey>BucketName</OutputKey><OutputValue>{BUCKET}</OutputValue></member></Outputs><Tags><member><Key>colophon:revision</Key><Value>{revision}</Value></member></Tags>"
    );
    let head = "HEAD /colophon-assets-111122223333-eu-central-1/";
    let fake = Fake::new([
        identity(),
        described(&fields),
        (head, storage(200, "", &[])),
    ])
    .await;
    let result = ensure_asset_bucket(&fake.target, &mut fake.listener()).await;
    snapshot_of("asset_bucket_current", &fake.transcript(&result));

    let fake = Fake::new([
        identity(),
        described(&fields),
        (head, storage(403, "", &[])),
    ])
    .await;
    let result = ensure_asset_bucket(&fake.target, &mut fake.listener()).await;
    snapshot_of("asset_bucket_of_somebody_else", &fake.transcript(&result));
}

#[tokio::test]
async fn only_what_is_missing_or_different_is_uploaded() {
    let folder = tempfile::tempdir().unwrap();
    let uploads: Vec<Upload> = ["unchecked", "elsewhere", "other", "new"]
        .into_iter()
        .map(|name| {
            let path = folder.path().join(name);
            fs::write(&path, name).unwrap();
            Upload {
                path,
                key: format!("assets/{name}.zip"),
            }
        })
        .collect();
    let bucket = AssetBucket {
        name: "assets".into(),
        owner: "111122223333".into(),
    };

    // One at a time, for a script has an order.
    let scripts = [
        vec![
            ("HEAD /assets/assets/unchecked.zip", storage(200, "", &[])),
            ("PUT /assets/assets/unchecked.zip", storage(200, "", &[])),
        ],
        vec![(
            "HEAD /assets/assets/elsewhere.zip",
            storage(
                200,
                "",
                &[(
                    "x-amz-checksum-sha256",
                    "ext2Puj2LriOR0KnYPkS0LGbzViyuUiZl4S6zBWn9Nc=",
                )],
            ),
        )],
        vec![
            (
                "HEAD /assets/assets/other.zip",
                storage(
                    200,
                    "",
                    &[(
                        "x-amz-checksum-sha256",
                        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                    )],
                ),
            ),
            ("PUT /assets/assets/other.zip", storage(200, "", &[])),
        ],
        vec![
            ("HEAD /assets/assets/new.zip", storage(404, "", &[])),
            ("PUT /assets/assets/new.zip", storage(200, "", &[])),
        ],
    ];
    let mut transcripts = Vec::new();
    for (upload_one, script) in uploads.iter().zip(scripts) {
        let fake = Fake::new(script).await;
        let result = upload(
            &fake.target,
            &bucket,
            std::slice::from_ref(upload_one),
            &mut fake.listener(),
        )
        .await;
        transcripts.push(fake.transcript(&result));
    }
    snapshot_of("uploads", &transcripts.join("\n\n"));
}

#[tokio::test]
async fn a_missing_asset_is_reported_before_anything_is_sent() {
    let fake = Fake::new([]).await;
    let bucket = AssetBucket {
        name: "assets".into(),
        owner: "111122223333".into(),
    };
    let missing = Upload {
        path: "/nowhere/extract.zip".into(),
        key: "assets/extract.zip".into(),
    };
    let result = upload(&fake.target, &bucket, &[missing], &mut fake.listener()).await;
    snapshot_of("asset_missing", &fake.transcript(&result));
}

#[tokio::test]
async fn a_stack_is_destroyed_with_the_buckets_that_were_named() {
    let versions = "<ListVersionsResult><Version><Key>a.zip</Key><VersionId>1</VersionId></Version><Version><Key>a.zip</Key><VersionId>2</VersionId></Version><DeleteMarker><Key>b.zip</Key><VersionId>3</VersionId></DeleteMarker></ListVersionsResult>";
    let gone = [("e1", "vision", "DELETE_COMPLETE", "")];
    let fake = Fake::new([
        stack("CREATE_COMPLETE"),
        resources(),
        policy("Delete"),
        identity(),
        ("GET /vision-landing/", storage(200, versions, &[])),
        (
            "POST /vision-landing/",
            storage(200, "<DeleteResult/>", &[]),
        ),
        (
            "GET /vision-landing/",
            storage(200, "<ListVersionsResult/>", &[]),
        ),
        events(&[]),
        done("DeleteStack"),
        stack("DELETE_COMPLETE"),
        events(&gone),
    ])
    .await;
    let landing = Destruction::of("vision").empty(["vision-landing".to_owned()]);
    let result = destroy_stack(&fake.target, &landing, &mut fake.listener()).await;
    snapshot_of("destroy", &fake.transcript(&result));
}

#[tokio::test]
async fn an_object_that_stays_stops_the_destruction() {
    let versions = "<ListVersionsResult><Version><Key>a.zip</Key><VersionId>1</VersionId></Version></ListVersionsResult>";
    let refused = "<DeleteResult><Error><Key>a.zip</Key><Code>AccessDenied</Code><Message>Object is WORM protected</Message></Error></DeleteResult>";
    let fake = Fake::new([
        stack("CREATE_COMPLETE"),
        resources(),
        policy("Delete"),
        identity(),
        ("GET /vision-landing/", storage(200, versions, &[])),
        ("POST /vision-landing/", storage(200, refused, &[])),
    ])
    .await;
    let landing = Destruction::of("vision").empty(["vision-landing".to_owned()]);
    let result = destroy_stack(&fake.target, &landing, &mut fake.listener()).await;
    snapshot_of("destroy_protected", &fake.transcript(&result));
}

#[tokio::test]
async fn nothing_is_emptied_of_a_stack_that_others_import_from() {
    let output = |name: &str| {
        format!(
            "<member><OutputKey>{name}</OutputKey><OutputValue>1</OutputValue><ExportName>vision-{name}</ExportName></member>"
        )
    };
    let outputs = [output("Queue"), output("Table")].concat();
    let unused = "Export 'vision-Queue' is not imported by any stack.";
    let imports = "<Imports><member>books</member><member>shop</member></Imports>";
    let fake = Fake::new([
        described(&format!(
            "<StackStatus>CREATE_COMPLETE</StackStatus><Outputs>{outputs}</Outputs>"
        )),
        ("ListImports", error("ValidationError", unused)),
        ("ListImports", ok("ListImports", imports)),
    ])
    .await;
    let landing = Destruction::of("vision").empty(["vision-landing".to_owned()]);
    let result = destroy_stack(&fake.target, &landing, &mut fake.listener()).await;
    snapshot_of("destroy_imported", &fake.transcript(&result));
}

#[tokio::test]
async fn somebody_elses_bucket_is_not_emptied() {
    let fake = Fake::new([stack("CREATE_COMPLETE"), resources()]).await;
    let payroll = Destruction::of("vision").empty(["payroll".to_owned()]);
    let result = destroy_stack(&fake.target, &payroll, &mut fake.listener()).await;
    snapshot_of("destroy_foreign_bucket", &fake.transcript(&result));
}

#[tokio::test]
async fn a_bucket_that_the_stack_keeps_is_not_emptied() {
    let yaml = (
        "GetTemplate",
        ok("GetTemplate", "<TemplateBody>Resources: {}</TemplateBody>"),
    );
    for (snapshot, template) in [
        ("destroy_retained_bucket", policy("RetainExceptOnCreate")),
        ("destroy_bucket_of_another_template", yaml),
    ] {
        let fake = Fake::new([stack("CREATE_COMPLETE"), resources(), template]).await;
        let landing = Destruction::of("vision").empty(["vision-landing".to_owned()]);
        let result = destroy_stack(&fake.target, &landing, &mut fake.listener()).await;
        snapshot_of(snapshot, &fake.transcript(&result));
    }
}

#[tokio::test]
async fn a_failed_deletion_names_what_is_in_the_way() {
    let reason = "The following resource(s) failed to delete: [Landing].";
    let fake = Fake::new([
        stack("CREATE_COMPLETE"),
        events(&[]),
        done("DeleteStack"),
        stack_because("DELETE_FAILED", reason),
        events(&[
            ("e3", "vision", "DELETE_FAILED", reason),
            (
                "e2",
                "Landing",
                "DELETE_FAILED",
                "The bucket you tried to delete is not empty (Status Code: 409)",
            ),
            ("e1", "vision", "DELETE_IN_PROGRESS", ""),
        ]),
    ])
    .await;
    let result = destroy_stack(
        &fake.target,
        &Destruction::of("vision"),
        &mut fake.listener(),
    )
    .await;
    snapshot_of("destroy_failed", &fake.transcript(&result));
}

#[tokio::test]
async fn an_absent_stack_is_destroyed_already() {
    let fake = Fake::new([no_such_stack()]).await;
    let result = destroy_stack(
        &fake.target,
        &Destruction::of("vision"),
        &mut fake.listener(),
    )
    .await;
    snapshot_of("destroy_absent", &fake.transcript(&result));

    // Gone while we watch: CloudFormation forgets a stack's name at once.
    let fake = Fake::new([
        stack("REVIEW_IN_PROGRESS"),
        events(&[]),
        done("DeleteStack"),
        no_such_stack(),
        (
            "DescribeStackEvents",
            error("ValidationError", "Stack [vision] does not exist"),
        ),
    ])
    .await;
    let result = destroy_stack(
        &fake.target,
        &Destruction::of("vision"),
        &mut fake.listener(),
    )
    .await;
    snapshot_of("destroy_under_review", &fake.transcript(&result));
}
