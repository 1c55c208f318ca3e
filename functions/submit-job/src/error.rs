//! Why a job could not be submitted.

use jobs::{JobsError, RowError};
use shared::batch::task_token::TaskTokenError;
use shared::contracts::batch::SubmitFailure;
use shared::run::{Error, ErrorKind, Fails};

/// What the service says when the account has as many jobs of the model as it may have.
const QUOTA: &str = "ServiceQuotaExceededException";

/// Why a job could not be submitted.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// The service does not create the job.
    #[error("job `{job}` was not accepted: {error}; {}", advice(.error.kind))]
    Refused {
        /// Its name.
        job: String,
        /// What the service said.
        #[source]
        error: Error,
    },
    /// A call failed.
    #[error("{0}")]
    Service(#[from] Error),
    /// What is known of the job cannot be read.
    #[error("{0}")]
    Jobs(#[from] JobsError),
    /// The token cannot be written on the job.
    #[error("{0}")]
    Token(#[from] TaskTokenError),
    /// Somebody else has a job of this name.
    #[error(
        "there is a job `{job}` that this system did not create, {arn}: start the run again under another job_name_prefix"
    )]
    NameTaken {
        /// The name.
        job: String,
        /// Whose name it is.
        arn: String,
    },
    /// Another run of ours has a job of this name.
    #[error(
        "job `{job}` is that of chunk {chunk} of run `{run}`: start this run again, and its jobs have other names"
    )]
    OtherRun {
        /// The name.
        job: String,
        /// The other run.
        run: String,
        /// Its chunk.
        chunk: u64,
    },
    /// The service says that there is the job, but does not show it yet.
    #[error("there is a job `{0}`, but it is not listed yet: ask again")]
    NotListed(String),
    /// A later attempt waits for the job.
    #[error("a later attempt at submitting job `{0}` took over: this one has nothing left to do")]
    Superseded(String),
    /// Others kept changing the row.
    #[error("the row of job `{0}` changes all the time: ask again")]
    Busy(String),
}

impl From<RowError> for SubmitError {
    fn from(error: RowError) -> Self {
        Self::Jobs(error.into())
    }
}

/// What a person can do about a job that is not accepted.
fn advice(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Denied => {
            "allow it in the role of this function and in that of the jobs, and ask for access to the model"
        }
        ErrorKind::Missing => "check that the model is offered in this region, and for batch jobs",
        _ => "mend what the service names, then redrive the run",
    }
}

impl Fails<SubmitFailure> for SubmitError {
    fn failure(&self) -> Option<SubmitFailure> {
        Some(match self {
            Self::Refused { error, .. }
            | Self::Service(error)
            | Self::Jobs(JobsError::Service(error)) => of_call(error),
            Self::NotListed(_) | Self::Superseded(_) | Self::Busy(_) => SubmitFailure::Unavailable,
            Self::Jobs(_) | Self::Token(_) | Self::NameTaken { .. } | Self::OtherRun { .. } => {
                SubmitFailure::Refused
            }
        })
    }
}

fn of_call(error: &Error) -> SubmitFailure {
    match error.kind {
        _ if error.code == QUOTA => SubmitFailure::QuotaReached,
        ErrorKind::Throttled => SubmitFailure::Throttled,
        ErrorKind::Unavailable => SubmitFailure::Unavailable,
        _ => SubmitFailure::Refused,
    }
}
