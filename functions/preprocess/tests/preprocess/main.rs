//! Tables become chunks and lists of tasks, in a bucket in memory.
#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, and helpers of tests are not marked as tests"
)]

mod again;
mod first;
mod images;
mod limits;
mod snapshots;
mod support;
