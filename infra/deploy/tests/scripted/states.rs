//! Every state that a stack can be in before a deployment. The snapshots are the whole conversation.

use crate::{
    fake::{
        Answer, Fake,
        answers::{change_set_status, done, events, stack},
    },
    snapshot_of,
};
use aws_sdk_cloudformation::types::StackStatus;
use deploy::{StackRequest, plan_stack};

const TEMPLATE: &str = r#"{"Resources":{"Landing":{"Type":"AWS::S3::Bucket"}}}"#;

/// The conversation that plans a change of a stack which is in this state.
async fn conversation(
    status: &str,
    next: impl IntoIterator<Item = (&'static str, Answer)>,
) -> String {
    let fake = Fake::new([stack(status)].into_iter().chain(next)).await;
    let request = StackRequest::new("vision", TEMPLATE);
    let result = plan_stack(&fake.target, &request, &mut fake.listener()).await;
    fake.transcript(&result)
}

/// Enough for a test of what comes before.
fn refused() -> Vec<(&'static str, Answer)> {
    vec![(
        "CreateChangeSet",
        crate::fake::answers::error("ValidationError", "enough for this test"),
    )]
}

fn next(status: &StackStatus) -> Vec<(&'static str, Answer)> {
    let gone = [
        events(&[]),
        done("DeleteStack"),
        stack("DELETE_COMPLETE"),
        events(&[]),
    ];
    let cleaned_up = [
        events(&[]),
        stack("UPDATE_COMPLETE"),
        events(&[]),
        stack("UPDATE_COMPLETE"),
    ];
    match status {
        StackStatus::CreateComplete
        | StackStatus::UpdateComplete
        | StackStatus::UpdateRollbackComplete
        | StackStatus::ImportComplete
        | StackStatus::ImportRollbackComplete
        | StackStatus::ReviewInProgress
        | StackStatus::DeleteComplete => refused(),
        StackStatus::RollbackComplete => [gone.to_vec(), refused()].concat(),
        StackStatus::UpdateCompleteCleanupInProgress
        | StackStatus::UpdateRollbackCompleteCleanupInProgress => {
            [cleaned_up.to_vec(), refused()].concat()
        }
        _ => vec![],
    }
}

#[tokio::test]
async fn every_state_is_prepared_or_comes_with_the_way_out() {
    let mut transcripts = Vec::new();
    for status in StackStatus::values() {
        let steps = next(&StackStatus::from(*status));
        transcripts.push(format!("# {status}\n{}", conversation(status, steps).await));
    }
    snapshot_of("states", &transcripts.join("\n\n"));
}

#[tokio::test]
async fn a_state_that_this_version_does_not_know_is_left_alone() {
    snapshot_of(
        "state_unknown",
        &conversation("HIBERNATION_FAILED", []).await,
    );
}

#[tokio::test]
async fn a_change_set_that_cannot_be_described_for_a_moment_is_asked_for_again() {
    let trouble = || {
        (
            "DescribeChangeSet",
            crate::fake::answers::trouble(400, "Throttling"),
        )
    };
    let steps = [
        crate::fake::answers::change_set_created(),
        trouble(),
        trouble(),
        change_set_status("CREATE_IN_PROGRESS", ""),
        crate::fake::answers::planned(),
    ];
    snapshot_of(
        "planning_throttled",
        &conversation("CREATE_COMPLETE", steps).await,
    );
}
