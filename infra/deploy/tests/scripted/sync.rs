//! New code for functions, against a scripted CloudFormation, S3 and Lambda.

use deploy::{
    AssetBucket, Code, Error, PRODUCTION, STAGE_TAG, Synced, Upload, sync_code, sync_target,
};

use crate::{
    fake::{
        Answer, Fake,
        answers::{described, error, no_such_stack, ok, storage},
    },
    snapshot_of,
};

/// Two functions with a package, and one with its code in the template.
const TEMPLATE: &str = r#"{"Resources":{
    "Extract":{"Type":"AWS::Lambda::Function","Properties":{"Code":{"S3Key":{"Ref":"ExtractCodeKey"}}}},
    "Unzip":{"Type":"AWS::Lambda::Function","Properties":{"Code":{"S3Key":{"Ref":"UnzipCodeKey"}}}},
    "Inline":{"Type":"AWS::Lambda::Function","Properties":{"Code":{"ZipFile":"exit"}}}}}"#;

/// Lambda's hash of the package, which holds its name.
const EXTRACT: &str = "8c8v1cholRKNVZCIJZoTLU1GiaTWrk4DORADk0OOyYY=";

const CONFIGURATION: &str = "GET /2015-03-31/functions/vision-Extract/configuration";
const CODE: &str = "PUT /2015-03-31/functions/vision-Extract/code";
const HEAD: &str = "HEAD /assets/assets/extract.zip";
const PUT: &str = "PUT /assets/assets/extract.zip";

fn template() -> (&'static str, Answer) {
    let body = format!("<TemplateBody>{TEMPLATE}</TemplateBody>");
    ("GetTemplate", ok("GetTemplate", &body))
}

fn resources() -> (&'static str, Answer) {
    let members = ["Extract", "Unzip", "Inline"].map(|name| {
        format!("<member><LogicalResourceId>{name}</LogicalResourceId><PhysicalResourceId>vision-{name}</PhysicalResourceId><ResourceType>AWS::Lambda::Function</ResourceType><ResourceStatus>CREATE_COMPLETE</ResourceStatus></member>")
    });
    let members = members.concat();
    (
        "ListStackResources",
        ok(
            "ListStackResources",
            &format!("<StackResourceSummaries>{members}</StackResourceSummaries>"),
        ),
    )
}

fn deployed() -> Vec<(&'static str, Answer)> {
    let status = "<StackStatus>UPDATE_COMPLETE</StackStatus>";
    vec![described(status), template(), resources()]
}

fn function(hash: &str, status: &str, reason: &str) -> (&'static str, Answer) {
    let body = format!(
        r#"{{"CodeSha256":"{hash}","LastUpdateStatus":"{status}","LastUpdateStatusReason":"{reason}"}}"#
    );
    (CONFIGURATION, storage(200, &body, &[]))
}

fn updated() -> (&'static str, Answer) {
    (CODE, storage(200, "{}", &[]))
}

/// The package, as an earlier upload left it.
fn there() -> (&'static str, Answer) {
    let checksum = [("x-amz-checksum-sha256", EXTRACT)];
    (HEAD, storage(200, "", &checksum))
}

fn refused(request: &'static str, status: u16, kind: &'static str) -> (&'static str, Answer) {
    let body = r#"{"Message":"not now"}"#;
    (
        request,
        storage(status, body, &[("x-amzn-errortype", kind)]),
    )
}

/// Syncs a package for `Extract`.
async fn sync(fake: &Fake) -> Result<Vec<Synced>, Error> {
    let missing = |source| Error::Asset {
        path: "extract.zip".into(),
        source,
    };
    let folder = tempfile::tempdir().map_err(missing)?;
    let path = folder.path().join("extract.zip");
    std::fs::write(&path, "extract").map_err(missing)?;
    let code = Code {
        parameter: "ExtractCodeKey".into(),
        upload: Upload {
            path,
            key: "assets/extract.zip".into(),
        },
    };
    let bucket = AssetBucket {
        name: "assets".into(),
        owner: "111122223333".into(),
    };
    let Some(stack) = sync_target(&fake.target, "vision").await? else {
        return Ok(Vec::new());
    };
    let mut listener = fake.listener();
    sync_code(&fake.target, &stack, &bucket, &[code], &mut listener).await
}

async fn converse(snapshot: &str, steps: impl IntoIterator<Item = (&'static str, Answer)>) {
    let fake = Fake::new(steps).await;
    let result = sync(&fake).await;
    snapshot_of(snapshot, &fake.transcript(&result));
}

/// A deployed stack, and then this.
async fn converse_deployed(
    snapshot: &str,
    steps: impl IntoIterator<Item = (&'static str, Answer)>,
) {
    converse(snapshot, deployed().into_iter().chain(steps)).await;
}

#[tokio::test]
async fn a_function_with_other_code_gets_the_package_and_is_waited_for() {
    let steps = [
        function("other", "InProgress", ""),
        function("other", "Successful", ""),
        (HEAD, storage(404, "", &[])),
        (PUT, storage(200, "", &[])),
        updated(),
        function(EXTRACT, "InProgress", ""),
        function(EXTRACT, "Successful", ""),
    ];
    converse_deployed("sync", steps).await;
}

#[tokio::test]
async fn a_function_with_this_code_is_left_alone() {
    converse_deployed("sync_unchanged", [function(EXTRACT, "Successful", "")]).await;
}

#[tokio::test]
async fn code_that_a_function_has_and_could_not_run_is_given_again() {
    let steps = [
        function(EXTRACT, "Failed", "the image is broken"),
        there(),
        updated(),
        function(EXTRACT, "Successful", ""),
    ];
    converse_deployed("sync_again", steps).await;
}

#[tokio::test]
async fn an_update_that_fails_is_told_with_lambdas_reason() {
    let steps = [
        function("other", "Successful", ""),
        there(),
        updated(),
        function("other", "Failed", "the role cannot be assumed"),
    ];
    converse_deployed("sync_failed", steps).await;
    let steps = [
        function("other", "Successful", ""),
        there(),
        updated(),
        function("another", "Successful", ""),
    ];
    converse_deployed("sync_overtaken", steps).await;
}

#[tokio::test]
async fn refusals_say_what_was_tried() {
    let gone = refused(CONFIGURATION, 404, "ResourceNotFoundException");
    converse_deployed("sync_function_gone", [gone]).await;
    let steps = [
        function("other", "Successful", ""),
        there(),
        refused(CODE, 403, "AccessDeniedException"),
    ];
    converse_deployed("sync_denied", steps).await;
}

#[tokio::test]
async fn a_fault_that_passes_is_borne() {
    let steps = [
        refused(CONFIGURATION, 429, "TooManyRequestsException"),
        function(EXTRACT, "Successful", ""),
    ];
    converse_deployed("sync_throttled", steps).await;
}

#[tokio::test]
async fn a_stack_that_only_deployments_may_change_is_refused() {
    let tag = format!(
        "<StackStatus>UPDATE_COMPLETE</StackStatus><Tags><member><Key>{STAGE_TAG}</Key><Value>{PRODUCTION}</Value></member></Tags>"
    );
    converse("sync_production", [described(&tag)]).await;
    let protection = "<StackStatus>UPDATE_COMPLETE</StackStatus><EnableTerminationProtection>true</EnableTerminationProtection>";
    converse("sync_protected", [described(protection)]).await;
    let busy = "<StackStatus>UPDATE_IN_PROGRESS</StackStatus>";
    converse("sync_busy", [described(busy)]).await;
}

#[tokio::test]
async fn a_stack_that_is_not_there_has_no_functions() {
    converse("sync_absent", [no_such_stack()]).await;
    let denied = error("AccessDenied", "no");
    converse("sync_stack_denied", [("DescribeStacks", denied)]).await;
}
