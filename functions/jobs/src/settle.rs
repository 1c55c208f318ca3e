//! From how a job stands to who knows it.

use shared::TaskToken;
use shared::contracts::batch::{Ending, JobEnd};
use shared::run::{BatchJob, ErrorKind};
use shared::telemetry::log::timestamp;

use crate::row::{JobRow, RowStatus};
use crate::{JobsError, Ledger, changes, is_tagged, tokens};

/// What came of settling a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settled {
    /// The job is somebody else's. Nothing was changed.
    Foreign,
    /// The job has not ended.
    Running(BatchJob),
    /// The job has ended.
    Ended {
        /// The job.
        job: BatchJob,
        /// Whether its row learned so now.
        noted: bool,
        /// Who was told.
        telling: Telling,
    },
}

/// Who was told of the end of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Telling {
    /// The machine, now.
    Told,
    /// Nobody: the machine does not wait any more.
    NobodyWaits,
    /// The machine, or nobody, was told before.
    Before,
}

/// Reads a job, brings its row up to date, and tells the machine when the job has ended and the machine still waits.
///
/// # Errors
/// What failed. Nothing is lost by it: an open row stays open until everything was done.
pub async fn settle(ledger: &impl Ledger, arn: &str) -> Result<Settled, JobsError> {
    let job = ledger.job(arn).await?;
    let Some(row) = row(ledger, &job.name).await? else {
        return settle_by_tags(ledger, job).await;
    };
    if !is_of(ledger, &row, &job).await? {
        return Ok(Settled::Foreign);
    }
    let noted = note(ledger, &row, &job).await?;
    let Some(ending) = Ending::of_status(job.status) else {
        return Ok(Settled::Running(job));
    };
    // Read again, for a retry of the state may have brought another token meanwhile.
    let telling = match self::row(ledger, &job.name).await? {
        Some(row) if row.open => tell(ledger, &row, &job, &end(ending, &job)).await?,
        _ => Telling::Before,
    };
    Ok(Settled::Ended {
        job,
        noted,
        telling,
    })
}

async fn row(ledger: &impl Ledger, name: &str) -> Result<Option<JobRow>, JobsError> {
    let item = ledger.row(name).await?;
    Ok(item.as_ref().map(JobRow::from_item).transpose()?)
}

/// A row whose job is not known yet has only the name in common with the job, and anybody may take a name.
async fn is_of(ledger: &impl Ledger, row: &JobRow, job: &BatchJob) -> Result<bool, JobsError> {
    match &row.job_arn {
        Some(arn) => Ok(*arn == job.arn),
        None => is_tagged(ledger, &job.arn).await,
    }
}

async fn note(ledger: &impl Ledger, row: &JobRow, job: &BatchJob) -> Result<bool, JobsError> {
    let now = timestamp(ledger.now());
    if row.status == RowStatus::NotSubmitted
        && let Some(token) = tokens::of_job(ledger, job).await?
    {
        return Ok(ledger.change(&changes::revive(job, &token, &now)).await?);
    }
    Ok(ledger.change(&changes::note(job, &now)).await?)
}

/// The row has the token of the last attempt at submitting, which the tags of the job need not have.
async fn tell(
    ledger: &impl Ledger,
    row: &JobRow,
    job: &BatchJob,
    end: &JobEnd,
) -> Result<Telling, JobsError> {
    let token = match &row.token {
        Some(token) => Some(token.clone()),
        None => tokens::of_job(ledger, job).await?,
    };
    let token = token.ok_or_else(|| JobsError::NoToken(job.name.clone()))?;
    let told = ledger.tell(&token, end).await?;
    ledger
        .change(&changes::close(&job.name, row.token.as_ref()))
        .await?;
    Ok(if told {
        Telling::Told
    } else {
        Telling::NobodyWaits
    })
}

/// Without its row, the job itself says who waits for it. The row is not made again: a repeated event finds that nobody
/// waits.
async fn settle_by_tags(ledger: &impl Ledger, job: BatchJob) -> Result<Settled, JobsError> {
    let Some(token) = tokens::of_job(ledger, &job).await? else {
        return Ok(Settled::Foreign);
    };
    let Some(ending) = Ending::of_status(job.status) else {
        return Ok(Settled::Running(job));
    };
    let Some(telling) = tell_unknown(ledger, &token, &end(ending, &job)).await? else {
        return Ok(Settled::Foreign);
    };
    Ok(Settled::Ended {
        job,
        noted: false,
        telling,
    })
}

/// Another deployment tags its jobs in the same way, but its machine is not ours to answer, which is none's mistake.
async fn tell_unknown(
    ledger: &impl Ledger,
    token: &TaskToken,
    end: &JobEnd,
) -> Result<Option<Telling>, JobsError> {
    match ledger.tell(token, end).await {
        Ok(true) => Ok(Some(Telling::Told)),
        Ok(false) => Ok(Some(Telling::NobodyWaits)),
        Err(error) if error.kind == ErrorKind::Denied => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn end(ending: Ending, job: &BatchJob) -> JobEnd {
    JobEnd {
        ending,
        job_arn: Some(job.arn.clone()),
        message: job.message.clone(),
    }
}
