//! A bucket in memory, and the function over it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use preprocess::{PreprocessError, Preprocessed, Services, preprocess};
use runs::{Bucket, Inputs, MemoryBucket, Premises};
use serde_json::{Value, json};
use shared::batch::limits::Limits;
use shared::contracts::batch::{
    ChunkTask, RunFailure, RunManifest, RunOrder, RunPolicy, RunReference,
};
use shared::run::Fails as _;
use time::OffsetDateTime;

pub(crate) const EXECUTION: &str = "arn:aws:states:eu-central-1:123456789012:execution:batch:run-1";
pub(crate) const REDRIVE: &str = "arn:aws:states:eu-central-1:123456789012:execution:batch:run-2";

pub(crate) struct World {
    pub(crate) bucket: MemoryBucket,
    pub(crate) policy: RunPolicy,
    pub(crate) now: fn() -> OffsetDateTime,
}

impl World {
    /// A bucket with a table of so many topics.
    pub(crate) fn of_topics(count: usize) -> Self {
        let world = Self {
            bucket: MemoryBucket::new("data"),
            policy: RunPolicy::default(),
            now: || OffsetDateTime::UNIX_EPOCH,
        };
        let mut csv = "topic,number\n".to_owned();
        for number in 0..count {
            writeln!(csv, "topic {number},{number}").unwrap();
        }
        world.bucket.put("inputs/topics.csv", csv);
        world
    }

    /// The limits of all models.
    pub(crate) fn limited(mut self, limits: Limits) -> Self {
        self.policy.limits.insert(String::new(), limits);
        self
    }

    pub(crate) fn services(&self) -> Services {
        let bucket: Arc<dyn Bucket> = Arc::new(self.bucket.clone());
        Services {
            premises: Premises {
                inputs: Inputs {
                    buckets: BTreeMap::from([("data".to_owned(), Arc::clone(&bucket))]),
                    elsewhere: None,
                    hub: None,
                },
                prompts: Arc::clone(&bucket),
                templates: "prompts/templates.json".to_owned(),
                policy: self.policy.clone(),
            },
            files: bucket,
            output: Arc::new(self.bucket.clone()),
            max_concurrent_jobs: 5,
            now: self.now,
        }
    }

    pub(crate) fn run(&self, fields: &Value) -> Result<Preprocessed, PreprocessError> {
        preprocess(&self.services(), &order(fields))
    }

    /// Another attempt at the run.
    pub(crate) fn again(
        &self,
        attempt: u32,
        fields: &Value,
    ) -> Result<Preprocessed, PreprocessError> {
        let mut order = order(fields);
        order.attempt = attempt;
        REDRIVE.clone_into(&mut order.run.execution);
        order.request.redrive = Some("run-1".to_owned());
        preprocess(&self.services(), &order)
    }

    pub(crate) fn refused(&self, fields: &Value) -> String {
        let error = self.run(fields).unwrap_err();
        assert_eq!(error.failure(), Some(RunFailure::InvalidRequest), "{error}");
        assert_eq!(self.bucket.get("runs/jokes/run-1/run.json"), None);
        error.to_string()
    }

    pub(crate) fn text(&self, key: &str) -> String {
        let bytes = self.bucket.get(key);
        String::from_utf8(bytes.unwrap_or_else(|| panic!("`{key}` is missing"))).unwrap()
    }

    pub(crate) fn tasks(&self, attempt: u32) -> Vec<ChunkTask> {
        let text = self.text(&format!("runs/jokes/run-1/tasks-{attempt}.jsonl"));
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    pub(crate) fn manifest(&self) -> RunManifest {
        serde_json::from_str(&self.text("runs/jokes/run-1/run.json")).unwrap()
    }

    /// The ids in an input of the run.
    pub(crate) fn ids(&self, input: &str) -> Vec<String> {
        let text = self.text(&format!("batch_inputs_json/jokes/run-1/{input}"));
        let lines = text
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines
            .map(|line| line["recordId"].as_str().unwrap().to_owned())
            .collect()
    }
}

pub(crate) fn order(fields: &Value) -> RunOrder {
    let mut request = json!({
        "s3_uri": "s3://data/inputs/topics.csv",
        "job_name_prefix": "jokes",
        "model_id": "eu.anthropic.claude-haiku-4-5-20251001-v1:0",
        "prompt_id": "joke_about_topic",
    });
    for (name, value) in fields.as_object().unwrap() {
        request[name] = value.clone();
    }
    RunOrder {
        run: RunReference {
            run: "run-1".to_owned(),
            prefix: "jokes".to_owned(),
            execution: EXECUTION.to_owned(),
        },
        attempt: 0,
        request: serde_json::from_value(request).unwrap(),
    }
}

/// Limits with other numbers of records and bytes.
pub(crate) fn limits(minimum_records: u64, maximum_file_bytes: u64) -> Limits {
    Limits {
        minimum_records,
        maximum_file_bytes,
        ..Limits::default()
    }
}
