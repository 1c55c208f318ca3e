//! What constructs make of a stack's description.
#![expect(
    clippy::expect_used,
    reason = "a test fails by panicking, and helpers of tests are not marked as tests"
)]

mod batch;
mod contracts;
mod deployed_name;
mod evaluation;
mod ingest;
mod local;
mod mistakes;
mod options;
mod state_machine;
mod support;
mod views;
