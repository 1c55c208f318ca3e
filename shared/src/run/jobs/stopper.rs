//! Stopping jobs.

use aws_sdk_bedrock::Client;

use crate::run::Error;

/// Stops batch inference jobs.
#[derive(Clone, Debug)]
pub struct JobStopper {
    client: Client,
}

impl JobStopper {
    pub(in crate::run) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Asks a job to stop; false if it had ended, or was asked to, already. It is `Stopping` for a while, and what it has
    /// processed is paid for and written.
    ///
    /// # Errors
    /// What calls fail with.
    pub async fn stop(&self, arn: &str) -> Result<bool, Error> {
        let stopped = self
            .client
            .stop_model_invocation_job()
            .job_identifier(arn)
            .send()
            .await
            .map_err(|error| Error::of_sdk("StopModelInvocationJob", arn, &error));
        match stopped {
            Ok(_) => Ok(true),
            Err(error) if error.code == "ConflictException" => Ok(false),
            Err(error) => Err(error),
        }
    }
}
