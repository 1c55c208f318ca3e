//! What can go wrong with a job and its row.

use shared::batch::task_token::TaskTokenError;
use shared::run::Error;

use crate::RowError;

/// Why a job could not be dealt with.
#[derive(Debug, thiserror::Error)]
pub enum JobsError {
    /// A call failed.
    #[error("{0}")]
    Service(#[from] Error),
    /// The row cannot be read.
    #[error("{0}")]
    Row(#[from] RowError),
    /// The tags of the job hold no whole token.
    #[error("job `{job}`: {error}")]
    Token {
        /// The name of the job.
        job: String,
        /// What is wrong with them.
        #[source]
        error: TaskTokenError,
    },
    /// Neither the row nor the job holds a token.
    #[error(
        "the row of job `{0}` is open, but neither the row nor the job's tags hold a token: nobody can be told; remove the attribute `open` from the row"
    )]
    NoToken(String),
}
