//! The body of `CreateModelInvocationJob`, and the rules that the service checks before it answers.

use regex::Regex;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::S3Uri;
use crate::bedrock::error::ServiceError;
use crate::bedrock::model_id::ModelId;
use crate::bedrock::models;

/// What a caller asks for. Members that the service ignores here, such as `vpcConfig`, are handed back as they came.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CreateRequest {
    pub(super) job_name: String,
    pub(super) role_arn: String,
    pub(super) client_request_token: Option<String>,
    pub(super) model_id: String,
    pub(super) input_data_config: InputDataConfig,
    pub(super) output_data_config: OutputDataConfig,
    pub(super) vpc_config: Option<Value>,
    #[serde(default = "default_timeout")]
    pub(super) timeout_duration_in_hours: u32,
    #[serde(default)]
    pub(super) tags: Vec<Tag>,
    #[serde(default)]
    pub(super) model_invocation_type: InvocationType,
}

/// A union of one member.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct InputDataConfig {
    pub(super) s3_input_data_config: S3InputDataConfig,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the names of the service")]
pub(super) struct S3InputDataConfig {
    #[serde(skip_serializing_if = "Option::is_none")]
    s3_input_format: Option<InputFormat>,
    pub(super) s3_uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    s3_bucket_owner: Option<String>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
enum InputFormat {
    #[serde(rename = "JSONL")]
    JsonLines,
}

/// A union of one member.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OutputDataConfig {
    pub(super) s3_output_data_config: S3OutputDataConfig,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the names of the service")]
pub(super) struct S3OutputDataConfig {
    pub(super) s3_uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    s3_encryption_key_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    s3_bucket_owner: Option<String>,
}

/// The format of `modelInput`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum InvocationType {
    #[default]
    InvokeModel,
    Converse,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Tag {
    pub(super) key: String,
    pub(super) value: String,
}

const fn default_timeout() -> u32 {
    24
}

/// The most tags on a job.
pub(super) const MAX_TAGS: usize = 200;

/// Patterns and greatest lengths from the service's API model.
const JOB_NAME: (&str, usize) = (r"[a-zA-Z0-9]{1,63}(-*[a-zA-Z0-9\+\-\.]){0,63}", 63);
const TOKEN: (&str, usize) = (r"[a-zA-Z0-9]{1,256}(-*[a-zA-Z0-9]){0,256}", 256);
const ROLE: (&str, usize) = (r"arn:aws(-[^:]+)?:iam::([0-9]{12})?:role/.+", 2048);
const S3_URI: (&str, usize) = (r"s3://[a-z0-9][.\-a-z0-9]{1,61}[a-z0-9](/.*)?", 1024);
const BUCKET_OWNER: (&str, usize) = ("[0-9]{12}", 12);
const TAG_KEY: (&str, usize) = (r"[a-zA-Z0-9\s._:/=+@-]+", 128);
const TAG_VALUE: (&str, usize) = (r"[a-zA-Z0-9\s._:/=+@-]*", 256);

impl CreateRequest {
    /// Parses and checks the body.
    pub(super) fn parse(body: &[u8]) -> Result<(Self, ModelId), ServiceError> {
        let request: Self = serde_json::from_slice(body).map_err(|error| {
            ServiceError::validation(format!("The request is not valid: {error}"))
        })?;
        let mut wrong = request.wrong_members();
        wrong.extend(wrong_tags(&request.tags));
        if !(24..=168).contains(&request.timeout_duration_in_hours) {
            wrong.push(format!(
                "Value '{}' at 'timeoutDurationInHours' failed to satisfy constraint: Member must be between 24 and 168",
                request.timeout_duration_in_hours
            ));
        }
        refuse(&wrong)?;
        let model = ModelId::parse(&request.model_id)?;
        models::check(&model)?;
        Ok((request, model))
    }

    fn wrong_members(&self) -> Vec<String> {
        let input = &self.input_data_config.s3_input_data_config;
        let output = &self.output_data_config.s3_output_data_config;
        let members = [
            ("jobName", Some(&self.job_name), JOB_NAME),
            (
                "clientRequestToken",
                self.client_request_token.as_ref(),
                TOKEN,
            ),
            ("roleArn", Some(&self.role_arn), ROLE),
            (
                "inputDataConfig.s3InputDataConfig.s3Uri",
                Some(&input.s3_uri),
                S3_URI,
            ),
            (
                "inputDataConfig.s3InputDataConfig.s3BucketOwner",
                input.s3_bucket_owner.as_ref(),
                BUCKET_OWNER,
            ),
            (
                "outputDataConfig.s3OutputDataConfig.s3Uri",
                Some(&output.s3_uri),
                S3_URI,
            ),
            (
                "outputDataConfig.s3OutputDataConfig.s3BucketOwner",
                output.s3_bucket_owner.as_ref(),
                BUCKET_OWNER,
            ),
        ];
        members
            .into_iter()
            .filter_map(|(name, value, constraint)| wrong(name, value?, constraint))
            .collect()
    }

    /// Where the records are.
    pub(super) fn input(&self) -> Option<S3Uri> {
        S3Uri::parse(&self.input_data_config.s3_input_data_config.s3_uri)
    }

    /// Where the job's own folder goes.
    pub(super) fn output(&self) -> Option<S3Uri> {
        S3Uri::parse(&self.output_data_config.s3_output_data_config.s3_uri).map(S3Uri::folder)
    }
}

/// What is wrong with tags, in the service's words.
pub(super) fn wrong_tags(tags: &[Tag]) -> Vec<String> {
    let each = tags.iter().enumerate().flat_map(|(index, tag)| {
        let place = |member| format!("tags.{}.member.{member}", index + 1);
        [
            wrong(&place("key"), &tag.key, TAG_KEY),
            wrong(&place("value"), &tag.value, TAG_VALUE),
        ]
    });
    each.flatten().collect()
}

/// One error for all mistakes, as the service reports them.
pub(super) fn refuse(mistakes: &[String]) -> Result<(), ServiceError> {
    let many = if mistakes.len() == 1 { "" } else { "s" };
    if mistakes.is_empty() {
        return Ok(());
    }
    Err(ServiceError::validation(format!(
        "{} validation error{many} detected: {}",
        mistakes.len(),
        mistakes.join("; ")
    )))
}

fn wrong(name: &str, value: &str, (pattern, length): (&str, usize)) -> Option<String> {
    let problem = if value.chars().count() > length {
        format!("Member must have length less than or equal to {length}")
    } else if !Regex::new(&format!("^(?:{pattern})$")).is_ok_and(|regex| regex.is_match(value)) {
        format!("Member must satisfy regular expression pattern: {pattern}")
    } else {
        return None;
    };
    Some(format!(
        "Value '{value}' at '{name}' failed to satisfy constraint: {problem}"
    ))
}
