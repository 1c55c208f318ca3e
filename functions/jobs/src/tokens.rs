//! The token in the tags of a job.

use shared::TaskToken;
use shared::batch::task_token::from_tags;
use shared::run::BatchJob;

use crate::{JobsError, Ledger};

/// The token that the job was created with; none when it is somebody else's job.
pub(crate) async fn of_job(
    ledger: &impl Ledger,
    job: &BatchJob,
) -> Result<Option<TaskToken>, JobsError> {
    let tags = ledger.tags(&job.arn).await?;
    let token = from_tags(pairs(&tags)).map_err(|error| JobsError::Token {
        job: job.name.clone(),
        error,
    })?;
    Ok(token.map(TaskToken))
}

/// Whether a job has tags of ours, readable or not. Only our submissions write them.
///
/// # Errors
/// When they cannot be listed.
pub async fn is_tagged(ledger: &impl Ledger, arn: &str) -> Result<bool, JobsError> {
    let tags = ledger.tags(arn).await?;
    Ok(!matches!(from_tags(pairs(&tags)), Ok(None)))
}

fn pairs(tags: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
    tags.iter()
        .map(|(key, value)| (key.as_str(), value.as_str()))
}
