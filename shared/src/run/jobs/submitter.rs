//! Creating jobs.

use aws_sdk_bedrock::Client;
use aws_sdk_bedrock::error::BuildError;
use aws_sdk_bedrock::types::{
    ModelInvocationJobInputDataConfig, ModelInvocationJobOutputDataConfig,
    ModelInvocationJobS3InputDataConfig, ModelInvocationJobS3OutputDataConfig, S3InputFormat, Tag,
};

use crate::run::{Error, ErrorKind};

const OPERATION: &str = "CreateModelInvocationJob";

/// Creates batch inference jobs, which work under the role that the port names.
#[derive(Clone, Debug)]
pub struct JobSubmitter {
    client: Client,
    role: String,
}

/// A job to be created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob {
    /// Its name, unique in the account: 1 to 63 letters, digits and hyphens.
    pub name: String,
    /// The token by which the service recognises a repeated request.
    pub client_request_token: String,
    /// A model, or an inference profile.
    pub model_id: String,
    /// `s3://bucket/key` of the input, JSON lines.
    pub input_uri: String,
    /// `s3://bucket/prefix/` of the outputs; the job makes a folder of its own there.
    pub output_uri: String,
    /// Hours until the service ends the job, 24 to 168.
    pub timeout_hours: u32,
    /// Its tags: keys with values.
    pub tags: Vec<(String, String)>,
}

impl JobSubmitter {
    pub(in crate::run) fn new(client: Client, role: String) -> Self {
        Self { client, role }
    }

    /// ARN of the role under which the jobs work.
    #[must_use]
    pub fn role(&self) -> &str {
        &self.role
    }

    /// Creates a job and answers its ARN.
    ///
    /// # Errors
    /// With code `ServiceQuotaExceededException` when the account has as many jobs of the model as it may have, with code
    /// `ConflictException` when there is another job of this name, and what calls fail with. A job may exist although the
    /// call failed, when the answer was lost: [`JobFinder`](super::JobFinder) tells.
    pub async fn create(&self, job: &NewJob) -> Result<String, Error> {
        let unbuildable = |error: BuildError| invalid(job, error.to_string());
        let hours = i32::try_from(job.timeout_hours)
            .map_err(|error| invalid(job, format!("timeout_hours: {error}")))?;
        let input = input(&job.input_uri).map_err(unbuildable)?;
        let output = output(&job.output_uri).map_err(unbuildable)?;
        let tags = job
            .tags
            .iter()
            .map(|(key, value)| Tag::builder().key(key).value(value).build())
            .collect::<Result<Vec<_>, _>>()
            .map_err(unbuildable)?;
        let answer = self
            .client
            .create_model_invocation_job()
            .job_name(&job.name)
            .client_request_token(&job.client_request_token)
            .role_arn(&self.role)
            .model_id(&job.model_id)
            .input_data_config(input)
            .output_data_config(output)
            .timeout_duration_in_hours(hours)
            .set_tags((!tags.is_empty()).then_some(tags))
            .send()
            .await
            .map_err(|error| Error::of_sdk(OPERATION, &job.name, &error))?;
        Ok(answer.job_arn)
    }
}

fn invalid(job: &NewJob, message: String) -> Error {
    Error::local(ErrorKind::Invalid, OPERATION, &job.name, message)
}

fn input(uri: &str) -> Result<ModelInvocationJobInputDataConfig, BuildError> {
    let input = ModelInvocationJobS3InputDataConfig::builder()
        .s3_uri(uri)
        .s3_input_format(S3InputFormat::Jsonl)
        .build()?;
    Ok(ModelInvocationJobInputDataConfig::S3InputDataConfig(input))
}

fn output(uri: &str) -> Result<ModelInvocationJobOutputDataConfig, BuildError> {
    let output = ModelInvocationJobS3OutputDataConfig::builder()
        .s3_uri(uri)
        .build()?;
    Ok(ModelInvocationJobOutputDataConfig::S3OutputDataConfig(
        output,
    ))
}
