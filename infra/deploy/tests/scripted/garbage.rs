//! What nobody refers to in the asset bucket, against a scripted CloudFormation and S3.

use std::time::{Duration, SystemTime};

use deploy::{AssetBucket, Error, Garbage, UnusedObject, delete_garbage, find_garbage};

use crate::{
    fake::{
        Answer, Fake,
        answers::{error, ok, storage},
    },
    snapshot_of,
};

const LIST: &str = "GET /assets/";
/// 2026-11-22T12:00:00Z.
const NOW: Duration = Duration::from_hours(498_708);

fn bucket() -> AssetBucket {
    AssetBucket {
        name: "assets".into(),
        owner: "111122223333".into(),
    }
}

fn version(key: &str, id: &str, size: u32, changed: &str) -> String {
    format!(
        "<Version><Key>{key}</Key><VersionId>{id}</VersionId><Size>{size}</Size><LastModified>{changed}</LastModified></Version>"
    )
}

const OLD: &str = "2026-11-01T00:00:00Z";
/// A second less than a day old.
const YOUNG: &str = "2026-11-21T12:00:01Z";
/// A day old.
const AGED: &str = "2026-11-21T12:00:00Z";

fn objects(versions: &str) -> (&'static str, Answer) {
    let body = format!("<ListVersionsResult>{versions}</ListVersionsResult>");
    (LIST, storage(200, &body, &[]))
}

fn stacks(stacks: &[(&str, &str, &str)], next: &str) -> (&'static str, Answer) {
    let members = stacks.iter().map(|(name, status, key)| {
        format!("<member><StackName>{name}</StackName><StackStatus>{status}</StackStatus><Parameters><member><ParameterKey>CodeKey</ParameterKey><ParameterValue>{key}</ParameterValue></member></Parameters></member>")
    });
    let members = members.collect::<String>();
    (
        "DescribeStacks",
        ok(
            "DescribeStacks",
            &format!("<Stacks>{members}</Stacks>{next}"),
        ),
    )
}

fn template(text: &str) -> (&'static str, Answer) {
    let body = format!("<TemplateBody>{text}</TemplateBody>");
    ("GetTemplate", ok("GetTemplate", &body))
}

fn change_sets(found: &[(&str, &str, &str)], next: &str) -> (&'static str, Answer) {
    let members = found.iter().map(|(id, status, execution)| {
        format!("<member><ChangeSetId>{id}</ChangeSetId><Status>{status}</Status><ExecutionStatus>{execution}</ExecutionStatus></member>")
    });
    let members = members.collect::<String>();
    (
        "ListChangeSets",
        ok(
            "ListChangeSets",
            &format!("<Summaries>{members}</Summaries>{next}"),
        ),
    )
}

fn planned(key: &str) -> (&'static str, Answer) {
    let parameters = format!(
        "<Parameters><member><ParameterKey>CodeKey</ParameterKey><ParameterValue>{key}</ParameterValue></member></Parameters>"
    );
    ("DescribeChangeSet", ok("DescribeChangeSet", &parameters))
}

async fn find(fake: &Fake) -> Result<Garbage, Error> {
    let now = SystemTime::UNIX_EPOCH + NOW;
    find_garbage(&fake.target, &bucket(), now, &mut fake.listener()).await
}

async fn converse(snapshot: &str, steps: impl IntoIterator<Item = (&'static str, Answer)>) {
    let fake = Fake::new(steps).await;
    let result = find(&fake).await;
    snapshot_of(snapshot, &fake.transcript(&result));
}

const MORE: &str = "<NextToken>more</NextToken>";

#[tokio::test]
async fn what_nobody_refers_to_is_found_with_all_its_versions() {
    let first = [
        "<IsTruncated>true</IsTruncated><NextKeyMarker>assets/unzip/0002.zip</NextKeyMarker><NextVersionIdMarker>v2</NextVersionIdMarker>",
        &version("assets/unzip/0001.zip", "v1", 10, OLD),
        &version("assets/unzip/0002.zip", "v2", 20, OLD),
    ];
    let second = [
        &version("assets/unzip/0002.zip", "v3", 22, AGED),
        "<DeleteMarker><Key>assets/unzip/0002.zip</Key><VersionId>v4</VersionId><LastModified>2026-11-01T00:00:00Z</LastModified></DeleteMarker>",
        &version("assets/unzip/0003.zip", "v5", 30, YOUNG),
        // An age that is not told may be any.
        "<Version><Key>assets/unzip/0004.zip</Key><VersionId>v6</VersionId></Version>",
        &version("assets/unzip/0005.zip", "v7", 50, OLD),
        &version("assets/unzip/0006.zip", "v8", 60, OLD),
        &version("notes.txt", "v9", 70, OLD),
        &version("templates/batch/0007.json", "v10", 80, OLD),
        &version("templates/vision/0008.json", "v11", 90, OLD),
    ];
    let steps = [
        objects(&first.concat()),
        objects(&second.concat()),
        stacks(
            &[("vision", "UPDATE_COMPLETE", "assets/unzip/0001.zip")],
            MORE,
        ),
        change_sets(
            &[
                ("arn:old", "CREATE_COMPLETE", "EXECUTE_COMPLETE"),
                ("arn:failed", "FAILED", "UNAVAILABLE"),
            ],
            MORE,
        ),
        change_sets(&[("arn:obsolete", "CREATE_COMPLETE", "OBSOLETE")], ""),
        // Deployed to since it was listed.
        stacks(
            &[("vision", "UPDATE_COMPLETE", "assets/unzip/0003.zip")],
            "",
        ),
        // A key that the template puts together.
        template(r#"{"Key":{"Fn::Join":["",["assets/","0005",".zip"]]}}"#),
        stacks(
            &[
                ("gone", "DELETE_COMPLETE", "assets/unzip/0002.zip"),
                ("batch", "REVIEW_IN_PROGRESS", ""),
                ("going", "DELETE_IN_PROGRESS", "assets/unzip/0002.zip"),
            ],
            "",
        ),
        change_sets(&[("arn:open", "CREATE_COMPLETE", "AVAILABLE")], ""),
        planned("assets/unzip/0006.zip"),
        template("{}"),
        stacks(&[("batch", "REVIEW_IN_PROGRESS", "")], ""),
        change_sets(&[], ""),
        (
            "DescribeStacks",
            error("ValidationError", "Stack with id going does not exist"),
        ),
    ];
    converse("garbage", steps).await;
}

#[tokio::test]
async fn an_account_without_stacks_refers_to_nothing() {
    let only = version("assets/unzip/0001.zip", "null", 10, OLD);
    converse("garbage_all", [objects(&only), stacks(&[], "")]).await;
    converse("garbage_empty", [objects(""), stacks(&[], "")]).await;
}

#[tokio::test]
async fn a_stack_that_may_go_back_stops_it() {
    for status in [
        "UPDATE_IN_PROGRESS",
        "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
        "UPDATE_FAILED",
        "UPDATE_ROLLBACK_FAILED",
    ] {
        let stack = || stacks(&[("vision", status, "")], "");
        let fake = Fake::new([objects(""), stack(), change_sets(&[], ""), stack()]).await;
        let error = find(&fake).await.unwrap_err();
        assert!(matches!(error, Error::Unsettled { .. }), "{error}");
    }
    let stack = || stacks(&[("vision", "UPDATE_ROLLBACK_FAILED", "")], "");
    let steps = [objects(""), stack(), change_sets(&[], ""), stack()];
    converse("garbage_unsettled", steps).await;
}

#[tokio::test]
async fn what_cannot_be_read_stops_it() {
    let denied = |action: &'static str| (action, error("AccessDenied", "not yours"));
    let stack = || stacks(&[("payroll", "CREATE_COMPLETE", "")], "");
    let scripts = [
        vec![(
            LIST,
            storage(403, "<Error><Code>AccessDenied</Code></Error>", &[]),
        )],
        vec![objects(""), denied("DescribeStacks")],
        vec![objects(""), stack(), denied("ListChangeSets")],
        vec![
            objects(""),
            stack(),
            change_sets(&[], ""),
            stack(),
            denied("GetTemplate"),
        ],
        vec![
            objects(""),
            stack(),
            change_sets(&[("arn:open", "CREATE_COMPLETE", "AVAILABLE")], ""),
            denied("DescribeChangeSet"),
        ],
    ];
    let mut transcripts = Vec::new();
    for script in scripts {
        let fake = Fake::new(script).await;
        let result = find(&fake).await;
        assert!(result.is_err());
        transcripts.push(fake.transcript(&result));
    }
    let throttled = ("GetTemplate", error("Throttling", "Rate exceeded"));
    let none = change_sets(&[], "");
    let steps = [objects(""), stack(), none, stack(), throttled];
    let fake = Fake::new(steps).await;
    let result = find(&fake).await;
    transcripts.push(fake.transcript(&result));
    snapshot_of("garbage_unread", &transcripts.join("\n\n"));
}

fn found(objects: usize) -> Garbage {
    let unused = (0..objects).map(|number| UnusedObject {
        key: format!("assets/unzip/{number}.zip"),
        size: 10,
        versions: vec!["v1".into(), "v2".into()],
    });
    Garbage {
        bucket: "assets".into(),
        unused: unused.collect(),
        in_use: 0,
        young: 0,
        foreign: 0,
    }
}

async fn delete(objects: usize, steps: Vec<(&'static str, Answer)>) -> String {
    let fake = Fake::new(steps).await;
    let mut listener = fake.listener();
    let result = delete_garbage(&fake.target, &bucket(), &found(objects), &mut listener).await;
    fake.transcript(&result)
}

#[tokio::test]
async fn exactly_what_was_found_is_deleted_a_thousand_versions_at_a_time() {
    let deleted = || ("POST /assets/", storage(200, "<DeleteResult/>", &[]));
    let all = delete(600, vec![deleted(), deleted()]).await;
    let none = delete(0, Vec::new()).await;
    let denied = "<DeleteResult><Error><Key>assets/unzip/0.zip</Key><Code>AccessDenied</Code><Message>retained</Message></Error></DeleteResult>";
    let protected = delete(1, vec![("POST /assets/", storage(200, denied, &[]))]).await;
    snapshot_of("garbage_deleted", &[all, none, protected].join("\n\n"));
}
