//! Requests held against buckets in memory.
#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, and helpers of tests are not marked as tests"
)]

use std::collections::BTreeMap;
use std::sync::Arc;

use runs::{Bucket, Inputs, MemoryBucket, Premises, StoreError};
use serde_json::{Value, json};
use shared::contracts::batch::{
    RunFailure, RunManifest, RunOrder, RunPolicy, RunReference, ValidateRunRequest,
};
use shared::run::Fails as _;
use validate_run::{Services, ValidateError, validate};

const EXECUTION: &str = "arn:aws:states:eu-central-1:123456789012:execution:batch:run-1";

/// A bucket with a table of topics, and the function over it.
struct World {
    bucket: MemoryBucket,
}

impl World {
    fn new() -> Self {
        let bucket = MemoryBucket::new("data");
        bucket.put("inputs/topics.csv", "topic\ncats\ndogs\n");
        bucket.put("inputs/texts.csv", "input_text\ncats\n");
        Self { bucket }
    }

    fn validate(&self, fields: &Value) -> Result<RunOrder, ValidateError> {
        let bucket: Arc<dyn Bucket> = Arc::new(self.bucket.clone());
        let services = Services {
            premises: Premises {
                inputs: Inputs {
                    buckets: BTreeMap::from([("data".to_owned(), Arc::clone(&bucket))]),
                    elsewhere: None,
                    hub: None,
                },
                prompts: Arc::clone(&bucket),
                templates: "prompts/templates.json".to_owned(),
                policy: RunPolicy::default(),
            },
            runs: bucket,
        };
        let request = ValidateRunRequest {
            request: serde_json::from_value(request(fields)).unwrap(),
            execution: EXECUTION.to_owned(),
            name: "run-1".to_owned(),
        };
        validate(&services, &request)
    }

    fn refused(&self, fields: &Value) -> String {
        let error = self.validate(fields).unwrap_err();
        assert_eq!(error.failure(), Some(RunFailure::InvalidRequest), "{error}");
        error.to_string()
    }

    /// Leaves what a run of this name leaves.
    fn ran(&self, run: &str, attempts: u32) {
        let manifest = RunManifest {
            request: serde_json::from_value(request(&json!({}))).unwrap(),
            execution: EXECUTION.to_owned(),
            created: "2026-11-27T23:00:00Z".to_owned(),
            chunks: vec![2],
        };
        let folder = format!("runs/jokes/{run}/");
        let manifest = serde_json::to_vec(&manifest).unwrap();
        self.bucket.put(&format!("{folder}run.json"), manifest);
        for attempt in 0..attempts {
            self.bucket
                .put(&format!("{folder}tasks-{attempt}.jsonl"), "");
        }
    }
}

fn request(fields: &Value) -> Value {
    let mut request = json!({
        "s3_uri": "s3://data/inputs/topics.csv",
        "job_name_prefix": "_jokes!",
        "model_id": "eu.anthropic.claude-haiku-4-5-20251001-v1:0",
        "prompt_id": "joke_about_topic",
    });
    for (name, value) in fields.as_object().unwrap() {
        request[name] = value.clone();
    }
    request
}

#[test]
fn a_new_run_is_named_after_its_execution() {
    let order = World::new().validate(&json!({})).unwrap();
    assert_eq!(
        (order.run, order.attempt),
        (
            RunReference {
                run: "run-1".to_owned(),
                prefix: "jokes".to_owned(),
                execution: EXECUTION.to_owned(),
            },
            0
        )
    );
}

#[test]
fn what_is_missing_is_told_with_what_there_is() {
    let world = World::new();
    for (fields, message) in [
        (
            json!({"s3_uri": null}),
            "there is no source: give `s3_uri`, `images_s3_uri` or `dataset_id`",
        ),
        (json!({"dataset_id": "a/b"}), "there are several sources"),
        (
            json!({"image_column": "cover"}),
            "no column cover: it has topic",
        ),
        (
            json!({"s3_uri": null, "images_s3_uri": "s3://data/covers/"}),
            "there are no images below `s3://data/covers/`",
        ),
        (
            json!({"image_column": "topic", "model_id": "amazon.nova-micro-v1:0"}),
            "takes no images: use one of Anthropic Messages",
        ),
        (
            json!({"s3_uri": "s3://theirs/topics.csv"}),
            "use one of data, or add it to the input buckets",
        ),
        (
            json!({"s3_uri": "s3://data/inputs/topic.csv"}),
            "there is no object `s3://data/inputs/topic.csv`",
        ),
        (
            json!({"s3_uri": "s3://data/inputs/texts.csv"}),
            "no column topic: it has input_text",
        ),
        (
            json!({"prompt_id": "poem"}),
            "use one of describe_image, joke_about_topic, question_answering, sentiment_classifier",
        ),
        (
            json!({"prompt_id": null}),
            "needs a `prompt_id`: use one of describe_image, joke_about_topic",
        ),
        (
            json!({"model_id": "meta.llama3-8b-instruct-v1:0"}),
            "is not supported: use one of Anthropic Messages",
        ),
        (
            json!({"model_id": "anthropic.claude-3-haiku-20240307-v1:0"}),
            "model_id: ",
        ),
        (
            json!({"max_records_total": 0}),
            "max_records_total is `0`: give a whole number of 1 or more",
        ),
        (
            json!({"job_name_prefix": "--"}),
            "job_name_prefix: the prefix `--` has no letter",
        ),
        (
            json!({"model_id": "amazon.titan-embed-text-v2:0", "prompt_id": null}),
            "no column input_text: it has topic",
        ),
    ] {
        let refused = world.refused(&fields);
        assert!(refused.contains(message), "{refused}");
    }
    let embeddings = json!({"model_id": "amazon.titan-embed-text-v2:0", "prompt_id": "none",
        "s3_uri": "s3://data/inputs/texts.csv"});
    assert!(world.validate(&embeddings).is_ok());
}

#[test]
fn nothing_is_written() {
    let world = World::new();
    let written = world.bucket.written();
    world.validate(&json!({})).unwrap();
    assert_eq!(world.bucket.written(), written);
}

#[test]
fn a_bucket_that_fails_is_no_fault_of_the_request() {
    let world = World::new();
    let slow = StoreError::new(RunFailure::Throttled, "slow down");
    for key in ["inputs/topics.csv", "prompts/templates.json"] {
        let world = World::new();
        world.bucket.fail(key, slow.clone());
        let error = world.validate(&json!({})).unwrap_err();
        assert_eq!(error.failure(), Some(RunFailure::Throttled), "{key}");
    }
    world.bucket.fail("runs/jokes/first/run.json", slow);
    let error = world.validate(&json!({"redrive": "first"})).unwrap_err();
    assert_eq!(error.failure(), Some(RunFailure::Throttled));
}

#[test]
fn a_redrive_is_the_next_attempt_at_its_run() {
    let world = World::new();
    world.ran("first", 1);
    let order = world.validate(&json!({"redrive": " first "})).unwrap();
    assert_eq!((order.run.run.as_str(), order.attempt), ("first", 1));
    assert_eq!(order.run.execution, EXECUTION);
    // Neither table nor prompts are needed any more.
    world.bucket.remove("inputs/topics.csv");
    world.bucket.put("prompts/templates.json", "not JSON");
    world.ran("first", 11);
    let order = world.validate(&json!({"redrive": "first"})).unwrap();
    assert_eq!(order.attempt, 11);
    // Whether few records may be sent one by one can be decided anew.
    let other = json!({"redrive": "first", "below_minimum": "refuse"});
    assert!(world.validate(&other).is_ok());
}

#[test]
fn a_redrive_of_no_run_lists_those_there_are() {
    let world = World::new();
    let none = world.refused(&json!({"redrive": "first"}));
    assert!(
        none.contains("there is none with the prefix `jokes`"),
        "{none}"
    );
    world.ran("second", 1);
    world.ran("third", 2);
    let others = world.refused(&json!({"redrive": "first"}));
    assert!(
        others.contains("no run `first`") && others.contains("use one of second, third"),
        "{others}"
    );
    for odd in ["a/b", "../jokes", "a b"] {
        let refused = world.refused(&json!({"redrive": odd}));
        assert!(refused.contains("is not the name of a run"), "{refused}");
    }
}

#[test]
fn a_redrive_is_the_same_request() {
    let world = World::new();
    world.ran("first", 1);
    let refused = world.refused(&json!({"redrive": "first", "max_tokens": 5, "csv": true}));
    assert_eq!(
        refused,
        "redrive: the run `first` had another request: `csv`, `max_tokens` differ; give the same request again, with `redrive`, or start a new run without it"
    );
}
