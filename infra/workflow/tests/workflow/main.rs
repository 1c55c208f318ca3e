//! What becomes of described machines.
#![expect(
    clippy::expect_used,
    reason = "a test fails by panicking, and helpers of tests are not marked as tests"
)]

mod asl_validator;
mod backfill;
mod batch;
mod contracts;
mod expressions;
mod mistakes;
mod order;
mod page;
mod programs;
mod strangers;
mod support;
mod training;
mod video;
