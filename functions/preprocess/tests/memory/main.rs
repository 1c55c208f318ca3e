//! Memory does not grow with the table. Alone in its process, because the peak is that of the process.
#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, and helpers of tests are not marked as tests"
)]

use std::ops::Range;

use runs::{Bucket, Found, StoreError};
use serde_json::json;

#[path = "../peak/mod.rs"]
mod peak;

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

fn peak(rows: u64) -> u64 {
    let request = json!({
        "s3_uri": "s3://data/topics.csv",
        "job_name_prefix": "jokes",
        "model_id": "eu.anthropic.claude-haiku-4-5-20251001-v1:0",
        "prompt_id": "joke_about_topic",
        "max_records_per_job": 50_000,
    });
    peak::peak(Endless { rows }, request, rows)
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
