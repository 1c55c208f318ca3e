//! `reconcile-jobs`: events get lost, so every open job is looked at from time to time.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Contract, ErrorKind, Fields, Phase, Ports};

/// Looks at every job that is not known to have ended, and does what a lost event would have done.
#[derive(Ports)]
pub struct ReconcileJobs<P: Phase> {
    /// Reads jobs and their tags.
    pub job_states: P::ReadJobs,
    /// Finds the job of a name, when its ARN was never noted.
    pub find: P::FindJobs,
    /// The jobs that are open.
    pub open: P::QueryItems,
    /// The rows of jobs.
    pub rows: P::ReadItems,
    /// Writes the rows of jobs.
    pub row_writes: P::WriteItems,
    /// Tells the machine that a job has ended.
    pub tasks: P::AnswerTasks,
}

impl<P: Phase> Contract for ReconcileJobs<P> {
    const NAME: &'static str = "reconcile-jobs";
    type Event = ReconcileRequest;
    type Response = ReconcileReport;
    type Failure = ErrorKind;
}

/// What the schedule sends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Fields)]
pub struct ReconcileRequest {
    /// Now, ISO 8601 in UTC. The schedule fills it in.
    pub now: String,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Fields)]
pub struct ReconcileReport {
    /// Jobs that were open.
    pub open: u64,
    /// Jobs that had ended without anybody knowing.
    pub ended: u64,
    /// Jobs that could not be looked at; they will be next time.
    pub failed: u64,
}
