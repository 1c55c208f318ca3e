//! `track-job`: an event says that a job changed; what is true is read from the job, noted and told.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::batch::event::StateChange;
use crate::batch::status::JobStatus;
use crate::{Contract, ErrorKind, Fields, Phase, Ports};

/// Brings the row of a job up to date, and tells the waiting machine when the job has ended.
#[derive(Ports)]
pub struct TrackJob<P: Phase> {
    /// Reads jobs and their tags.
    pub job_states: P::ReadJobs,
    /// The rows of jobs.
    pub rows: P::ReadItems,
    /// Writes the rows of jobs.
    pub row_writes: P::WriteItems,
    /// Tells the machine that a job has ended.
    pub tasks: P::AnswerTasks,
}

impl<P: Phase> Contract for TrackJob<P> {
    const NAME: &'static str = "track-job";
    type Event = StateChange;
    type Response = Tracked;
    type Failure = ErrorKind;
}

/// What came of an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Fields)]
pub struct Tracked {
    /// Whether the job is one of ours. Events of others change nothing.
    pub ours: bool,
    /// How the job stands.
    pub status: Option<JobStatus>,
    /// Whether the machine was told now. A repeated event tells nothing.
    pub told: bool,
}
