//! Memory does not grow with the table. Alone in its process, because the peak is that of the process.
#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, and helpers of tests are not marked as tests"
)]

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::sync::Arc;

use preprocess::{Services, preprocess};
use runs::{Bucket, Destination, Found, Inputs, MemoryBucket, Premises, StoreError, Upload};
use serde_json::json;
use shared::contracts::batch::{RunOrder, RunPolicy, RunReference};
use time::OffsetDateTime;

/// Bytes of a row, and of the header.
const ROW: u64 = 200;

/// A bucket with one table of so many rows, none of which is in memory.
struct Endless {
    rows: u64,
}

impl Endless {
    fn row(number: u64) -> String {
        let row = match number {
            0 => format!("topic,{:x>193}", "number"),
            number => format!("{number:0>187},{number:0>11}"),
        };
        format!("{row}\n")
    }
}

impl Bucket for Endless {
    fn address(&self, key: &str) -> String {
        format!("s3://data/{key}")
    }

    fn find(&self, key: &str) -> Result<Option<Found>, StoreError> {
        Ok(Some(Found {
            key: key.to_owned(),
            size: (self.rows + 1) * ROW,
            etag: String::new(),
        }))
    }

    fn read(&self, _: &Found, range: Range<u64>) -> Result<Vec<u8>, StoreError> {
        let rows = range.start / ROW..range.end.div_ceil(ROW);
        let text: String = rows.clone().map(Self::row).collect();
        let place = |position: u64| usize::try_from(position - rows.start * ROW).unwrap();
        Ok(text.as_bytes()[place(range.start)..place(range.end)].to_vec())
    }

    fn list(&self, _: &str) -> Result<Vec<Found>, StoreError> {
        Ok(Vec::new())
    }
}

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

/// Prepares a run of so many rows, and tells the most memory that this process has had since it began, in mebibytes.
fn peak(rows: u64) -> u64 {
    let table: Arc<dyn Bucket> = Arc::new(Endless { rows });
    let empty: Arc<dyn Bucket> = Arc::new(MemoryBucket::new("runs"));
    let services = Services {
        premises: Premises {
            inputs: Inputs {
                buckets: BTreeMap::from([("data".to_owned(), table)]),
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
    let request = json!({
        "s3_uri": "s3://data/topics.csv",
        "job_name_prefix": "jokes",
        "model_id": "eu.anthropic.claude-haiku-4-5-20251001-v1:0",
        "prompt_id": "joke_about_topic",
        "max_records_per_job": 50_000,
    });
    let order = RunOrder {
        run: RunReference {
            run: "run".to_owned(),
            prefix: "jokes".to_owned(),
            execution: "arn:run".to_owned(),
        },
        attempt: 0,
        request: serde_json::from_value(request).unwrap(),
    };
    assert_eq!(preprocess(&services, &order).unwrap().plan.records, rows);
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM:"))
        .unwrap();
    let kibibytes: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kibibytes >> 10
}

#[test]
fn memory_does_not_grow_with_the_table() {
    // More than is kept of a file in any case.
    let small = peak(300_000);
    let large = peak(900_000);
    assert!(
        large < 200,
        "{large} MiB are too near to the 512 of the function"
    );
    assert!(
        large < small + 32,
        "{small} MiB grew to {large} with the table"
    );
}
