//! The function over archives made by real tools, with buckets and queue in memory.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod hazards;
mod limits;
mod memory;
mod notifications;
