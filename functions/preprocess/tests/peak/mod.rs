//! The most memory that preprocessing takes. Whoever asks is alone in its process, because the peak is that of the process.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;

use preprocess::{Services, preprocess};
use runs::{Bucket, Destination, Inputs, MemoryBucket, Premises, StoreError, Upload};
use serde_json::Value;
use shared::contracts::batch::{RunOrder, RunPolicy, RunReference};
use time::OffsetDateTime;

/// A bucket that forgets, but holds a part of an upload back as S3 asks for.
struct Forgetful;

struct Part(Vec<u8>);

impl Destination for Forgetful {
    fn begin(&self, _: &str, _: &str) -> Box<dyn Upload> {
        Box::new(Part(Vec::new()))
    }
}

impl Upload for Part {
    fn push(&mut self, bytes: Vec<u8>) -> Result<(), StoreError> {
        self.0.extend(bytes);
        if self.0.len() > 8 << 20 {
            self.0 = Vec::new();
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<(), StoreError> {
        Ok(())
    }
}

/// Prepares a run over the bucket `data`, which must find so many records, and tells the most memory that this process has had
/// since it began, in mebibytes.
pub(crate) fn peak(data: impl Bucket + 'static, request: Value, records: u64) -> u64 {
    let data: Arc<dyn Bucket> = Arc::new(data);
    let empty: Arc<dyn Bucket> = Arc::new(MemoryBucket::new("runs"));
    let services = Services {
        premises: Premises {
            inputs: Inputs {
                buckets: BTreeMap::from([("data".to_owned(), data)]),
                elsewhere: None,
                hub: None,
            },
            prompts: Arc::clone(&empty),
            templates: "templates.json".to_owned(),
            policy: RunPolicy::default(),
        },
        files: empty,
        output: Arc::new(Forgetful),
        max_concurrent_jobs: 20,
        now: || OffsetDateTime::UNIX_EPOCH,
    };
    let order = RunOrder {
        run: RunReference {
            run: "run".to_owned(),
            prefix: "peak".to_owned(),
            execution: "arn:run".to_owned(),
        },
        attempt: 0,
        request: serde_json::from_value(request).unwrap(),
    };
    assert_eq!(preprocess(&services, &order).unwrap().plan.records, records);
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM:"))
        .unwrap();
    let kibibytes: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kibibytes >> 10
}
