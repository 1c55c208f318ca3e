//! Batch inference: the rules that functions, simulator and tool share.
#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, and helpers of tests are not marked as tests"
)]

mod chunks;
mod costs;
mod images;
mod jobs;
mod layouts;
mod models;
mod outcomes;
mod processors;
mod prompts;
mod records;
mod requests;
mod statuses;
mod support;
mod task_tokens;
