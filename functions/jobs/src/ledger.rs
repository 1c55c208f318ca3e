//! What is needed of the world, without a word of AWS in it.

use std::time::SystemTime;

use shared::TaskToken;
use shared::contracts::batch::JobEnd;
use shared::run::{BatchJob, Error, Item, ItemUpdate};

/// The jobs, their rows, and who waits for them.
#[expect(
    async_fn_in_trait,
    reason = "one invocation runs on one thread, so futures need not be `Send`"
)]
pub trait Ledger {
    /// The time.
    fn now(&self) -> SystemTime;
    /// The row of a job, with everything that was written before.
    async fn row(&self, name: &str) -> Result<Option<Item>, Error>;
    /// Changes a row; false when a condition did not hold.
    async fn change(&self, update: &ItemUpdate) -> Result<bool, Error>;
    /// A job as it stands.
    async fn job(&self, arn: &str) -> Result<BatchJob, Error>;
    /// The tags of a job.
    async fn tags(&self, arn: &str) -> Result<Vec<(String, String)>, Error>;
    /// Tells who waits under a token how the job ended; false when nobody does.
    async fn tell(&self, token: &TaskToken, end: &JobEnd) -> Result<bool, Error>;
}

/// Jobs by their names.
#[expect(
    async_fn_in_trait,
    reason = "one invocation runs on one thread, so futures need not be `Send`"
)]
pub trait Finder {
    /// ARN of the job with exactly this name, whosever it is.
    async fn find(&self, name: &str) -> Result<Option<String>, Error>;
}

/// The index of open jobs, which lags a little behind the rows.
#[expect(
    async_fn_in_trait,
    reason = "one invocation runs on one thread, so futures need not be `Send`"
)]
pub trait OpenRows {
    /// The entries of the index.
    async fn open_rows(&self) -> Result<Vec<Item>, Error>;
}
