//! The outputs of a stack, and what keeps them from being read.

use deploy::stack_outputs;

use crate::{
    fake::{
        Answer, Fake,
        answers::{error, no_such_stack, stack},
    },
    snapshot_of,
};

async fn converse(snapshot: &str, steps: impl IntoIterator<Item = (&'static str, Answer)>) {
    let fake = Fake::new(steps).await;
    let result = stack_outputs(&fake.target, "vision").await;
    snapshot_of(snapshot, &fake.transcript(&result));
}

#[tokio::test]
async fn outputs_are_read_by_one_request() {
    converse("outputs", [stack("UPDATE_COMPLETE")]).await;
    converse("outputs_absent", [no_such_stack()]).await;
}

#[tokio::test]
async fn who_may_not_describe_the_stack_is_told_so() {
    let denied = "User: dev is not authorized to perform: cloudformation:DescribeStacks";
    converse(
        "outputs_denied",
        [("DescribeStacks", error("AccessDenied", denied))],
    )
    .await;
}

#[tokio::test]
async fn throttling_is_told() {
    let throttled = ("DescribeStacks", error("Throttling", "Rate exceeded"));
    converse("outputs_throttled", [throttled]).await;
}
