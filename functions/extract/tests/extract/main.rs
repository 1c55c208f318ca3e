//! The extractor, tested from outside.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "helpers of tests may fail them"
)]

mod image;
mod parquet;
mod pipeline;
mod snapshots;
mod support;
