//! More images at once than the model takes: each is tried again until it is a record.

use end_to_end::Vision;
use local::bedrock::{Config, Scenario};
use local::covers::Archive;
use serde_json::json;

/// Many times what the model takes in the time a client retries.
const COVERS: usize = 16;

#[tokio::test]
async fn a_burst_over_the_models_quota_loses_nothing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let quota = json!({ "throttle": { "requests_per_minute": 60, "burst": 1 } });
    let scenario: Scenario = serde_json::from_value(quota).expect("the scenario is one");
    let config = Config {
        scenario,
        upstream: None,
    };
    let vision = Vision::deploy(config, |_| ()).await;

    let archive = Archive {
        covers: COVERS,
        poison: false,
    };
    vision.upload_covers(folder.path(), archive).await;
    let progress = vision
        .pipeline
        .settle(vision.target(), |_| ())
        .await
        .expect("every image is accounted for");

    assert_eq!(
        (progress.images, progress.records, progress.failures),
        (COVERS, COVERS, 0)
    );
    let requests = vision.session().model_requests().len();
    assert!(
        requests > COVERS,
        "the model has refused some of the {requests} requests"
    );
    assert_eq!(
        vision
            .query_number("SELECT count(DISTINCT id) AS number FROM books")
            .await,
        COVERS as u64
    );
    vision.stop().await;
}
