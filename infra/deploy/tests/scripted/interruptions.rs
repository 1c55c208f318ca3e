//! Operations that were begun by an earlier run, or whose sight was lost. The snapshots are the whole conversation.

use crate::{
    fake::{
        Answer, Fake,
        answers::{
            CHANGE_SET_ID, Entry, STACK_ID, change_set_created, cut_off, done, error, events,
            events_page, no_such_stack, ok, plan, planned, stack, stack_because, stack_by, trouble,
        },
    },
    snapshot_of,
};
use aws_smithy_types::retry::RetryConfig;
use deploy::{
    Connection, Error, Plan, StackRequest, Target, attach, await_execution, deploy_stack, read_plan,
};

const TEMPLATE: &str = r#"{"Resources":{"Landing":{"Type":"AWS::S3::Bucket"}}}"#;
/// The name that the request's change set has.
const OURS: &str = "colophon-7ddc7746591f32b0";

const OLD: Entry<'_> = ("e0", "vision", "CREATE_COMPLETE", "");
const BEGUN: Entry<'_> = ("e1", "vision", "UPDATE_IN_PROGRESS", "User Initiated");

async fn converse(snapshot: &str, steps: impl IntoIterator<Item = (&'static str, Answer)>) {
    let fake = Fake::new(steps).await;
    let request = StackRequest::new("vision", TEMPLATE);
    let result = deploy_stack(&fake.target, &request, &mut fake.listener()).await;
    snapshot_of(snapshot, &fake.transcript(&result));
}

/// A deployment up to where its change set is executed.
fn executed() -> Vec<(&'static str, Answer)> {
    vec![
        no_such_stack(),
        change_set_created(),
        planned(),
        events(&[]),
        done("ExecuteChangeSet"),
    ]
}

#[tokio::test]
async fn the_same_deployment_takes_up_the_one_that_was_interrupted() {
    let bucket = ("e2", "Landing", "UPDATE_IN_PROGRESS", "");
    let made = ("e3", "Landing", "UPDATE_COMPLETE", "");
    let ended = ("e4", "vision", "UPDATE_COMPLETE", "");
    let steps = [
        stack_by("UPDATE_IN_PROGRESS", OURS),
        stack_by("UPDATE_IN_PROGRESS", OURS),
        events_page(&[bucket], Some("older")),
        events_page(&[BEGUN, OLD], Some("much older")),
        stack_by("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", OURS),
        events(&[made, bucket, BEGUN, OLD]),
        stack_by("UPDATE_COMPLETE", OURS),
        events(&[ended, made, bucket, BEGUN, OLD]),
    ];
    converse("resumed", steps).await;
}

#[tokio::test]
async fn a_rollback_that_is_taken_up_names_what_failed_before() {
    let failed = ("e2", "Landing", "UPDATE_FAILED", "landing is taken");
    let back = ("e3", "vision", "UPDATE_ROLLBACK_IN_PROGRESS", "");
    let steps = [
        stack_by("UPDATE_ROLLBACK_IN_PROGRESS", OURS),
        stack_by("UPDATE_ROLLBACK_IN_PROGRESS", OURS),
        events(&[back, failed, BEGUN, OLD]),
        stack_by("UPDATE_ROLLBACK_COMPLETE", OURS),
        events(&[
            ("e4", "vision", "UPDATE_ROLLBACK_COMPLETE", ""),
            back,
            failed,
            BEGUN,
            OLD,
        ]),
    ];
    converse("resumed_rollback", steps).await;
}

#[tokio::test]
async fn somebody_elses_deployment_is_not_taken_up() {
    converse(
        "busy_with_another",
        [stack_by("UPDATE_IN_PROGRESS", "colophon-another")],
    )
    .await;
    converse(
        "busy_with_deletion_of_ours",
        [stack_by("DELETE_IN_PROGRESS", OURS)],
    )
    .await;
}

#[tokio::test]
async fn attaching_to_what_is_not_there_or_has_ended_says_so() {
    let fake = Fake::new([no_such_stack()]).await;
    let result = attach(&fake.target, "vision", &mut fake.listener()).await;
    snapshot_of("attach_absent", &fake.transcript(&result));

    let fake = Fake::new([
        stack("IMPORT_COMPLETE"),
        events(&[("e1", "vision", "IMPORT_COMPLETE", ""), OLD]),
        stack("IMPORT_COMPLETE"),
        events(&[("e1", "vision", "IMPORT_COMPLETE", ""), OLD]),
    ])
    .await;
    let result = attach(&fake.target, "vision", &mut fake.listener()).await;
    snapshot_of("attach_ended", &fake.transcript(&result));
}

#[tokio::test]
async fn what_keeps_us_from_seeing_for_a_moment_is_borne() {
    let started = ("e1", "vision", "CREATE_IN_PROGRESS", "");
    let ended = ("e2", "vision", "CREATE_COMPLETE", "");
    let mut steps = executed();
    steps.extend([
        ("DescribeStacks", trouble(503, "ServiceUnavailable")),
        ("DescribeStacks", cut_off()),
        stack("CREATE_IN_PROGRESS"),
        ("DescribeStackEvents", trouble(400, "Throttling")),
        stack("CREATE_IN_PROGRESS"),
        events(&[started]),
        ("DescribeStacks", trouble(500, "InternalFailure")),
        stack("CREATE_COMPLETE"),
        events(&[ended, started]),
    ]);
    converse("sight_lost_for_a_moment", steps).await;
}

#[tokio::test]
async fn who_may_not_look_any_more_is_told_at_once_that_it_goes_on() {
    for (snapshot, code, message) in [
        (
            "sight_denied",
            "AccessDenied",
            "User is not authorized to perform: cloudformation:DescribeStacks",
        ),
        (
            "sight_expired",
            "ExpiredToken",
            "The security token included in the request is expired",
        ),
    ] {
        let mut steps = executed();
        steps.push(("DescribeStacks", error(code, message)));
        converse(snapshot, steps).await;
    }
}

#[tokio::test]
async fn patience_ends() {
    let mut steps = executed();
    steps.extend((0..61).map(|_| ("DescribeStacks", trouble(503, "ServiceUnavailable"))));
    let fake = Fake::new(steps).await;
    let request = StackRequest::new("vision", TEMPLATE);
    let result = deploy_stack(&fake.target, &request, &mut fake.listener()).await;
    let Err(Error::LostSight { stack, cause }) = &result else {
        panic!("{result:?}");
    };
    assert_eq!(stack, "vision");
    assert!(
        matches!(&**cause, Error::Service { code: Some(code), .. } if code == "ServiceUnavailable")
    );
    let transcript = fake.transcript(&result);
    assert_eq!(transcript.matches("TryingAgain").count(), 1, "{transcript}");
}

#[tokio::test]
async fn an_endpoint_that_nobody_answers_at_is_unreachable_and_missing_credentials_are_not() {
    let nobody = |credentials| Connection {
        region: Some("eu-central-1".into()),
        // Port 1 needs a privilege that no test has.
        endpoint_url: Some("http://127.0.0.1:1".into()),
        credentials,
    };
    let known = aws_credential_types::Credentials::new("test", "test", None, None, "test");
    let target = Target::connect(nobody(Some(known))).await.unwrap();
    let config = target.config().to_builder();
    let config = config.retry_config(RetryConfig::disabled()).build();
    let target = Target::from_config(config).unwrap();
    let error = attach(&target, "vision", &mut |_| {}).await.unwrap_err();
    assert!(matches!(error, Error::Unreachable { .. }), "{error:?}");

    let without = aws_config::SdkConfig::builder()
        .region(aws_config::Region::new("eu-central-1"))
        .behavior_version(aws_config::BehaviorVersion::latest())
        .http_client(deploy::http_client())
        .build();
    let target = Target::from_config(without).unwrap();
    let error = attach(&target, "vision", &mut |_| {}).await.unwrap_err();
    assert!(
        matches!(error, Error::Service { code: None, .. }),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_failure_that_is_followed_to_the_end_of_its_rollback_names_the_first_cause() {
    let failed = ("e2", "Landing", "UPDATE_FAILED", "landing is taken");
    let back = ("e3", "vision", "UPDATE_ROLLBACK_IN_PROGRESS", "");
    let stays = ("e4", "Raw", "UPDATE_FAILED", "access is denied");
    let mut steps = executed();
    steps.extend([
        stack("UPDATE_ROLLBACK_IN_PROGRESS"),
        events(&[back, failed, BEGUN]),
        stack_because(
            "UPDATE_ROLLBACK_FAILED",
            "The following resource(s) failed to update: [Raw].",
        ),
        events(&[
            ("e5", "vision", "UPDATE_ROLLBACK_FAILED", ""),
            stays,
            back,
            failed,
            BEGUN,
        ]),
    ]);
    converse("rollback_failed", steps).await;
}

#[tokio::test]
async fn a_plan_is_taken_up_when_the_stack_says_that_it_executes_it() {
    let fake = Fake::new([
        stack_by("UPDATE_COMPLETE", "colophon-before"),
        stack("UPDATE_IN_PROGRESS"),
        stack_by("UPDATE_IN_PROGRESS", "colophon-plan"),
    ])
    .await;
    let result = await_execution(&fake.target, &plan(), &mut fake.listener()).await;
    snapshot_of("execution_awaited", &fake.transcript(&result));

    let others = (0..24).map(|_| stack_by("UPDATE_COMPLETE", "colophon-later"));
    let fake = Fake::new(others).await;
    let result = await_execution(&fake.target, &plan(), &mut fake.listener()).await;
    assert!(
        matches!(&result, Err(Error::StalePlan { .. })),
        "{result:?}"
    );
}

#[tokio::test]
async fn a_plan_that_says_something_else_of_its_change_set_is_refused() {
    let told = |stack: &str, id: &str| {
        let fields = format!(
            "<StackName>{stack}</StackName><StackId>{STACK_ID}</StackId><ChangeSetId>{id}</ChangeSetId><Status>CREATE_COMPLETE</Status><ExecutionStatus>AVAILABLE</ExecutionStatus>"
        );
        ("DescribeChangeSet", ok("DescribeChangeSet", &fields))
    };
    let by_hand = "arn:aws:cloudformation:eu-central-1:111122223333:changeSet/by-hand/0003";
    let another_stack = Plan {
        stack_id: STACK_ID.replace("vision", "vision-production"),
        ..plan()
    };
    let another_name = Plan {
        stack: "vision-production".into(),
        ..plan()
    };
    let foreign = Plan {
        change_set: by_hand.into(),
        ..plan()
    };
    for (plan, answer) in [
        (another_stack, told("vision", CHANGE_SET_ID)),
        (another_name, told("vision-production", CHANGE_SET_ID)),
        (foreign, told("vision", by_hand)),
    ] {
        let fake = Fake::new([answer]).await;
        let result = read_plan(&fake.target, &plan).await;
        assert!(
            matches!(&result, Err(Error::StalePlan { .. })),
            "{result:?}"
        );
    }
}
