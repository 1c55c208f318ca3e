//! `submit-job`: a chunk becomes a batch job, once.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ChunkTask;
use crate::{Contract, Fields, Phase, Ports, SettingValue, TaskToken, Variants};

/// Creates the job of a chunk. Asked again, it finds the job that it made.
#[derive(Ports)]
pub struct SubmitJob<P: Phase> {
    /// Creates jobs, and hands them their role.
    pub jobs: P::SubmitJobs,
    /// Reads jobs: one that was made before may have ended already.
    pub job_states: P::ReadJobs,
    /// Finds the job of a name.
    pub find: P::FindJobs,
    /// The rows of jobs.
    pub rows: P::ReadItems,
    /// Writes the rows of jobs.
    pub row_writes: P::WriteItems,
    /// Tells the machine that a job has ended.
    pub tasks: P::AnswerTasks,
    /// How long jobs may take, and their rows are kept.
    pub policy: P::Setting<SubmissionPolicy>,
    /// `s3://bucket/` of inputs and outputs.
    pub bucket: P::Setting<String>,
}

impl<P: Phase> Contract for SubmitJob<P> {
    const NAME: &'static str = "submit-job";
    type Event = SubmitJobRequest;
    type Response = ();
    type Failure = SubmitFailure;
}

/// A chunk to submit, and the token under which its end is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Fields)]
pub struct SubmitJobRequest {
    /// The chunk.
    pub task: ChunkTask,
    /// Under this token waits the state of the chunk.
    pub token: TaskToken,
}

/// How a submission fails. A job may exist nonetheless when the answer was lost, in any of these but the last: the next
/// attempt finds it, and who gives up stops it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Variants)]
pub enum SubmitFailure {
    /// The account has as many jobs of the model as it may have, those of other runs and teams included.
    QuotaReached,
    /// The service asks for fewer requests.
    Throttled,
    /// The service is unwell or out of reach.
    Unavailable,
    /// The service does not accept the job as it is, or a permission is missing.
    Refused,
}

/// How long jobs may take, and how long their rows are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubmissionPolicy {
    /// Hours until a job that has not ended is ended by the service. Amazon Bedrock takes 24 to 168.
    pub job_timeout_hours: u32,
    /// Days until the row of a job is deleted.
    pub row_days: u32,
}

impl Default for SubmissionPolicy {
    fn default() -> Self {
        Self {
            job_timeout_hours: 24,
            row_days: 90,
        }
    }
}

impl SettingValue for SubmissionPolicy {
    fn validate(&self) -> Result<(), String> {
        if !(24..=168).contains(&self.job_timeout_hours) {
            return Err("job_timeout_hours must be 24 to 168".into());
        }
        if self.row_days == 0 {
            return Err("row_days must be 1 or more".into());
        }
        Ok(())
    }
}
