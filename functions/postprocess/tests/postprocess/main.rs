//! The join of chunks, tested from outside.
#![expect(clippy::unwrap_used, reason = "helpers of tests may fail them")]

mod attempts;
mod endings;
mod failures;
mod formats;
mod lines;
mod snapshots;
mod support;
