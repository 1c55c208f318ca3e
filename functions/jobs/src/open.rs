//! An entry of the index of open jobs.

use shared::contracts::batch::job_row;
use shared::run::Item;

use crate::RowError;
use crate::row::Attributes;

/// An open job, as the index shows it. The token is not read from here: the index lags behind the row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenJob {
    /// The name of the job.
    pub name: String,
    /// ARN of the execution that submitted it.
    pub execution: String,
    /// The job, once it is known.
    pub arn: Option<String>,
    /// When its row was changed last, ISO 8601 in UTC.
    pub updated_at: String,
}

impl OpenJob {
    /// Reads an entry.
    ///
    /// # Errors
    /// When an attribute is missing or of another type.
    pub fn from_item(item: &Item) -> Result<Self, RowError> {
        let read = Attributes(item);
        Ok(Self {
            name: read.text(job_row::JOB_NAME)?,
            execution: read.text(job_row::EXECUTION)?,
            arn: read.optional(job_row::JOB_ARN, Attributes::text)?,
            updated_at: read.text(job_row::UPDATED_AT)?,
        })
    }
}
