//! Deployments against a scripted CloudFormation. The snapshots are the whole conversation.

use crate::{
    fake::{
        Answer, Fake,
        answers::{
            change_set_created, change_set_page, change_set_status, done, error, events,
            events_page, no_such_stack, planned, planned_stack_deleted, stack, stack_because,
            storage,
        },
    },
    snapshot_of,
};
use deploy::{AssetBucket, Error, StackRequest, TEMPLATE_LIMIT, deploy_stack, stack_outputs};

const TEMPLATE: &str = r#"{"Resources":{"Landing":{"Type":"AWS::S3::Bucket"}}}"#;

async fn converse(
    snapshot: &str,
    request: &StackRequest,
    steps: impl IntoIterator<Item = (&'static str, Answer)>,
) {
    let fake = Fake::new(steps).await;
    let result = deploy_stack(&fake.target, request, &mut fake.listener()).await;
    snapshot_of(snapshot, &fake.transcript(&result));
}

fn vision() -> StackRequest {
    StackRequest::new("vision", TEMPLATE)
        .parameter("Model", "haiku")
        .tag("team", "books")
}

#[tokio::test]
async fn a_new_stack_is_created() {
    let review = ("e0", "vision", "REVIEW_IN_PROGRESS", "User Initiated");
    let started = ("e1", "vision", "CREATE_IN_PROGRESS", "");
    let bucket = ("e2", "Landing", "CREATE_IN_PROGRESS", "");
    let made = ("e3", "Landing", "CREATE_COMPLETE", "");
    let ended = ("e4", "vision", "CREATE_COMPLETE", "");
    let steps = [
        no_such_stack(),
        change_set_created(),
        change_set_status("CREATE_PENDING", ""),
        change_set_status("CREATE_IN_PROGRESS", ""),
        planned(),
        events(&[review]),
        done("ExecuteChangeSet"),
        stack("REVIEW_IN_PROGRESS"),
        events(&[review]),
        stack("CREATE_IN_PROGRESS"),
        events(&[bucket, started, review]),
        stack("CREATE_COMPLETE"),
        events(&[ended, made, bucket, started, review]),
    ];
    converse("create", &vision(), steps).await;
}

#[tokio::test]
async fn an_existing_stack_is_updated_and_its_history_is_read_page_by_page() {
    let old = ("e0", "vision", "CREATE_COMPLETE", "");
    let steps = [
        stack("UPDATE_ROLLBACK_COMPLETE"),
        change_set_created(),
        change_set_page(&[("Modify", "Landing", "True")], Some("more")),
        change_set_page(&[("Remove", "Raw", "")], None),
        events_page(&[old], Some("older")),
        done("ExecuteChangeSet"),
        stack("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"),
        events_page(
            &[
                ("e3", "Landing", "UPDATE_COMPLETE", ""),
                ("e2", "Landing", "UPDATE_IN_PROGRESS", ""),
            ],
            Some("older"),
        ),
        events_page(
            &[("e1", "vision", "UPDATE_IN_PROGRESS", ""), old],
            Some("much older"),
        ),
        stack("UPDATE_COMPLETE"),
        events_page(
            &[
                ("e4", "vision", "UPDATE_COMPLETE", ""),
                ("e3", "Landing", "UPDATE_COMPLETE", ""),
            ],
            Some("older"),
        ),
    ];
    converse("update", &vision(), steps).await;
}

#[tokio::test]
async fn no_changes_is_success_in_either_wording() {
    let wordings = [
        "The submitted information didn't contain changes. Submit different information to create a change set.",
        "No updates are to be performed.",
    ];
    for (number, wording) in wordings.into_iter().enumerate() {
        let steps = [
            stack("UPDATE_COMPLETE"),
            change_set_created(),
            change_set_status("FAILED", wording),
            done("DeleteChangeSet"),
            stack("UPDATE_COMPLETE"),
        ];
        converse(&format!("no_changes_{number}"), &vision(), steps).await;
    }
}

#[tokio::test]
async fn a_refused_change_set_is_deleted_and_explained() {
    let steps = [
        stack("CREATE_COMPLETE"),
        change_set_created(),
        change_set_status("FAILED", "Parameters: [Model] do not exist in the template"),
        done("DeleteChangeSet"),
    ];
    converse("change_set_refused", &vision(), steps).await;
}

#[tokio::test]
async fn a_stack_whose_creation_failed_is_deleted_first() {
    let steps = [
        stack("ROLLBACK_COMPLETE"),
        events(&[("e0", "vision", "ROLLBACK_COMPLETE", "")]),
        done("DeleteStack"),
        stack("DELETE_IN_PROGRESS"),
        events(&[
            ("e1", "vision", "DELETE_IN_PROGRESS", ""),
            ("e0", "vision", "ROLLBACK_COMPLETE", ""),
        ]),
        stack("DELETE_COMPLETE"),
        events(&[
            ("e2", "vision", "DELETE_COMPLETE", ""),
            ("e1", "vision", "DELETE_IN_PROGRESS", ""),
        ]),
        change_set_created(),
        planned(),
        events(&[]),
        done("ExecuteChangeSet"),
        stack("CREATE_COMPLETE"),
        events(&[
            ("f2", "vision", "CREATE_COMPLETE", ""),
            ("f1", "vision", "CREATE_IN_PROGRESS", ""),
        ]),
    ];
    converse("rollback_complete", &vision(), steps).await;
}

#[tokio::test]
async fn what_others_have_planned_is_left_alone() {
    let taken = error(
        "AlreadyExistsException",
        "ChangeSet colophon-1 already exists",
    );
    let taken = ("CreateChangeSet", taken);
    let steps = [
        stack("REVIEW_IN_PROGRESS"),
        taken.clone(),
        taken,
        change_set_created(),
        planned(),
        events(&[]),
        done("ExecuteChangeSet"),
        stack("CREATE_COMPLETE"),
        events(&[
            ("e2", "vision", "CREATE_COMPLETE", ""),
            ("e1", "vision", "CREATE_IN_PROGRESS", ""),
        ]),
    ];
    converse("review_in_progress", &vision(), steps).await;
}

#[tokio::test]
async fn what_was_said_before_the_operation_is_not_its_end() {
    let old = ("e0", "vision", "UPDATE_COMPLETE", "");
    let begun = ("e1", "vision", "UPDATE_IN_PROGRESS", "");
    let steps = [
        stack("UPDATE_COMPLETE"),
        change_set_created(),
        planned(),
        events(&[old]),
        done("ExecuteChangeSet"),
        stack("UPDATE_COMPLETE"),
        events(&[old]),
        stack("UPDATE_COMPLETE"),
        events(&[old]),
        stack("UPDATE_IN_PROGRESS"),
        events(&[begun, old]),
        stack("UPDATE_COMPLETE"),
        events(&[("e2", "vision", "UPDATE_COMPLETE", ""), begun, old]),
    ];
    converse("update_seen_late", &vision(), steps).await;
}

#[tokio::test]
async fn a_failure_names_the_resource_that_failed_by_itself() {
    let reason = "The following resource(s) failed to create: [Landing, Raw, Processed].";
    let history = [
        ("e6", "vision", "ROLLBACK_COMPLETE", ""),
        ("e5", "vision", "ROLLBACK_IN_PROGRESS", reason),
        (
            "e4",
            "Processed",
            "CREATE_FAILED",
            "Resource creation cancelled",
        ),
        ("e3", "Raw", "CREATE_FAILED", "Resource creation cancelled"),
        (
            "e2",
            "Landing",
            "CREATE_FAILED",
            "vision-landing already exists (Service: S3, Status Code: 409)",
        ),
        ("e1", "vision", "CREATE_IN_PROGRESS", ""),
    ];
    let steps = [
        no_such_stack(),
        change_set_created(),
        planned(),
        events(&[]),
        done("ExecuteChangeSet"),
        stack_because("ROLLBACK_COMPLETE", reason),
        events(&history),
    ];
    converse("failure", &vision(), steps).await;
}

#[tokio::test]
async fn a_failure_without_a_failed_resource_gives_the_stacks_own_reason() {
    let steps = [
        stack("CREATE_COMPLETE"),
        change_set_created(),
        planned(),
        events(&[]),
        done("ExecuteChangeSet"),
        stack_because(
            "UPDATE_ROLLBACK_FAILED",
            "Export Landing cannot be deleted as it is in use",
        ),
        events(&[
            (
                "e2",
                "vision",
                "UPDATE_ROLLBACK_FAILED",
                "Export Landing cannot be deleted as it is in use",
            ),
            ("e1", "vision", "UPDATE_IN_PROGRESS", ""),
        ]),
    ];
    converse("failure_of_the_stack", &vision(), steps).await;
}

#[tokio::test]
async fn only_does_not_exist_means_that_there_is_no_stack() {
    let expired = (
        "DescribeStacks",
        error(
            "ExpiredToken",
            "The security token included in the request is expired",
        ),
    );
    converse("expired", &vision(), [expired]).await;
    let invalid = (
        "DescribeStacks",
        error("ValidationError", "1 validation error detected"),
    );
    converse("invalid", &vision(), [invalid]).await;
}

#[tokio::test]
async fn a_long_template_goes_through_the_bucket() {
    let padding = "x".repeat(60_000);
    let template = format!(
        r#"{{"Description":"{padding}","Resources":{{"Landing":{{"Type":"AWS::S3::Bucket"}}}}}}"#
    );
    let request = StackRequest::new("vision", template);
    converse("long_without_bucket", &request, [no_such_stack()]).await;

    let key = "PUT /assets/templates/vision/1e97416a3c8b6457ba81d0d308d3d40bf7b89d7576200cd52b69872cced4132e.json";
    let steps = [
        no_such_stack(),
        (key, storage(200, "", &[])),
        change_set_created(),
        change_set_status("FAILED", "enough for this test"),
        done("DeleteChangeSet"),
    ];
    // Nothing is left of a stack that was to be created.
    let steps = steps.into_iter().chain(planned_stack_deleted());
    let bucket = AssetBucket {
        name: "assets".into(),
        owner: "111122223333".into(),
    };
    converse("long", &request.asset_bucket(bucket), steps).await;
}

#[tokio::test]
async fn a_template_over_the_limit_is_refused_before_anything_is_sent() {
    let padding = "x".repeat(TEMPLATE_LIMIT);
    let request = StackRequest::new(
        "vision",
        format!(r#"{{"Description":"{padding}","Resources":{{}}}}"#),
    );
    let fake = Fake::new([no_such_stack()]).await;
    let result = deploy_stack(&fake.target, &request, &mut fake.listener()).await;
    assert!(
        matches!(&result, Err(Error::TemplateTooLarge { size, .. }) if *size > TEMPLATE_LIMIT),
        "{result:?}"
    );
}

#[tokio::test]
async fn something_else_than_a_template_is_refused() {
    converse(
        "not_json",
        &StackRequest::new("vision", "Resources: {}"),
        [],
    )
    .await;
    converse("not_a_template", &StackRequest::new("vision", "{}"), []).await;
}

#[tokio::test]
async fn no_more_is_acknowledged_than_the_template_needs() {
    let cases = [
        (r#"{"Resources":{"B":{"Type":"AWS::S3::Bucket"}}}"#, None),
        (
            r#"{"Resources":{"R":{"Type":"AWS::IAM::Role","Properties":{"Path":"/"}},"P":{"Type":"AWS::IAM::Policy","Properties":{"PolicyName":"p"}}}}"#,
            Some("CAPABILITY_IAM"),
        ),
        (
            r#"{"Resources":{"P":{"Type":"AWS::IAM::Policy"},"R":{"Type":"AWS::IAM::Role","Properties":{"RoleName":"admin"}}}}"#,
            Some("CAPABILITY_NAMED_IAM"),
        ),
    ];
    for (template, capability) in cases {
        let steps = [
            no_such_stack(),
            (
                "CreateChangeSet",
                error("ValidationError", "enough for this test"),
            ),
        ];
        let fake = Fake::new(steps).await;
        let result = deploy_stack(
            &fake.target,
            &StackRequest::new("vision", template),
            &mut fake.listener(),
        )
        .await;
        let transcript = fake.transcript(&result);
        let sent: Vec<&str> = transcript
            .split_whitespace()
            .filter_map(|word| word.strip_prefix("Capabilities.member.1="))
            .collect();
        assert_eq!(sent, Vec::from_iter(capability), "{template}");
        assert!(!transcript.contains("Capabilities.member.2"));
    }
}

#[tokio::test]
async fn the_outputs_of_a_stack_that_is_not_there_are_none() {
    let fake = Fake::new([
        stack("UPDATE_COMPLETE"),
        stack("DELETE_COMPLETE"),
        no_such_stack(),
    ])
    .await;
    let outputs = stack_outputs(&fake.target, "vision")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(outputs["Bucket"], "vision-landing");
    assert_eq!(stack_outputs(&fake.target, "vision").await.unwrap(), None);
    assert_eq!(stack_outputs(&fake.target, "vision").await.unwrap(), None);
}
