//! What the functions of a run leave for each other, and for people, in S3 and in the table of jobs.

use serde::{Deserialize, Serialize};

use super::{JobEnd, JobMode};
use crate::batch::cost::Usage;
use crate::batch::outcome::RecordCounts;
use crate::batch::request::RunRequest;

/// `run.json`: what the run was asked to do and how it was divided. Written once, before the first job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunManifest {
    /// The request.
    pub request: RunRequest,
    /// ARN of the first execution.
    pub execution: String,
    /// When it was written, ISO 8601 in UTC.
    pub created: String,
    /// Rows of each chunk, in order.
    pub chunks: Vec<u64>,
}

/// `chunks/0003.json`: what a chunk came to, with all its attempts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChunkRecord {
    /// The number of the chunk, from 0.
    pub chunk: u64,
    /// Its attempts, the first one first.
    pub attempts: Vec<AttemptRecord>,
    /// What became of its rows.
    pub counts: RecordCounts,
    /// Key of the result.
    pub result: String,
    /// Key of the result as CSV, where it was asked for.
    pub csv: Option<String>,
}

/// One attempt at a chunk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptRecord {
    /// 0 for the first, and one more for each redrive.
    pub attempt: u32,
    /// How its records reached the model.
    pub mode: JobMode,
    /// Records that were sent, or should have been.
    pub records: u64,
    /// How the sending ended.
    pub end: JobEnd,
    /// Key of the output, when there is one.
    pub output: Option<String>,
    /// What the output was billed, as far as models tell.
    pub usage: Usage,
}

/// Names of the attributes of a job's row, and of the indexes over the rows.
pub mod job_row {
    /// The key: the name of the job.
    pub const JOB_NAME: &str = "job_name";
    /// The name of the run; key of [`BY_RUN`].
    pub const RUN: &str = "run";
    /// What the names of the run's jobs start with.
    pub const PREFIX: &str = "prefix";
    /// ARN of the execution that waits.
    pub const EXECUTION: &str = "execution";
    /// Number of the chunk.
    pub const CHUNK: &str = "chunk";
    /// Number of the attempt.
    pub const ATTEMPT: &str = "attempt";
    /// The model, as the request names it.
    pub const MODEL_ID: &str = "model_id";
    /// Records in the input.
    pub const RECORDS: &str = "records";
    /// The job's status in the words of the API, or [`SUBMITTING`], or [`NOT_SUBMITTED`].
    pub const STATUS: &str = "status";
    /// The job's ARN, once it is known.
    pub const JOB_ARN: &str = "job_arn";
    /// Why it failed.
    pub const MESSAGE: &str = "message";
    /// The token under which the machine waits; gone once the machine was told.
    pub const TOKEN: &str = "token";
    /// When the attempt at submitting began that wrote the token last, ISO 8601 in UTC: one that began earlier does not
    /// replace it.
    pub const TOKEN_AT: &str = "token_at";
    /// There, with the value [`IS_OPEN`], until the machine was told; key of [`OPEN_JOBS`].
    pub const OPEN: &str = "open";
    /// Records that were processed, as far as is known.
    pub const PROCESSED: &str = "processed";
    /// Records with an error, as far as is known.
    pub const ERRORS: &str = "errors";
    /// When the row was made, ISO 8601 in UTC.
    pub const SUBMITTED_AT: &str = "submitted_at";
    /// When it was changed last.
    pub const UPDATED_AT: &str = "updated_at";
    /// When it may be deleted, in seconds since 1970.
    pub const EXPIRES: &str = "expires";

    /// The status of a row whose job is being created.
    pub const SUBMITTING: &str = "Submitting";
    /// The status of a row whose job does not exist: it was refused, or never turned up.
    pub const NOT_SUBMITTED: &str = "NotSubmitted";
    /// The only value of [`OPEN`].
    pub const IS_OPEN: &str = "yes";
    /// The index by run; sorted by the name of the job.
    pub const BY_RUN: &str = "by-run";
    /// The index of jobs of which the machine was not told yet; sorted by the name of the job.
    pub const OPEN_JOBS: &str = "open-jobs";

    /// What [`BY_RUN`] shows beside its keys: how the jobs stand, for people. The token is in no index, so that who looks on
    /// cannot answer for a job.
    pub const BY_RUN_SHOWS: [&str; 6] = [ATTEMPT, STATUS, RECORDS, PROCESSED, ERRORS, MESSAGE];
    /// What [`OPEN_JOBS`] shows beside its keys: whose job it is, and how old.
    pub const OPEN_JOBS_SHOW: [&str; 3] = [EXECUTION, JOB_ARN, UPDATED_AT];
}
