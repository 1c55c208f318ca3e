//! How many jobs a run has, and which records go into which.

use std::ops::Range;

use super::limits::Limits;

/// The division of a run's records into jobs: in order, and so even that no two sizes differ by more than one.
///
/// Even, because a job may have too few records: 1,050 in jobs of 1,000 would leave one of 50, which the service
/// refuses, while two of 525 are fine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chunks {
    records: u64,
    jobs: u64,
}

/// What a run is to keep to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Records per job, at most, where they fill jobs of that size. It gives way, up to twice the model's minimum, where
    /// it would leave a job under that minimum.
    pub max_records_per_job: u64,
    /// Jobs at most. Records that do not fit are left out, not pressed in.
    pub max_num_jobs: Option<u64>,
    /// Records at most.
    pub max_records_total: Option<u64>,
}

/// How a run is to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    /// As batch jobs.
    Jobs(Chunks),
    /// The records are too few for a batch job: record by record, on demand.
    OnDemand {
        /// How many there are.
        records: u64,
        /// How many a job must have.
        minimum: u64,
    },
}

impl Bounds {
    /// Divides the records of a source.
    ///
    /// # Errors
    /// When there are no records, or the bounds contradict the model's limits.
    pub fn plan(&self, available: u64, limits: &Limits) -> Result<Plan, ChunkError> {
        let Limits {
            minimum_records: minimum,
            maximum_records: maximum,
            ..
        } = *limits;
        let size = self.max_records_per_job;
        if size < minimum {
            return Err(ChunkError::UnderMinimum { size, minimum });
        }
        if size > maximum {
            return Err(ChunkError::OverMaximum { size, maximum });
        }
        let by_jobs = self
            .max_num_jobs
            .map_or(u64::MAX, |jobs| jobs.saturating_mul(size));
        let records = available
            .min(self.max_records_total.unwrap_or(u64::MAX))
            .min(by_jobs);
        if records == 0 {
            return Err(ChunkError::Empty);
        }
        if records < minimum {
            return Ok(Plan::OnDemand { records, minimum });
        }
        // At most as many jobs as can all have the minimum. Then none has twice the minimum or more, which `Limits`
        // guarantees to be no more than the maximum.
        let fillable = records.checked_div(minimum).unwrap_or(records);
        let jobs = records.div_ceil(size).min(fillable);
        Ok(Plan::Jobs(Chunks { records, jobs }))
    }
}

impl Chunks {
    /// Number of records.
    #[must_use]
    pub fn records(&self) -> u64 {
        self.records
    }

    /// Number of jobs.
    #[must_use]
    pub fn jobs(&self) -> u64 {
        self.jobs
    }

    /// The records of one job, by their position in the source; nothing for a job beyond the last.
    #[must_use]
    pub fn range(&self, job: u64) -> Option<Range<u64>> {
        let (size, larger) = (self.records / self.jobs, self.records % self.jobs);
        let start = |job: u64| job * size + job.min(larger);
        (job < self.jobs).then(|| start(job)..start(job + 1))
    }

    /// The records of every job, in order.
    pub fn ranges(&self) -> impl Iterator<Item = Range<u64>> {
        (0..self.jobs).filter_map(|job| self.range(job))
    }
}

/// Why records could not be divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChunkError {
    /// Nothing to do.
    #[error("the source has no records: check that it has rows below its header")]
    Empty,
    /// Every job would be refused.
    #[error(
        "max_records_per_job is {size}, but a job of this model needs {minimum} records: raise it to {minimum} or more"
    )]
    UnderMinimum {
        /// Records asked for.
        size: u64,
        /// Records needed.
        minimum: u64,
    },
    /// Full jobs would be refused.
    #[error(
        "max_records_per_job is {size}, but a job of this model takes {maximum} records: lower it to {maximum} or less"
    )]
    OverMaximum {
        /// Records asked for.
        size: u64,
        /// Records taken.
        maximum: u64,
    },
}
