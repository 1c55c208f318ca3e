//! The open jobs of an execution.

use jobs::{JobsError, OpenJob};
use shared::contracts::batch::{StopReport, StopRequest, job_row};
use shared::run::{Error, ErrorKind, Item, Scalar};
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use crate::Services;

/// How long ago a row was written whose submission may still be going on: longer than the function that submits may run.
const SUBMISSION: Duration = Duration::minutes(2);

/// What came of one job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// It was asked to stop.
    Stopped(String),
    /// It had ended before.
    Ended(String),
    /// There is no job.
    None,
}

/// Why not every job was stopped. Those that could be were.
#[derive(Debug, thiserror::Error)]
#[error("{failed} of {jobs} jobs could not be stopped, the first: {first}")]
pub struct StopError {
    /// Jobs that could not be stopped.
    pub failed: usize,
    /// Jobs that were to be stopped.
    pub jobs: usize,
    /// Why the first of them could not.
    #[source]
    pub first: JobsError,
}

/// Stops the open jobs of an execution, or one of them, and shows each to `observe`.
///
/// # Errors
/// When a job could not be stopped, after all others were; asked again, it stops what is left.
pub async fn stop(
    services: &impl Services,
    request: &StopRequest,
    mut observe: impl FnMut(&str, &Result<Stop, JobsError>),
) -> Result<StopReport, StopError> {
    let fatal = |error: Error| StopError {
        failed: 1,
        jobs: 1,
        first: error.into(),
    };
    let items = services.open_rows().await.map_err(fatal)?;
    let open: Vec<_> = items
        .iter()
        .filter(|item| is_wanted(item, request))
        .collect();
    let mut report = StopReport::default();
    let mut errors = Vec::new();
    for item in &open {
        let stopped = stop_one(services, item).await;
        observe(name_of(item), &stopped);
        match stopped {
            Ok(Stop::Stopped(arn)) => {
                report.stopped += 1;
                report.job_arns.push(arn);
            }
            Ok(Stop::Ended(arn)) => report.job_arns.push(arn),
            Ok(Stop::None) => {}
            Err(error) => errors.push(error),
        }
    }
    if let (Some(name), true) = (&request.job_name, open.is_empty()) {
        // Not open, so its end was told to somebody: it is worth knowing, and not to be stopped.
        report
            .job_arns
            .extend(services.find(name).await.map_err(fatal)?);
    }
    let failed = errors.len();
    match errors.into_iter().next() {
        Some(first) => Err(StopError {
            failed,
            jobs: open.len(),
            first,
        }),
        None => Ok(report),
    }
}

/// Rows hold the execution of the run. The executions of its chunks, which end too, have none.
fn is_wanted(item: &Item, request: &StopRequest) -> bool {
    let execution = item.get(job_row::EXECUTION).and_then(Scalar::text);
    let name = request.job_name.as_deref();
    execution == Some(request.execution.as_str()) && name.is_none_or(|name| name == name_of(item))
}

fn name_of(item: &Item) -> &str {
    let name = item.get(job_row::JOB_NAME).and_then(Scalar::text);
    name.unwrap_or_default()
}

async fn stop_one(services: &impl Services, item: &Item) -> Result<Stop, JobsError> {
    let job = OpenJob::from_item(item)?;
    let found = match &job.arn {
        Some(arn) => Some(arn.clone()),
        None => services.find(&job.name).await?,
    };
    let Some(arn) = found else {
        return if is_being_submitted(services, &job) {
            Err(in_flight(&job).into())
        } else {
            Ok(Stop::None)
        };
    };
    Ok(if services.stop(&arn).await? {
        Stop::Stopped(arn)
    } else {
        Stop::Ended(arn)
    })
}

/// A function that is about to create the job does not learn that nobody waits any more.
fn is_being_submitted(services: &impl Services, job: &OpenJob) -> bool {
    let now = OffsetDateTime::from(services.now());
    OffsetDateTime::parse(&job.updated_at, &Rfc3339).is_ok_and(|written| now - written < SUBMISSION)
}

fn in_flight(job: &OpenJob) -> Error {
    Error {
        kind: ErrorKind::Unavailable,
        operation: "StopModelInvocationJob",
        target: job.name.clone(),
        code: "BeingSubmitted".to_owned(),
        message: "the job may be created at this moment: ask again in two minutes".to_owned(),
    }
}
