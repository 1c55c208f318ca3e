//! The local AWS enforces IAM: a grant that the template lacks fails here as it would in the cloud.
#![expect(
    clippy::expect_used,
    reason = "a test that cannot go on says why and ends"
)]

use end_to_end::{Vision, revoke};
use local::bedrock::Config;
use local::covers::Archive;

/// A deployment whose role lacks one action, and an archive of two covers in it.
async fn two_covers_without(role: &str, action: &str) -> Vision {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let vision = Vision::deploy(Config::default(), |template| revoke(template, role, action)).await;
    let archive = Archive {
        covers: 2,
        poison: false,
    };
    vision.upload_covers(folder.path(), archive).await;
    vision
}

#[tokio::test]
async fn without_the_grant_nothing_is_written_and_the_failure_says_so() {
    let vision = two_covers_without("UnzipRole", "s3:PutObject").await;
    let failures = &vision.pipeline.failures;
    vision
        .until("the invocation has failed for good", async || {
            vision.depth(failures).await.0 > 0
        })
        .await;

    assert!(
        vision.keys(&vision.pipeline.raw, "").await.is_empty(),
        "nothing was written"
    );
    let messages = vision.messages(failures).await;
    let [message] = messages.as_slice() else {
        panic!("one failure: {messages:#?}")
    };
    assert_eq!(
        message["requestContext"]["condition"], "RetriesExhausted",
        "{message:#}"
    );
    assert!(
        message["responsePayload"]
            .to_string()
            .contains("AccessDenied"),
        "{message:#}"
    );
    assert!(
        message["requestPayload"]["Records"].is_array(),
        "the event is there to be sent again: {message:#}"
    );
    vision.stop().await;
}

#[tokio::test]
async fn without_the_model_grant_images_wait_to_be_tried_again() {
    let vision = two_covers_without("ExtractRole", "bedrock:InvokeModel").await;
    let images = &vision.images_queue;
    vision
        .until("the model has refused both", async || {
            vision.session().model_requests().len() >= 2
        })
        .await;

    let (waiting, taken) = vision.depth(images).await;
    assert_eq!(waiting + taken, 2, "both images stay in the queue");
    assert!(
        vision
            .keys(&vision.pipeline.processed, "processed/")
            .await
            .is_empty(),
        "and no record is written"
    );
    assert_eq!(
        vision.depth(&vision.pipeline.failures).await,
        (0, 0),
        "a fault of the deployment is not the images' failure"
    );
    vision.stop().await;
}
