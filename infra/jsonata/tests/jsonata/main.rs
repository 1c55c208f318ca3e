//! The shapes of data, and what expressions make of them.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod findings;
mod results;
mod shapes;
mod soundness;
