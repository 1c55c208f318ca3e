//! Finding jobs.

use aws_sdk_bedrock::Client;

use super::status;
use crate::batch::status::JobStatus;
use crate::run::Error;

/// Most jobs that the service lists in one answer.
const PAGE: i32 = 1000;

/// Finds batch inference jobs by name.
#[derive(Clone, Debug)]
pub struct JobFinder {
    client: Client,
}

impl JobFinder {
    pub(in crate::run) fn new(client: Client) -> Self {
        Self { client }
    }

    /// The ARN and the status of the job with exactly this name.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) with the word when its status is none of [`JobStatus`], and what
    /// calls fail with.
    pub async fn find(&self, name: &str) -> Result<Option<(String, JobStatus)>, Error> {
        const OPERATION: &str = "ListModelInvocationJobs";
        let mut pages = self
            .client
            .list_model_invocation_jobs()
            .name_contains(name)
            .max_results(PAGE)
            .into_paginator()
            .send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| Error::of_sdk(OPERATION, name, &error))?;
            let mut jobs = page.invocation_job_summaries().iter();
            if let Some(job) = jobs.find(|job| job.job_name() == name) {
                let status = status(OPERATION, name, job.status())?;
                return Ok(Some((job.job_arn().to_owned(), status)));
            }
        }
        Ok(None)
    }
}
