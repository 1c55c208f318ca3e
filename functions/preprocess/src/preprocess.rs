//! A run is prepared: as a new one, or as another attempt at an earlier one.

use std::sync::Arc;

use runs::{Bucket, Destination, Premises};
use shared::contracts::batch::{RunOrder, RunPlan};
use time::OffsetDateTime;

use crate::error::PreprocessError;
use crate::{first, redrive};

/// What the function needs of the world.
#[derive(Clone)]
pub struct Services {
    /// What requests are held against, and where their tables are.
    pub premises: Premises,
    /// The run's own files.
    pub files: Arc<dyn Bucket>,
    /// Where chunks, manifest and the list of tasks go.
    pub output: Arc<dyn Destination>,
    /// Jobs of a run that may be submitted and in progress at once.
    pub max_concurrent_jobs: u64,
    /// The clock.
    pub now: fn() -> OffsetDateTime,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preprocessed {
    /// What is to be done next.
    pub plan: RunPlan,
    /// Numbers of chunks that a redrive sends again as a whole, because no job left an output of them.
    pub resent: Vec<u64>,
}

/// Prepares a run. The calls wait: make this on a thread of its own.
///
/// # Errors
/// When the table cannot be divided into jobs, or a bucket or the Hub fails. No job was started then.
pub fn preprocess(services: &Services, order: &RunOrder) -> Result<Preprocessed, PreprocessError> {
    match order.attempt {
        0 => first::prepare(services, order),
        _ => redrive::prepare(services, order),
    }
}
