//! The end of a stack, from every state. The snapshots are the whole conversation.

use crate::{
    fake::{
        Answer, Fake,
        answers::{described, done, events, no_such_stack, stack, stack_because},
    },
    snapshot_of,
};
use deploy::{Destruction, destroy_stack};

async fn converse(
    snapshot: &str,
    destruction: Destruction,
    steps: impl IntoIterator<Item = (&'static str, Answer)>,
) {
    let fake = Fake::new(steps).await;
    let result = destroy_stack(&fake.target, &destruction, &mut fake.listener()).await;
    snapshot_of(snapshot, &fake.transcript(&result));
}

fn vision() -> Destruction {
    Destruction::of("vision")
}

#[tokio::test]
async fn a_deletion_under_way_is_waited_for() {
    let begun = ("e1", "vision", "DELETE_IN_PROGRESS", "User Initiated");
    let older = ("e0", "vision", "CREATE_COMPLETE", "");
    let steps = [
        stack("DELETE_IN_PROGRESS"),
        stack("DELETE_IN_PROGRESS"),
        events(&[begun, older]),
        stack("DELETE_IN_PROGRESS"),
        events(&[begun, older]),
        no_such_stack(),
        events(&[begun, older]),
    ];
    converse("destroy_resumed", vision(), steps).await;
}

#[tokio::test]
async fn a_stack_in_another_operation_is_not_destroyed() {
    for status in ["UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_IN_PROGRESS"] {
        let snapshot = format!("destroy_busy_{}", status.to_lowercase());
        converse(&snapshot, vision(), [stack(status)]).await;
    }
}

#[tokio::test]
async fn a_protected_stack_is_not_destroyed() {
    let protected = "<StackStatus>CREATE_COMPLETE</StackStatus><EnableTerminationProtection>true</EnableTerminationProtection>";
    let steps = [described(protected)];
    let emptied = vision().empty(["vision-landing".to_owned()]);
    converse("destroy_protected_stack", emptied, steps).await;
}

#[tokio::test]
async fn what_cannot_be_deleted_is_left_behind() {
    let steps = [
        stack("DELETE_FAILED"),
        events(&[]),
        done("DeleteStack"),
        stack("DELETE_COMPLETE"),
        events(&[("e1", "Landing", "DELETE_SKIPPED", "")]),
    ];
    let but = vision().retain(["Landing".to_owned(), "Raw".to_owned()]);
    converse("destroy_retain", but, steps).await;
}

#[tokio::test]
async fn nothing_is_left_behind_before_a_deletion_has_failed() {
    let but = vision().retain(["Landing".to_owned()]);
    converse("destroy_retain_too_early", but, [stack("CREATE_COMPLETE")]).await;
}

#[tokio::test]
async fn all_that_stays_is_named_once() {
    let reason = "The following resource(s) failed to delete: [Raw, Landing].";
    let history = [
        ("e5", "vision", "DELETE_FAILED", reason),
        (
            "e4",
            "Raw",
            "DELETE_FAILED",
            "has dependent objects (Service: Ec2, Status Code: 400)",
        ),
        ("e3", "Landing", "DELETE_FAILED", "The bucket is not empty"),
        ("e2", "Landing", "DELETE_FAILED", "The bucket is not empty"),
        ("e1", "vision", "DELETE_IN_PROGRESS", ""),
    ];
    let steps = [
        stack("ROLLBACK_FAILED"),
        events(&[]),
        done("DeleteStack"),
        stack_because("DELETE_FAILED", reason),
        events(&history),
    ];
    converse("destroy_failed_twice", vision(), steps).await;
}
