//! Memory does not grow with the number of images. Alone in its process, because the peak is that of the process.
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

/// Bytes of each image: as many as are taken.
const IMAGE: u64 = 3_750_000;

/// A bucket with so many images, none of which is in memory.
struct Endless {
    images: u64,
}

impl Endless {
    fn found(key: &str) -> Found {
        Found {
            key: key.to_owned(),
            size: IMAGE,
            etag: String::new(),
        }
    }
}

impl Bucket for Endless {
    fn address(&self, key: &str) -> String {
        format!("s3://data/{key}")
    }

    fn find(&self, key: &str) -> Result<Option<Found>, StoreError> {
        Ok(Some(Self::found(key)))
    }

    fn read(&self, _: &Found, range: Range<u64>) -> Result<Vec<u8>, StoreError> {
        let mut image = b"GIF89a\x03\0\x05\0\0\0\0".to_vec();
        image.resize(usize::try_from(range.end).unwrap(), 0);
        Ok(image)
    }

    fn list(&self, prefix: &str) -> Result<Vec<Found>, StoreError> {
        let keys = (0..self.images).map(|number| format!("{prefix}{number:06}"));
        Ok(keys.map(|key| Self::found(&key)).collect())
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

/// Prepares a run of so many images, and tells the most memory that this process has had since it began, in mebibytes.
fn peak(images: u64) -> u64 {
    let table: Arc<dyn Bucket> = Arc::new(Endless { images });
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
        "images_s3_uri": "s3://data/covers/",
        "job_name_prefix": "covers",
        "model_id": "amazon.titan-embed-image-v1",
    });
    let order = RunOrder {
        run: RunReference {
            run: "run".to_owned(),
            prefix: "covers".to_owned(),
            execution: "arn:run".to_owned(),
        },
        attempt: 0,
        request: serde_json::from_value(request).unwrap(),
    };
    assert_eq!(preprocess(&services, &order).unwrap().plan.records, images);
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM:"))
        .unwrap();
    let kibibytes: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kibibytes >> 10
}

/// All of them would be a gigabyte with their base64. Sixteen are 140 MB, and allocators keep some of what is let go of.
#[test]
fn memory_does_not_grow_with_the_images() {
    let peak = peak(120);
    assert!(
        peak < 500,
        "{peak} MiB are too near to the 1,769 of the function"
    );
}
