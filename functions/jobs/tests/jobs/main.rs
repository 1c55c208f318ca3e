//! The functions that deal with jobs, in a world in memory: jobs, their rows, and a machine that waits.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "helpers of tests fail like tests"
)]

mod events;
mod races;
mod reconciling;
mod rows;
mod snapshots;
mod stopping;
mod submissions;
mod support;
