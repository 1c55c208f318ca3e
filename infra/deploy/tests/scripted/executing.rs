//! Change sets that cannot be made or executed. The snapshots are the whole conversation.

use crate::{
    fake::{
        Answer, Fake,
        answers::{
            change_set_created, change_set_status, change_sets, cut_off, done, error, events, ok,
            plan, planned_stack_deleted, stack, trouble,
        },
    },
    snapshot_of,
};
use deploy::{Plan, StackRequest, discard_plan, execute_plan, plan_stack};

async fn executed(snapshot: &str, steps: impl IntoIterator<Item = (&'static str, Answer)>) {
    let fake = Fake::new([events(&[])].into_iter().chain(steps)).await;
    let result = execute_plan(&fake.target, &plan(), &mut fake.listener()).await;
    snapshot_of(snapshot, &fake.transcript(&result));
}

async fn planned(snapshot: &str, steps: impl IntoIterator<Item = (&'static str, Answer)>) {
    let request = StackRequest::new("vision", r#"{"Resources":{}}"#);
    let begin = [stack("CREATE_COMPLETE")];
    let fake = Fake::new(begin.into_iter().chain(steps)).await;
    let result = plan_stack(&fake.target, &request, &mut fake.listener()).await;
    snapshot_of(snapshot, &fake.transcript(&result));
}

fn refused(code: &str, message: &str) -> (&'static str, Answer) {
    ("ExecuteChangeSet", error(code, message))
}

fn in_status(status: &str) -> (&'static str, Answer) {
    refused(
        "InvalidChangeSetStatus",
        &format!("ChangeSet cannot be executed in its current execution status of [{status}]"),
    )
}

fn execution_status(status: &str) -> (&'static str, Answer) {
    let fields =
        format!("<Status>CREATE_COMPLETE</Status><ExecutionStatus>{status}</ExecutionStatus>");
    ("DescribeChangeSet", ok("DescribeChangeSet", &fields))
}

#[tokio::test]
async fn a_change_set_that_is_gone_is_planned_again() {
    let gone = refused(
        "ChangeSetNotFound",
        "ChangeSet [colophon-plan] does not exist",
    );
    executed("execute_deleted", [gone]).await;
}

#[tokio::test]
async fn a_change_set_that_was_overtaken_is_planned_again() {
    executed(
        "execute_obsolete",
        [in_status("OBSOLETE"), execution_status("OBSOLETE")],
    )
    .await;
}

#[tokio::test]
async fn a_change_set_that_is_executed_already_is_waited_for() {
    let begun = ("e1", "vision", "UPDATE_IN_PROGRESS", "");
    let ended = ("e2", "vision", "UPDATE_COMPLETE", "");
    let waited = [
        // What it was before: nothing says yet that it has begun, and then nothing that it has ended.
        stack("UPDATE_COMPLETE"),
        events(&[]),
        stack("UPDATE_COMPLETE"),
        events(&[begun]),
        stack("UPDATE_COMPLETE"),
        events(&[ended, begun]),
    ];
    let status = "EXECUTE_IN_PROGRESS";
    let steps = [in_status(status), execution_status(status)];
    executed("execute_twice", steps.into_iter().chain(waited.clone())).await;
    // The request arrived, and its answer did not.
    let steps = [("ExecuteChangeSet", cut_off()), execution_status(status)];
    executed("execute_cut_off", steps.into_iter().chain(waited)).await;
}

#[tokio::test]
async fn a_request_that_did_not_arrive_has_begun_nothing() {
    let steps = [
        ("ExecuteChangeSet", cut_off()),
        execution_status("AVAILABLE"),
    ];
    executed("execute_not_arrived", steps).await;
}

#[tokio::test]
async fn a_stack_that_somebody_else_has_begun_to_change_is_busy() {
    let steps = || {
        refused(
            "ValidationError",
            "Stack is in UPDATE_IN_PROGRESS state and can not be updated",
        )
    };
    executed("execute_busy", [steps(), stack("UPDATE_IN_PROGRESS")]).await;
    executed("execute_without_stack", [steps(), stack("DELETE_COMPLETE")]).await;
    executed("execute_invalid", [steps(), stack("UPDATE_COMPLETE")]).await;
}

#[tokio::test]
async fn a_denied_or_throttled_execution_has_begun_nothing() {
    let denied = refused(
        "AccessDenied",
        "User is not authorized to perform: cloudformation:ExecuteChangeSet",
    );
    executed("execute_denied", [denied]).await;
    let throttled = ("ExecuteChangeSet", trouble(400, "Throttling"));
    executed("execute_throttled", [throttled]).await;
}

#[tokio::test]
async fn a_change_set_that_is_deleted_while_it_is_made_says_so() {
    let gone = (
        "DescribeChangeSet",
        error(
            "ChangeSetNotFound",
            "ChangeSet [colophon-plan] does not exist",
        ),
    );
    planned("plan_deleted", [change_set_created(), gone]).await;
}

#[tokio::test]
async fn what_early_validation_has_found_is_told() {
    let reason = "The following hook(s)/validation failed: [AWS::EarlyValidation::ResourceExistenceCheck]. To troubleshoot Early Validation errors, use the DescribeEvents API for detailed failure information.";
    let event = "<member><EventId>1</EventId><EventType>VALIDATION_ERROR</EventType><LogicalResourceId>Landing</LogicalResourceId><ResourceType>AWS::S3::Bucket</ResourceType><ValidationName>NAME_CONFLICT_VALIDATION</ValidationName><ValidationStatus>FAILED</ValidationStatus><ValidationStatusReason>Resource of type 'AWS::S3::Bucket' with identifier 'vision-landing' already exists.</ValidationStatusReason><ValidationPath>/Resources/Landing/Properties/BucketName</ValidationPath></member>";
    let hook = "<member><EventId>2</EventId><EventType>HOOK_INVOCATION_ERROR</EventType><HookType>Acme::Private</HookType><HookStatusReason>no public buckets</HookStatusReason></member>";
    let told = (
        "DescribeEvents",
        ok(
            "DescribeEvents",
            &format!("<OperationEvents>{event}{hook}</OperationEvents>"),
        ),
    );
    let denied = ("DescribeEvents", error("AccessDenied", "no"));
    for (snapshot, answer) in [("plan_validated", told), ("plan_validated_unseen", denied)] {
        let steps = [
            change_set_created(),
            change_set_status("FAILED", reason),
            answer,
            done("DeleteChangeSet"),
        ];
        planned(snapshot, steps).await;
    }
}

/// Gives up a plan for a new stack.
async fn given_up(snapshot: &str, steps: impl IntoIterator<Item = (&'static str, Answer)>) {
    let plan = Plan {
        create: true,
        ..plan()
    };
    let begin = [done("DeleteChangeSet")];
    let fake = Fake::new(begin.into_iter().chain(steps)).await;
    let result = discard_plan(&fake.target, &plan, &mut fake.listener()).await;
    snapshot_of(snapshot, &fake.transcript(&result));
}

#[tokio::test]
async fn a_plan_that_is_given_up_takes_no_stack_with_it_that_others_use() {
    let steps = [stack("CREATE_IN_PROGRESS")];
    given_up("given_up_and_created_by_another", steps).await;
    let steps = [
        stack("REVIEW_IN_PROGRESS"),
        change_sets(&[("colophon-another", "AVAILABLE")]),
    ];
    given_up("given_up_and_planned_by_another", steps).await;
    given_up("given_up", planned_stack_deleted()).await;
}
