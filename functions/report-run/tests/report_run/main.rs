//! The reports of runs, tested from outside.
#![expect(clippy::unwrap_used, reason = "helpers of tests may fail them")]

mod reports;
mod snapshots;
mod support;
