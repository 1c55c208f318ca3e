//! The stacks as they are deployed, compared with what was reviewed.
#![expect(
    clippy::expect_used,
    reason = "a test fails by panicking, and helpers of tests are not marked as tests"
)]

mod batch;
mod batch_machine;
mod batch_scale;
mod deploy_role;
mod evaluation;
mod permissions;
mod vision;
