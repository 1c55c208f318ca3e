//! Reading jobs.

use aws_sdk_bedrock::Client;

use super::status;
use crate::batch::status::JobStatus;
use crate::run::Error;

/// Reads batch inference jobs and their tags, and does nothing else:
///
/// ```compile_fail,E0599
/// async fn misuse(jobs: &shared::run::JobReader) {
///     jobs.stop("arn").await;
/// }
/// ```
#[derive(Clone, Debug)]
pub struct JobReader {
    client: Client,
}

/// A job as the service tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchJob {
    /// Its ARN.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// How it stands.
    pub status: JobStatus,
    /// Why it failed.
    pub message: Option<String>,
    /// Records of the input. The four counts are there only once the service has counted.
    pub total: Option<u64>,
    /// Records that were processed.
    pub processed: Option<u64>,
    /// Records with an answer.
    pub succeeded: Option<u64>,
    /// Records with an error.
    pub errors: Option<u64>,
}

impl JobReader {
    pub(in crate::run) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Reads a job.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) with the word when its status is none of [`JobStatus`], and what
    /// calls fail with.
    pub async fn get(&self, arn: &str) -> Result<BatchJob, Error> {
        const OPERATION: &str = "GetModelInvocationJob";
        let job = self
            .client
            .get_model_invocation_job()
            .job_identifier(arn)
            .send()
            .await
            .map_err(|error| Error::of_sdk(OPERATION, arn, &error))?;
        Ok(BatchJob {
            status: status(OPERATION, arn, job.status())?,
            arn: job.job_arn,
            name: job.job_name.unwrap_or_default(),
            message: job.message.filter(|message| !message.is_empty()),
            total: count(job.total_record_count),
            processed: count(job.processed_record_count),
            succeeded: count(job.success_record_count),
            errors: count(job.error_record_count),
        })
    }

    /// The tags of a job: keys with values.
    ///
    /// # Errors
    /// What calls fail with.
    pub async fn tags(&self, arn: &str) -> Result<Vec<(String, String)>, Error> {
        let answer = self
            .client
            .list_tags_for_resource()
            .resource_arn(arn)
            .send()
            .await
            .map_err(|error| Error::of_sdk("ListTagsForResource", arn, &error))?;
        let tags = answer.tags.unwrap_or_default();
        Ok(tags.into_iter().map(|tag| (tag.key, tag.value)).collect())
    }
}

fn count(records: Option<i64>) -> Option<u64> {
    records.and_then(|records| u64::try_from(records).ok())
}
