//! Imports against a scripted CloudFormation.

use std::collections::BTreeMap;

use deploy::{Error, ImportRequest, Plan, execute_import, plan_import};

use crate::{
    fake::{
        Answer, Fake,
        answers::{
            change_set_created, change_set_page, change_set_status, described, done, error, events,
            no_such_stack, ok, stack,
        },
    },
    snapshot_of,
};

/// What is described now: one bucket is deployed, the other exists.
const TEMPLATE: &str = r#"{"Parameters":{"Days":{"Type":"Number"}},"Resources":{
    "Landing":{"Type":"AWS::S3::Bucket","DeletionPolicy":"Retain"},
    "Raw":{"Type":"AWS::S3::Bucket","DeletionPolicy":"Retain","Properties":{"Days":{"Ref":"Days"}}}},
    "Outputs":{"Bucket":{"Value":{"Ref":"Landing"}}}}"#;

fn request(resources: &[(&str, &str)]) -> ImportRequest {
    let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
    ImportRequest {
        stack: "vision".into(),
        template: TEMPLATE.into(),
        resources: resources.iter().map(owned).collect(),
        parameters: BTreeMap::from([("Days".into(), "7".into())]),
        asset_bucket: None,
    }
}

fn deployed() -> [(&'static str, Answer); 2] {
    let fields = "<StackStatus>UPDATE_COMPLETE</StackStatus><Parameters><member><ParameterKey>Model</ParameterKey><ParameterValue>haiku</ParameterValue></member></Parameters>";
    let template = r#"{"Parameters":{"Model":{"Type":"String"}},"Resources":{"Landing":{"Type":"AWS::S3::Bucket"}}}"#;
    let body = format!("<TemplateBody>{template}</TemplateBody>");
    [described(fields), ("GetTemplate", ok("GetTemplate", &body))]
}

fn summary() -> (&'static str, Answer) {
    let member = "<member><ResourceType>AWS::S3::Bucket</ResourceType><LogicalResourceIds><member>Landing</member><member>Raw</member></LogicalResourceIds><ResourceIdentifiers><member>BucketName</member></ResourceIdentifiers></member>";
    let summaries = format!("<ResourceIdentifierSummaries>{member}</ResourceIdentifierSummaries>");
    ("GetTemplateSummary", ok("GetTemplateSummary", &summaries))
}

async fn converse(
    snapshot: &str,
    request: &ImportRequest,
    steps: impl IntoIterator<Item = (&'static str, Answer)>,
) {
    let fake = Fake::new(steps).await;
    let mut listener = fake.listener();
    let result = plan_import(&fake.target, request, &mut listener).await;
    snapshot_of(snapshot, &fake.transcript(&result));
}

/// Plans the import of the second bucket into the deployed stack.
async fn converse_deployed(
    snapshot: &str,
    steps: impl IntoIterator<Item = (&'static str, Answer)>,
) {
    let request = request(&[("Raw", "vision-raw")]);
    converse(snapshot, &request, deployed().into_iter().chain(steps)).await;
}

#[tokio::test]
async fn a_resource_joins_a_deployed_stack() {
    let steps = [
        summary(),
        stack("UPDATE_COMPLETE"),
        change_set_created(),
        change_set_status("CREATE_IN_PROGRESS", ""),
        change_set_page(&[("Import", "Raw", "")], Some("more")),
        change_set_page(&[], None),
    ];
    converse_deployed("import", steps).await;
}

#[tokio::test]
async fn a_stack_is_made_of_imported_resources() {
    let all = request(&[
        ("Landing", "vision-landing"),
        ("Raw", "BucketName=vision-raw"),
    ]);
    let steps = [
        no_such_stack(),
        summary(),
        no_such_stack(),
        change_set_created(),
        change_set_page(&[("Import", "Landing", ""), ("Import", "Raw", "")], None),
    ];
    converse("import_create", &all, steps).await;
    let one = request(&[("Raw", "vision-raw")]);
    converse("import_create_of_some", &one, [no_such_stack()]).await;
}

#[tokio::test]
async fn what_cannot_be_imported_is_told_before_anything_is_asked() {
    let there = request(&[("Landing", "vision-landing")]);
    converse("import_already", &there, deployed()).await;
    let lost = request(&[("Lost", "lost")]);
    converse("import_unknown", &lost, deployed()).await;
    let mut changed = request(&[("Raw", "vision-raw")]);
    changed.parameters.insert("Model".into(), "sonnet".into());
    converse("import_parameter", &changed, deployed()).await;
}

#[tokio::test]
async fn a_type_that_cannot_be_imported_is_told() {
    let nothing = ("GetTemplateSummary", ok("GetTemplateSummary", ""));
    converse_deployed("import_type", [nothing]).await;
}

#[tokio::test]
async fn refusals_say_what_was_tried() {
    let denied = ("GetTemplateSummary", error("AccessDenied", "not yours"));
    converse_deployed("import_denied", [denied]).await;
    let throttled = ("GetTemplateSummary", error("Throttling", "Rate exceeded"));
    converse_deployed("import_throttled", [throttled]).await;
    let raw = request(&[("Raw", "vision-raw")]);
    converse("import_busy", &raw, [stack("IMPORT_IN_PROGRESS")]).await;
    let steps = [
        summary(),
        stack("UPDATE_COMPLETE"),
        change_set_created(),
        change_set_status(
            "FAILED",
            "CloudFormation is attempting to import some resources because they already exist in your account",
        ),
        done("DeleteChangeSet"),
    ];
    converse_deployed("import_refused", steps).await;
}

async fn execute(steps: Vec<(&'static str, Answer)>) -> String {
    let fake = Fake::new(steps).await;
    let plan = Plan {
        stack: "vision".into(),
        stack_id: crate::fake::answers::STACK_ID.into(),
        change_set: crate::fake::answers::CHANGE_SET_ID.into(),
        create: false,
        changes: Vec::new(),
    };
    let mut listener = fake.listener();
    let result: Result<_, Error> = execute_import(&fake.target, &plan, &mut listener).await;
    fake.transcript(&result)
}

#[tokio::test]
async fn an_import_is_executed_and_waited_for() {
    let started = ("e1", "Raw", "IMPORT_IN_PROGRESS", "");
    let imported = execute(vec![
        events(&[]),
        done("ExecuteChangeSet"),
        stack("IMPORT_IN_PROGRESS"),
        events(&[started]),
        stack("IMPORT_COMPLETE"),
        events(&[
            ("e3", "vision", "IMPORT_COMPLETE", ""),
            ("e2", "Raw", "IMPORT_COMPLETE", ""),
            started,
        ]),
    ])
    .await;
    let absent = "Resource of type 'AWS::S3::Bucket' with identifier 'vision-raw' was not found.";
    let failed = execute(vec![
        events(&[]),
        done("ExecuteChangeSet"),
        stack("IMPORT_ROLLBACK_COMPLETE"),
        events(&[
            ("e3", "vision", "IMPORT_ROLLBACK_COMPLETE", ""),
            ("e2", "Raw", "IMPORT_FAILED", absent),
            started,
            ("e0", "vision", "IMPORT_IN_PROGRESS", ""),
        ]),
    ])
    .await;
    snapshot_of("import_executed", &[imported, failed].join("\n\n"));
}
