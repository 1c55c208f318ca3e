//! The ports that create, read, find and stop batch inference jobs.

mod finder;
mod reader;
mod stopper;
mod submitter;

pub use finder::JobFinder;
pub use reader::{BatchJob, JobReader};
pub use stopper::JobStopper;
pub use submitter::{JobSubmitter, NewJob};

use aws_sdk_bedrock::types::ModelInvocationJobStatus;

use super::{Error, ErrorKind};
use crate::batch::status::JobStatus;

/// The status of a job in our words. One that the service added since is an error and not a guess.
fn status(
    operation: &'static str,
    target: &str,
    status: Option<&ModelInvocationJobStatus>,
) -> Result<JobStatus, Error> {
    let invalid = |message: String| Error::local(ErrorKind::Invalid, operation, target, message);
    let status = status.ok_or_else(|| invalid("the service told no status".to_owned()))?;
    status
        .as_str()
        .parse()
        .map_err(|error: crate::batch::status::UnknownStatus| invalid(error.to_string()))
}
