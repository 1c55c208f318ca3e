//! One chunk: from its row to its job.

use std::time::SystemTime;

use jobs::{JobRow, JobsError, RowStatus, Settled, changes, is_tagged, settle};
use shared::batch::task_token::to_tags;
use shared::contracts::batch::{ChunkTask, SubmitJobRequest};
use shared::run::{Error, NewJob};
use shared::telemetry::log::timestamp;

use crate::{Services, SubmitError};

/// How often the row is read again because somebody changed it between reading and writing.
const ROUNDS: usize = 5;

/// What the service says when there is a job of this name; some of its operations call it invalid instead.
const CONFLICT: &str = "ConflictException";

const SECONDS_PER_DAY: i64 = 86_400;

/// A chunk has its job.
#[derive(Debug)]
pub struct Submitted {
    /// The job.
    pub arn: String,
    /// Whether it was made now.
    pub made: bool,
    /// What came of settling a job that was there before.
    pub settled: Option<Settled>,
    /// What could not be done for the row: the next event, or the reconciler, does it.
    pub left: Option<JobsError>,
}

/// Makes the job of a chunk, or finds the one that an earlier attempt made.
///
/// # Errors
/// [`SubmitError`] says what to do. After any of them, the row is either closed or open for the next attempt.
pub async fn submit(
    services: &impl Services,
    request: &SubmitJobRequest,
) -> Result<Submitted, SubmitError> {
    let job = new_job(services, request)?;
    let earlier = open(services, request).await?;
    let outcome = match &earlier {
        Some(JobRow {
            job_arn: Some(arn), ..
        }) => Ok((arn.clone(), false)),
        Some(_) => find_or_create(services, &job).await,
        None => create(services, &job).await,
    };
    match outcome {
        Ok((arn, true)) => Ok(note(services, &request.task, arn).await),
        Ok((arn, false)) => Ok(follow(services, arn).await),
        Err(error) => {
            if is_final(&error) {
                close(services, request, &error).await?;
            }
            Err(error)
        }
    }
}

fn new_job(services: &impl Services, request: &SubmitJobRequest) -> Result<NewJob, SubmitError> {
    let task = &request.task;
    let uri = |key: &str| format!("{}/{key}", services.bucket().trim_end_matches('/'));
    Ok(NewJob {
        name: task.job_name.clone(),
        client_request_token: task.client_request_token.clone(),
        model_id: task.model_id.clone(),
        input_uri: uri(&task.input),
        output_uri: uri(&task.outputs),
        timeout_hours: services.policy().job_timeout_hours,
        tags: to_tags(&request.token.0)?,
    })
}

/// Writes the token into the row before anything else happens. Answers the row as an earlier attempt left it.
///
/// An attempt that was given up may still be running, and must not replace the token of the one that came after it. The
/// two began seconds apart at least, so clocks tell which is which.
async fn open(
    services: &impl Services,
    request: &SubmitJobRequest,
) -> Result<Option<JobRow>, SubmitError> {
    let task = &request.task;
    let expires = expiry(services.now(), services.policy().row_days);
    let began = timestamp(services.now());
    for _ in 0..ROUNDS {
        let Some(item) = services.row(&task.job_name).await? else {
            let row = new_row(request, &began, expires);
            if services.change(&changes::create(&row)).await? {
                return Ok(None);
            }
            continue;
        };
        let row = JobRow::from_item(&item)?;
        if !row.is_of(task) {
            return Err(SubmitError::OtherRun {
                job: row.name,
                run: row.run,
                chunk: row.chunk,
            });
        }
        if row.token_at > began {
            return Err(SubmitError::Superseded(row.name));
        }
        let reopen = changes::reopen(&row, &request.token, &began, expires);
        if services.change(&reopen).await? {
            return Ok(Some(row));
        }
    }
    Err(SubmitError::Busy(task.job_name.clone()))
}

fn new_row(request: &SubmitJobRequest, began: &str, expires: i64) -> JobRow {
    let task = &request.task;
    JobRow {
        name: task.job_name.clone(),
        run: task.run.run.clone(),
        prefix: task.run.prefix.clone(),
        execution: task.run.execution.clone(),
        chunk: task.chunk,
        attempt: task.attempt,
        model_id: task.model_id.clone(),
        records: task.records,
        status: RowStatus::Submitting,
        job_arn: None,
        message: None,
        token: Some(request.token.clone()),
        token_at: began.to_owned(),
        open: true,
        processed: None,
        errors: None,
        submitted_at: began.to_owned(),
        updated_at: began.to_owned(),
        expires,
    }
}

fn expiry(now: SystemTime, days: u32) -> i64 {
    let since = now
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    let seconds = i64::try_from(since.as_secs()).unwrap_or(i64::MAX);
    seconds.saturating_add(i64::from(days) * SECONDS_PER_DAY)
}

/// An earlier attempt may have made the job without learning of it. Its request had another token in the tags, so the
/// service might not take ours for a repetition of it.
async fn find_or_create(
    services: &impl Services,
    job: &NewJob,
) -> Result<(String, bool), SubmitError> {
    match find_own(services, &job.name).await? {
        Some(arn) => Ok((arn, false)),
        None => create(services, job).await,
    }
}

/// The ARN, and whether the job was made now.
async fn create(services: &impl Services, job: &NewJob) -> Result<(String, bool), SubmitError> {
    let error = match services.create(job).await {
        Ok(arn) => return Ok((arn, true)),
        Err(error) if error.kind.may_pass() => return Err(error.into()),
        Err(error) => error,
    };
    match find_own(services, &job.name).await? {
        Some(arn) => Ok((arn, false)),
        None if error.code == CONFLICT => Err(SubmitError::NotListed(job.name.clone())),
        None => Err(refused(job, error)),
    }
}

fn refused(job: &NewJob, error: Error) -> SubmitError {
    SubmitError::Refused {
        job: job.name.clone(),
        error,
    }
}

async fn find_own(services: &impl Services, name: &str) -> Result<Option<String>, SubmitError> {
    let Some(arn) = services.find(name).await? else {
        return Ok(None);
    };
    if is_tagged(services, &arn).await? {
        return Ok(Some(arn));
    }
    Err(SubmitError::NameTaken {
        job: name.to_owned(),
        arn,
    })
}

/// The job is there, whatever becomes of its row now: a failure here must not have the state ask again.
async fn note(services: &impl Services, task: &ChunkTask, arn: String) -> Submitted {
    let now = timestamp(services.now());
    let noted = services
        .change(&changes::created(&task.job_name, &arn, &now))
        .await;
    Submitted {
        arn,
        made: true,
        settled: None,
        left: noted.err().map(JobsError::from),
    }
}

/// The job may have ended before the row had the token that is waited for now.
async fn follow(services: &impl Services, arn: String) -> Submitted {
    let (settled, left) = match settle(services, &arn).await {
        Ok(settled) => (Some(settled), None),
        Err(error) => (None, Some(error)),
    };
    Submitted {
        arn,
        made: false,
        settled,
        left,
    }
}

/// Whether it is certain that there is no job, and that asking again changes nothing.
fn is_final(error: &SubmitError) -> bool {
    matches!(
        error,
        SubmitError::Refused { .. } | SubmitError::NameTaken { .. }
    )
}

async fn close(
    services: &impl Services,
    request: &SubmitJobRequest,
    error: &SubmitError,
) -> Result<(), SubmitError> {
    let now = timestamp(services.now());
    let refuse = changes::refuse(
        &request.task.job_name,
        &request.token,
        &error.to_string(),
        &now,
    );
    services.change(&refuse).await?;
    Ok(())
}
