//! What the function needs of the world, without a word of AWS in it.

use jobs::{Finder, Ledger};
use shared::contracts::batch::SubmissionPolicy;
use shared::run::{Error, NewJob};

/// The services around the function.
#[expect(
    async_fn_in_trait,
    reason = "one invocation runs on one thread, so futures need not be `Send`"
)]
pub trait Services: Ledger + Finder {
    /// How long jobs may take, and their rows are kept.
    fn policy(&self) -> &SubmissionPolicy;
    /// Where inputs and outputs are: `s3://bucket/`.
    fn bucket(&self) -> &str;
    /// Creates a job; answers its ARN.
    async fn create(&self, job: &NewJob) -> Result<String, Error>;
}
