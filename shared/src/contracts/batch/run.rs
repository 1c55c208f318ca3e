//! What travels between the functions of a run. All of it stays small however large the run is: tables, lists of jobs and
//! results are in S3, and states carry their keys.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::batch::job::{JobError, JobPrefix};
use crate::batch::layout::Layout;
use crate::batch::request::RunRequest;
use crate::batch::status::JobStatus;
use crate::{ErrorKind, Fields, Variants};

/// Which run it is, and which execution works on it now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Fields)]
pub struct RunReference {
    /// The name of the run's first execution; its files are below it. A redrive keeps it.
    pub run: String,
    /// What the names of its jobs start with, in the form that names and keys have.
    pub prefix: String,
    /// ARN of the execution that works on it: the first one, or that of a redrive.
    pub execution: String,
}

impl RunReference {
    /// The prefix, as what it is.
    ///
    /// # Errors
    /// When nothing that could name a job is left of it.
    pub fn job_prefix(&self) -> Result<JobPrefix, JobError> {
        self.prefix.parse()
    }

    /// Where the files of the run are.
    #[must_use]
    pub fn layout<'a>(&'a self, prefix: &'a JobPrefix) -> Layout<'a> {
        Layout {
            prefix,
            run: &self.run,
        }
    }
}

/// A run whose request was understood: what is to be preprocessed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Fields)]
pub struct RunOrder {
    /// The run.
    pub run: RunReference,
    /// 0 for a new run, and one more for each redrive.
    pub attempt: u32,
    /// The request.
    pub request: RunRequest,
}

/// A run whose chunks are written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Fields)]
pub struct RunPlan {
    /// The run.
    pub run: RunReference,
    /// 0 for a new run, and one more for each redrive.
    pub attempt: u32,
    /// Key of the list of [`ChunkTask`]s, JSON lines.
    pub tasks: String,
    /// How many there are in it.
    pub chunks: u64,
    /// Records that they hold.
    pub records: u64,
    /// Jobs that may be submitted and in progress at once.
    pub max_concurrency: u64,
}

/// One chunk's work in one attempt: an item of the map over chunks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Fields)]
pub struct ChunkTask {
    /// The run.
    pub run: RunReference,
    /// The number of the chunk, from 0.
    pub chunk: u64,
    /// 0 for a new run, and one more for each redrive.
    pub attempt: u32,
    /// How its records reach the model.
    pub mode: JobMode,
    /// The model, as the request names it.
    pub model_id: String,
    /// Records in the input, which may be fewer than rows in the chunk.
    pub records: u64,
    /// Key of the input, JSON lines.
    pub input: String,
    /// Key prefix of the outputs, which ends in `/`.
    pub outputs: String,
    /// The name of its job.
    pub job_name: String,
    /// The token by which the service recognises a repeated request for it.
    pub client_request_token: String,
    /// Whether the result is written as CSV, too.
    pub csv: bool,
}

/// How the records of a chunk reach the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Variants)]
#[serde(rename_all = "snake_case")]
pub enum JobMode {
    /// As a batch job.
    Batch,
    /// One by one: they are too few for a job.
    OnDemand,
    /// Not at all: there is none to send.
    Nothing,
}

/// How the sending of a chunk ended. Every ending is a value: its siblings go on, and its rows are joined with what there is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Fields)]
pub struct JobEnd {
    /// In one word.
    pub ending: Ending,
    /// The job, when there was one.
    pub job_arn: Option<String>,
    /// What went wrong, for a person.
    pub message: Option<String>,
}

/// How the sending of a chunk ended, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Variants)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// Every record was processed.
    Completed,
    /// The time ran out before every record was processed.
    PartiallyCompleted,
    /// The job could not be run.
    Failed,
    /// The job was stopped.
    Stopped,
    /// The time ran out before the job began.
    Expired,
    /// There is no job: the service refused it, or could not be reached.
    NotSubmitted,
    /// Nobody told how the job ended. It was asked to stop.
    Lost,
    /// The records were sent one by one.
    OnDemand,
    /// There was no record to send.
    Nothing,
}

impl Ending {
    /// The ending that a terminal status is; none for the others.
    #[must_use]
    pub fn of_status(status: JobStatus) -> Option<Self> {
        match status {
            JobStatus::Completed => Some(Self::Completed),
            JobStatus::PartiallyCompleted => Some(Self::PartiallyCompleted),
            JobStatus::Failed => Some(Self::Failed),
            JobStatus::Stopped => Some(Self::Stopped),
            JobStatus::Expired => Some(Self::Expired),
            JobStatus::Submitted
            | JobStatus::Validating
            | JobStatus::Scheduled
            | JobStatus::InProgress
            | JobStatus::Stopping => None,
        }
    }

    /// The word in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Variants::name(self)
    }
}

/// How the functions fail that work on a run as a whole or on its files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Variants)]
pub enum RunFailure {
    /// The request, or the table it names, is not one that can be run. Nothing was sent; the message says what to change.
    InvalidRequest,
    /// A service asks for fewer requests.
    Throttled,
    /// A service is unwell or out of reach, or took too long.
    Unavailable,
    /// A permission is missing, or something else that needs a person.
    Broken,
}

/// What a call fails with that the function does not deal with.
impl From<ErrorKind> for RunFailure {
    fn from(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::Throttled => Self::Throttled,
            // What was replaced while it was read is read from its beginning by the next attempt.
            ErrorKind::Unavailable | ErrorKind::Changed => Self::Unavailable,
            ErrorKind::Denied
            | ErrorKind::Missing
            | ErrorKind::TooLarge
            | ErrorKind::OutsidePort
            | ErrorKind::Invalid => Self::Broken,
        }
    }
}
