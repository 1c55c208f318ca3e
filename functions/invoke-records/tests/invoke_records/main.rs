//! The sending of records one by one, tested from outside.
#![expect(clippy::unwrap_used, reason = "helpers of tests may fail them")]

mod lines;
mod refusals;
mod resuming;
mod sending;
mod snapshots;
mod support;
