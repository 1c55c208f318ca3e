//! All open jobs, one as good as the other.

use futures_util::StreamExt as _;
use jobs::{
    Finder, JobRow, JobsError, Ledger, OpenJob, OpenRows, Settled, Telling, changes, settle,
};
use shared::contracts::batch::{ReconcileReport, ReconcileRequest};
use shared::run::{Error, ErrorKind, Item};
use shared::telemetry::log::timestamp;
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

/// Jobs that are looked at at once: a job takes a handful of calls, and an open job of a busy account has a thousand
/// siblings.
const AT_ONCE: usize = 8;

/// How long a row without a job is kept open. Whoever submits writes the row anew with each attempt, and no attempt takes
/// that long.
const PATIENCE: Duration = Duration::DAY;

/// Why nothing could be looked at.
#[derive(Debug, thiserror::Error)]
pub enum ReconcileError {
    /// The jobs that are open are not known.
    #[error("{0}")]
    Service(#[from] Error),
    /// The time is no time.
    #[error("`{0}` is no time in ISO 8601: pass `$.time` of the schedule's event as `now`")]
    Now(String),
}

/// What came of looking at one job.
#[derive(Debug)]
pub enum Looked {
    /// There is a job.
    Settled(Settled),
    /// There is none yet.
    NoJob,
    /// There was none for so long that its row was closed.
    GivenUp,
    /// The row was closed by somebody else meanwhile.
    Closed,
}

/// One job, and what came of looking at it.
#[derive(Debug)]
pub struct Outcome {
    /// The name of the job; empty for a row that cannot be read.
    pub job: String,
    /// What came of it.
    pub looked: Result<Looked, JobsError>,
}

/// Looks at every open job and shows each to `observe`. One that fails does not keep the others from being looked at.
///
/// # Errors
/// When the open jobs cannot be listed.
pub async fn reconcile(
    services: &(impl Ledger + Finder + OpenRows),
    request: &ReconcileRequest,
    mut observe: impl FnMut(&Outcome),
) -> Result<ReconcileReport, ReconcileError> {
    let now = OffsetDateTime::parse(&request.now, &Rfc3339)
        .map_err(|_| ReconcileError::Now(request.now.clone()))?;
    let rows = services.open_rows().await?;
    let mut report = ReconcileReport {
        open: rows.len() as u64,
        ..ReconcileReport::default()
    };
    let looks = rows.iter().map(|row| look(services, row, now));
    let mut outcomes = futures_util::stream::iter(looks).buffered(AT_ONCE);
    while let Some(outcome) = outcomes.next().await {
        observe(&outcome);
        report.ended += u64::from(had_ended(&outcome));
        report.failed += u64::from(outcome.looked.is_err());
    }
    Ok(report)
}

fn had_ended(outcome: &Outcome) -> bool {
    matches!(
        &outcome.looked,
        Ok(Looked::Settled(Settled::Ended { noted, telling, .. }))
            if *noted || *telling != Telling::Before
    )
}

async fn look(services: &(impl Ledger + Finder), item: &Item, now: OffsetDateTime) -> Outcome {
    match OpenJob::from_item(item) {
        Ok(job) => Outcome {
            looked: look_at(services, &job, now).await,
            job: job.name,
        },
        Err(error) => Outcome {
            job: error.job.clone(),
            looked: Err(error.into()),
        },
    }
}

async fn look_at(
    services: &(impl Ledger + Finder),
    job: &OpenJob,
    now: OffsetDateTime,
) -> Result<Looked, JobsError> {
    let arn = match &job.arn {
        Some(arn) => Some(arn.clone()),
        None => services.find(&job.name).await?,
    };
    let settled = match arn {
        Some(arn) => settle_known(services, &arn).await?,
        None => None,
    };
    match settled {
        // Somebody else's job has the name; the submission of ours is refused.
        None | Some(Settled::Foreign) => give_up(services, &job.name, now).await,
        Some(settled) => Ok(Looked::Settled(settled)),
    }
}

/// The service does not know jobs for ever.
async fn settle_known(services: &impl Ledger, arn: &str) -> Result<Option<Settled>, JobsError> {
    match settle(services, arn).await {
        Err(JobsError::Service(error)) if error.kind == ErrorKind::Missing => Ok(None),
        other => other.map(Some),
    }
}

/// Closes the row of a job that has not been seen for a day. The state that waits for it has a timeout of its own.
async fn give_up(
    services: &impl Ledger,
    name: &str,
    now: OffsetDateTime,
) -> Result<Looked, JobsError> {
    // The index lags behind; the row itself says whether it is open, and since when.
    let Some(item) = services.row(name).await? else {
        return Ok(Looked::Closed);
    };
    let row = JobRow::from_item(&item)?;
    if !row.open {
        return Ok(Looked::Closed);
    }
    let changed = OffsetDateTime::parse(&row.updated_at, &Rfc3339);
    if changed.is_ok_and(|changed| now - changed < PATIENCE) {
        return Ok(Looked::NoJob);
    }
    let message = "there is no such job, and none turned up within a day: redrive the run";
    let given_up = changes::give_up(&row, message, &timestamp(services.now()));
    Ok(if services.change(&given_up).await? {
        Looked::GivenUp
    } else {
        Looked::NoJob
    })
}
