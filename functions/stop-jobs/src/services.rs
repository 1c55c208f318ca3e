//! What the function needs of the world, without a word of AWS in it.

use std::time::SystemTime;

use jobs::{Finder, OpenRows};
use shared::run::Error;

/// The services around the function.
#[expect(
    async_fn_in_trait,
    reason = "one invocation runs on one thread, so futures need not be `Send`"
)]
pub trait Services: Finder + OpenRows {
    /// The time.
    fn now(&self) -> SystemTime;
    /// Stops a job; false when it had ended before.
    async fn stop(&self, arn: &str) -> Result<bool, Error>;
}
