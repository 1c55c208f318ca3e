//! What a model takes in one batch job.
//!
//! Quotas of an account, by model and region; some can be raised. The figures are the defaults that the documents and
//! public projects agree on, not read off an account, so a deployment can override them: look up "Minimum number of
//! records per batch inference job" and its neighbours in Service Quotas.

use serde::{Deserialize, Serialize};

use super::model_id::ModelId;
use crate::SettingValue;

/// A gigabyte by the smaller of its two meanings, because the quota does not say which it is.
const GB: u64 = 1_000_000_000;

/// Bytes of an image that models take: Bedrock documents 3.75 MB for the models of Anthropic, which is 5 MB in base64. The
/// other families take as much or more.
pub const IMAGE_BYTES: u64 = 3_750_000;

/// Pixels on a side of an image that models take, by Bedrock's documents for the models of Anthropic.
pub const IMAGE_SIDE: u32 = 8_000;

/// Bytes that are set aside for what a record has beside its image: the id, the prompt and the form around them.
const TEXT_BYTES: u64 = 64 << 10;

/// Records with an image that fit into any input file, however large the images are: 197.
pub const IMAGE_RECORDS: u64 = GB / (IMAGE_BYTES.div_ceil(3) * 4 + TEXT_BYTES);

/// What a model takes in one batch job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Records that a job must have.
    pub minimum_records: u64,
    /// Records that a job, and its input file, may have.
    pub maximum_records: u64,
    /// Bytes that an input file may have.
    pub maximum_file_bytes: u64,
    /// Bytes that all input files of a job may have.
    pub maximum_job_bytes: u64,
    /// Jobs submitted and in progress at a time, over all runs of the account.
    pub maximum_jobs: u64,
}

/// What holds for most models.
impl Default for Limits {
    fn default() -> Self {
        Self {
            minimum_records: 100,
            maximum_records: 50_000,
            maximum_file_bytes: GB,
            maximum_job_bytes: 5 * GB,
            maximum_jobs: 20,
        }
    }
}

/// Models whose jobs may be larger, by what their ids start with.
const LARGE_JOBS: [(&str, u64); 2] = [
    ("amazon.nova-lite-", 100 * GB),
    ("amazon.nova-pro-", 100 * GB),
];

impl Limits {
    /// The default limits of a model.
    #[must_use]
    pub fn of(model: &ModelId) -> Self {
        let general = Self::default();
        let large = LARGE_JOBS
            .iter()
            .find(|(prefix, _)| model.foundation().starts_with(prefix));
        Self {
            maximum_job_bytes: large.map_or(general.maximum_job_bytes, |(_, bytes)| *bytes),
            ..general
        }
    }
}

impl SettingValue for Limits {
    fn validate(&self) -> Result<(), String> {
        if self.minimum_records == 0 || self.maximum_jobs == 0 || self.maximum_file_bytes == 0 {
            return Err(
                "minimum_records, maximum_jobs and maximum_file_bytes must be 1 or more".into(),
            );
        }
        // Otherwise some numbers of records could not be divided at all.
        if self.maximum_records / 2 < self.minimum_records {
            return Err("maximum_records must be twice minimum_records or more".into());
        }
        if self.maximum_job_bytes < self.maximum_file_bytes {
            return Err("maximum_job_bytes must be maximum_file_bytes or more".into());
        }
        Ok(())
    }
}
