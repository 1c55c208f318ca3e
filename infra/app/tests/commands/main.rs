//! The commands as a user runs them: the binary, its output and its exit code.
#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, and helpers of tests are not marked as tests"
)]

mod aws;
mod batch;
mod change_set;
mod check_asl;
mod cloud;
mod deploying;
mod diff;
mod graph;
mod interrupting;
mod operations;
mod synth;
