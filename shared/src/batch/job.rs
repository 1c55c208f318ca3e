//! Names of jobs. The same job of the same run has the same name however often it is asked for, so that a retry finds
//! the job it made instead of making another.

use std::str::FromStr;

use sha2::{Digest, Sha256};

/// Characters that the name of a job can have.
const NAME_LENGTH: usize = 63;

/// Hexadecimal digits of the hash in a name: with 40 bits, two of a thousand runs with one prefix share a name once in
/// two million times.
const HASH_LENGTH: usize = 10;

/// What stands between the prefix and the number of a job.
const PART: &str = "-part-";

/// What the names of a run's jobs start with: letters, digits and hyphens, first a letter or digit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobPrefix(String);

impl JobPrefix {
    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for JobPrefix {
    type Err = JobError;

    /// Other characters than names can have become hyphens.
    fn from_str(text: &str) -> Result<Self, JobError> {
        let plain = |letter: char| {
            if letter.is_ascii_alphanumeric() {
                letter
            } else {
                '-'
            }
        };
        let name: String = text.chars().map(plain).collect();
        match name.trim_matches('-') {
            "" => Err(JobError::Prefix(text.to_owned())),
            name => Ok(Self(name.to_owned())),
        }
    }
}

/// What makes a job the job it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JobKey<'a> {
    /// The run, unique in the account: the ARN of its execution.
    pub run: &'a str,
    /// The number of the job's chunk, from 0.
    pub chunk: u64,
    /// 0, and one more for each redrive of the chunk.
    pub attempt: u32,
}

impl JobKey<'_> {
    /// The name of the job: `topics-part-0003-5f2d10c9ab`.
    #[must_use]
    pub fn name(&self, prefix: &JobPrefix) -> String {
        let hash = &self.hash()[..HASH_LENGTH];
        let suffix = format!("{PART}{:04}-{hash}", self.chunk);
        let room = NAME_LENGTH.saturating_sub(suffix.len());
        // Only ASCII, so any place is good to cut.
        let prefix = &prefix.0[..prefix.0.len().min(room)];
        format!("{}{suffix}", prefix.trim_end_matches('-'))
    }

    /// The `clientRequestToken` of the job: the service ignores a second request with the same.
    #[must_use]
    pub fn client_request_token(&self) -> String {
        self.hash()
    }

    fn hash(&self) -> String {
        let text = format!("{}\n{}\n{}", self.run, self.chunk, self.attempt);
        format!("{:x}", Sha256::digest(text))
    }
}

/// Whether a name has the form of ours: a first sieve for events. The tags of the job decide.
#[must_use]
pub fn is_job_name(name: &str) -> bool {
    let Some((prefix, rest)) = name.rsplit_once(PART) else {
        return false;
    };
    let Some((chunk, hash)) = rest.split_once('-') else {
        return false;
    };
    let hexadecimal = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    !prefix.is_empty()
        && chunk.len() >= 4
        && chunk.bytes().all(|byte| byte.is_ascii_digit())
        && hash.len() == HASH_LENGTH
        && hash.bytes().all(hexadecimal)
}

/// The id of a job: what its ARN ends in, and the folder of its outputs.
///
/// # Errors
/// When the text is not the ARN of a batch job.
pub fn job_id(arn: &str) -> Result<&str, JobError> {
    arn.split_once(":model-invocation-job/")
        .filter(|(start, _)| start.starts_with("arn:"))
        .map(|(_, id)| id)
        .filter(|id| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric()))
        .ok_or_else(|| JobError::Arn(arn.to_owned()))
}

/// Why a job cannot be named or found.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JobError {
    /// Nothing is left of the prefix.
    #[error(
        "the prefix `{0}` has no letter or digit from which a job can be named: write one like `test-joke-job1`"
    )]
    Prefix(String),
    /// Not a job.
    #[error(
        "`{0}` is not the ARN of a batch job: it reads `arn:aws:bedrock:<region>:<account>:model-invocation-job/<id>`"
    )]
    Arn(String),
}
