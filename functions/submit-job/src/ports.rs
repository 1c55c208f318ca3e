//! The contract's ports as services.

use shared::contracts::batch::{SubmissionPolicy, SubmitJob};
use shared::run::{Error, NewJob, Run};

use crate::Services;

impl Services for SubmitJob<Run> {
    fn policy(&self) -> &SubmissionPolicy {
        &self.policy
    }

    fn bucket(&self) -> &str {
        &self.bucket
    }

    async fn create(&self, job: &NewJob) -> Result<String, Error> {
        self.jobs.create(job).await
    }
}
