//! A row of the table of jobs.

use std::fmt;
use std::str::FromStr;

use shared::TaskToken;
use shared::batch::status::{JobStatus, UnknownStatus};
use shared::contracts::batch::{ChunkTask, job_row as name};
use shared::run::{Item, Scalar};

/// What is known of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobRow {
    /// The name of the job.
    pub name: String,
    /// The name of the run.
    pub run: String,
    /// What the names of the run's jobs start with.
    pub prefix: String,
    /// ARN of the execution that submitted it.
    pub execution: String,
    /// Number of the chunk.
    pub chunk: u64,
    /// Number of the attempt.
    pub attempt: u32,
    /// The model, as the request names it.
    pub model_id: String,
    /// Records in the input.
    pub records: u64,
    /// How the job stands.
    pub status: RowStatus,
    /// The job, once it is known.
    pub job_arn: Option<String>,
    /// Why it failed.
    pub message: Option<String>,
    /// The token under which the machine waits.
    pub token: Option<TaskToken>,
    /// When the attempt at submitting began that wrote the token last.
    pub token_at: String,
    /// Whether the machine waits, as far as is known.
    pub open: bool,
    /// Records that were processed.
    pub processed: Option<u64>,
    /// Records with an error.
    pub errors: Option<u64>,
    /// When the row was made, ISO 8601 in UTC.
    pub submitted_at: String,
    /// When it was changed last.
    pub updated_at: String,
    /// When it may be deleted, in seconds since 1970.
    pub expires: i64,
}

/// How the job of a row stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowStatus {
    /// It is being created.
    Submitting,
    /// There is none: it was refused, or never turned up.
    NotSubmitted,
    /// There is one.
    Job(JobStatus),
}

impl RowStatus {
    /// The word in the row.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Submitting => name::SUBMITTING,
            Self::NotSubmitted => name::NOT_SUBMITTED,
            Self::Job(status) => status.as_str(),
        }
    }
}

impl fmt::Display for RowStatus {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for RowStatus {
    type Err = UnknownStatus;

    fn from_str(text: &str) -> Result<Self, UnknownStatus> {
        match text {
            name::SUBMITTING => Ok(Self::Submitting),
            name::NOT_SUBMITTED => Ok(Self::NotSubmitted),
            other => other.parse().map(Self::Job),
        }
    }
}

/// A row that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the row of job `{job}` has no attribute `{attribute}` that can be read: restore the row from a backup of the table, or delete it, and the tags of the job are used instead"
)]
pub struct RowError {
    /// The name of the job; empty when it has none.
    pub job: String,
    /// The attribute.
    pub attribute: &'static str,
}

impl JobRow {
    /// Whether it is the row of this task's job. Names are hashes, which two runs could share.
    #[must_use]
    pub fn is_of(&self, task: &ChunkTask) -> bool {
        self.run == task.run.run
            && self.prefix == task.run.prefix
            && self.chunk == task.chunk
            && self.attempt == task.attempt
    }

    /// Reads a row.
    ///
    /// # Errors
    /// When an attribute is missing or of another type.
    pub fn from_item(item: &Item) -> Result<Self, RowError> {
        let read = Attributes(item);
        Ok(Self {
            name: read.text(name::JOB_NAME)?,
            run: read.text(name::RUN)?,
            prefix: read.text(name::PREFIX)?,
            execution: read.text(name::EXECUTION)?,
            chunk: read.number(name::CHUNK)?,
            attempt: read.number(name::ATTEMPT)?,
            model_id: read.text(name::MODEL_ID)?,
            records: read.number(name::RECORDS)?,
            status: read
                .text(name::STATUS)?
                .parse()
                .map_err(|_| read.error(name::STATUS))?,
            job_arn: read.optional(name::JOB_ARN, Attributes::text)?,
            message: read.optional(name::MESSAGE, Attributes::text)?,
            token: read.optional(name::TOKEN, Attributes::text)?.map(TaskToken),
            token_at: read.text(name::TOKEN_AT)?,
            open: item.contains_key(name::OPEN),
            processed: read.optional(name::PROCESSED, Attributes::number)?,
            errors: read.optional(name::ERRORS, Attributes::number)?,
            submitted_at: read.text(name::SUBMITTED_AT)?,
            updated_at: read.text(name::UPDATED_AT)?,
            expires: read.number(name::EXPIRES)?,
        })
    }

    /// The row as it is written.
    #[must_use]
    pub fn to_item(&self) -> Item {
        let text = |text: &str| Some(Scalar::from(text));
        let optional = |value: &Option<String>| value.as_deref().map(Scalar::from);
        let attributes = [
            (name::JOB_NAME, text(&self.name)),
            (name::RUN, text(&self.run)),
            (name::PREFIX, text(&self.prefix)),
            (name::EXECUTION, text(&self.execution)),
            (name::CHUNK, Some(number(self.chunk))),
            (name::ATTEMPT, Some(number(self.attempt.into()))),
            (name::MODEL_ID, text(&self.model_id)),
            (name::RECORDS, Some(number(self.records))),
            (name::STATUS, text(self.status.as_str())),
            (name::JOB_ARN, optional(&self.job_arn)),
            (name::MESSAGE, optional(&self.message)),
            (
                name::TOKEN,
                self.token.as_ref().map(|token| token.0.as_str().into()),
            ),
            (name::TOKEN_AT, text(&self.token_at)),
            (name::OPEN, self.open.then(|| Scalar::from(name::IS_OPEN))),
            (name::PROCESSED, self.processed.map(number)),
            (name::ERRORS, self.errors.map(number)),
            (name::SUBMITTED_AT, text(&self.submitted_at)),
            (name::UPDATED_AT, text(&self.updated_at)),
            (name::EXPIRES, Some(Scalar::Number(self.expires))),
        ];
        attributes
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)))
            .collect()
    }
}

/// A count as an attribute. None of ours comes near the largest number.
pub(crate) fn number(count: u64) -> Scalar {
    Scalar::Number(i64::try_from(count).unwrap_or(i64::MAX))
}

/// Attributes of an item that was read.
pub(crate) struct Attributes<'a>(pub(crate) &'a Item);

impl Attributes<'_> {
    pub(crate) fn text(&self, attribute: &'static str) -> Result<String, RowError> {
        let text = self.0.get(attribute).and_then(Scalar::text);
        text.map(str::to_owned).ok_or_else(|| self.error(attribute))
    }

    fn number<T: TryFrom<i64>>(&self, attribute: &'static str) -> Result<T, RowError> {
        let number = self.0.get(attribute).and_then(Scalar::number);
        number
            .and_then(|number| number.try_into().ok())
            .ok_or_else(|| self.error(attribute))
    }

    /// One that need not be there, but must be readable when it is.
    pub(crate) fn optional<T>(
        &self,
        attribute: &'static str,
        read: impl Fn(&Self, &'static str) -> Result<T, RowError>,
    ) -> Result<Option<T>, RowError> {
        if !self.0.contains_key(attribute) {
            return Ok(None);
        }
        read(self, attribute).map(Some)
    }

    fn error(&self, attribute: &'static str) -> RowError {
        let job = self.0.get(name::JOB_NAME).and_then(Scalar::text);
        RowError {
            job: job.unwrap_or_default().to_owned(),
            attribute,
        }
    }
}
