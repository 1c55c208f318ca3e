//! Ways back, and updates that are given up. The snapshots are the whole conversation.

use crate::{
    fake::{
        Answer, Fake,
        answers::{done, error, events, no_such_stack, stack, stack_because},
    },
    snapshot_of,
};
use deploy::{abandon_creation, attach, cancel_update, roll_back};

async fn converse(
    snapshot: &str,
    skip: &[&str],
    steps: impl IntoIterator<Item = (&'static str, Answer)>,
) {
    let fake = Fake::new(steps).await;
    let skip: Vec<String> = skip.iter().map(|id| (*id).to_owned()).collect();
    let result = roll_back(&fake.target, "vision", &skip, &mut fake.listener()).await;
    snapshot_of(snapshot, &fake.transcript(&result));
}

#[tokio::test]
async fn a_failed_rollback_is_continued_without_what_is_skipped() {
    let steps = [
        stack("UPDATE_ROLLBACK_FAILED"),
        events(&[("e0", "vision", "UPDATE_ROLLBACK_FAILED", "")]),
        done("ContinueUpdateRollback"),
        stack("UPDATE_ROLLBACK_IN_PROGRESS"),
        events(&[
            (
                "e1",
                "vision",
                "UPDATE_ROLLBACK_IN_PROGRESS",
                "User Initiated",
            ),
            ("e0", "vision", "UPDATE_ROLLBACK_FAILED", ""),
        ]),
        stack("UPDATE_ROLLBACK_COMPLETE"),
        events(&[
            ("e2", "vision", "UPDATE_ROLLBACK_COMPLETE", ""),
            (
                "e1",
                "vision",
                "UPDATE_ROLLBACK_IN_PROGRESS",
                "User Initiated",
            ),
        ]),
    ];
    converse("rollback_continued", &["Landing", "Raw"], steps).await;
}

#[tokio::test]
async fn a_rollback_that_fails_again_says_what_could_be_skipped() {
    let reason = "The following resource(s) failed to update: [Landing].";
    let steps = [
        stack("UPDATE_ROLLBACK_FAILED"),
        events(&[]),
        done("ContinueUpdateRollback"),
        stack_because("UPDATE_ROLLBACK_FAILED", reason),
        events(&[
            ("e3", "vision", "UPDATE_ROLLBACK_FAILED", reason),
            ("e2", "Landing", "UPDATE_FAILED", "Access Denied"),
            (
                "e1",
                "vision",
                "UPDATE_ROLLBACK_IN_PROGRESS",
                "User Initiated",
            ),
        ]),
    ];
    converse("rollback_failed_again", &[], steps).await;
}

#[tokio::test]
async fn a_failed_operation_that_was_not_rolled_back_is() {
    let steps = [
        stack("UPDATE_FAILED"),
        events(&[]),
        done("RollbackStack"),
        stack("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS"),
        events(&[]),
        stack("UPDATE_ROLLBACK_COMPLETE"),
        events(&[("e1", "vision", "UPDATE_ROLLBACK_COMPLETE", "")]),
    ];
    converse("rollback_of_an_update", &[], steps).await;
    let steps = [
        stack("CREATE_FAILED"),
        events(&[]),
        done("RollbackStack"),
        stack("ROLLBACK_IN_PROGRESS"),
        events(&[]),
        stack("ROLLBACK_COMPLETE"),
        events(&[("e1", "vision", "ROLLBACK_COMPLETE", "")]),
    ];
    converse("rollback_of_a_creation", &[], steps).await;
}

#[tokio::test]
async fn a_rollback_under_way_is_waited_for() {
    let begun = ("e1", "vision", "UPDATE_IN_PROGRESS", "User Initiated");
    let steps = [
        stack("UPDATE_ROLLBACK_IN_PROGRESS"),
        stack("UPDATE_ROLLBACK_IN_PROGRESS"),
        events(&[begun]),
        stack("UPDATE_ROLLBACK_COMPLETE"),
        events(&[("e2", "vision", "UPDATE_ROLLBACK_COMPLETE", ""), begun]),
    ];
    converse("rollback_resumed", &[], steps).await;
}

#[tokio::test]
async fn there_is_not_always_something_to_roll_back_or_to_skip() {
    converse("rollback_of_nothing", &[], [no_such_stack()]).await;
    converse("rollback_of_success", &[], [stack("UPDATE_COMPLETE")]).await;
    converse(
        "rollback_skip_too_early",
        &["Raw"],
        [stack("UPDATE_FAILED")],
    )
    .await;
}

#[tokio::test]
async fn a_cancelled_update_is_followed_back() {
    let begun = ("e1", "vision", "UPDATE_IN_PROGRESS", "User Initiated");
    let cancelled = (
        "e2",
        "Landing",
        "UPDATE_FAILED",
        "Resource update cancelled",
    );
    let back = ("e3", "vision", "UPDATE_ROLLBACK_IN_PROGRESS", "");
    let fake = Fake::new([
        stack("UPDATE_IN_PROGRESS"),
        done("CancelUpdateStack"),
        stack("UPDATE_ROLLBACK_IN_PROGRESS"),
        events(&[back, cancelled, begun]),
        stack("UPDATE_ROLLBACK_COMPLETE"),
        events(&[
            ("e4", "vision", "UPDATE_ROLLBACK_COMPLETE", ""),
            back,
            cancelled,
            begun,
        ]),
    ])
    .await;
    cancel_update(&fake.target, "vision").await.unwrap();
    let result = attach(&fake.target, "vision", &mut fake.listener()).await;
    snapshot_of("cancelled", &fake.transcript(&result));
}

#[tokio::test]
async fn what_is_no_update_under_way_is_not_cancelled() {
    for (number, steps) in [
        vec![stack("CREATE_IN_PROGRESS")],
        vec![stack("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")],
        vec![
            stack("UPDATE_IN_PROGRESS"),
            (
                "CancelUpdateStack",
                error(
                    "ValidationError",
                    "CancelUpdateStack cannot be called from current stack status",
                ),
            ),
        ],
    ]
    .into_iter()
    .enumerate()
    {
        let fake = Fake::new(steps).await;
        let result = cancel_update(&fake.target, "vision").await;
        snapshot_of(
            &format!("cancel_refused_{number}"),
            &fake.transcript(&result),
        );
    }
}

#[tokio::test]
async fn a_creation_is_abandoned_by_deletion() {
    let fake = Fake::new([
        stack("CREATE_IN_PROGRESS"),
        events(&[]),
        done("DeleteStack"),
        stack("DELETE_IN_PROGRESS"),
        events(&[]),
        stack("DELETE_COMPLETE"),
        events(&[]),
    ])
    .await;
    let result = abandon_creation(&fake.target, "vision", &mut fake.listener()).await;
    snapshot_of("creation_abandoned", &fake.transcript(&result));
}
