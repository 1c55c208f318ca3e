//! The changes that rows go through, each with the conditions under which it is right.

use shared::TaskToken;
use shared::batch::status::JobStatus;
use shared::contracts::batch::job_row as name;
use shared::run::{BatchJob, Condition, ItemUpdate, Scalar};

use crate::row::{JobRow, RowStatus, number};

/// Makes a row.
#[must_use]
pub fn create(row: &JobRow) -> ItemUpdate {
    let attributes = row.to_item().into_iter();
    attributes
        .filter(|(attribute, _)| attribute != name::JOB_NAME)
        .fold(update(&row.name), |update, (attribute, value)| {
            update.set(attribute, value)
        })
        .when(Condition::Missing(name::JOB_NAME.to_owned()))
}

/// The machine waits again, under another token. A row that was closed is opened, one whose job has ended, too: the
/// machine that waits now was not told. Only as long as no other attempt wrote its token since the row was read.
#[must_use]
pub fn reopen(row: &JobRow, token: &TaskToken, began: &str, expires: i64) -> ItemUpdate {
    let update = wait(update(&row.name), token)
        .set(name::TOKEN_AT, began)
        .set(name::UPDATED_AT, began)
        .set(name::EXPIRES, expires)
        .when(status_is(row.status))
        .when(Condition::Equals(
            name::TOKEN_AT.to_owned(),
            row.token_at.as_str().into(),
        ));
    match row.status {
        RowStatus::NotSubmitted => update
            .set(name::STATUS, name::SUBMITTING)
            .remove(name::MESSAGE),
        RowStatus::Submitting | RowStatus::Job(_) => update,
    }
}

/// The job was created just now. An event that was faster noted more than this.
#[must_use]
pub fn created(job_name: &str, arn: &str, now: &str) -> ItemUpdate {
    update(job_name)
        .set(name::JOB_ARN, arn)
        .set(name::STATUS, JobStatus::Submitted.as_str())
        .set(name::UPDATED_AT, now)
        .when(status_is(RowStatus::Submitting))
}

/// How the job stands. A row only goes forward: what a slower reader read of the job before is not written over it.
#[must_use]
pub fn note(job: &BatchJob, now: &str) -> ItemUpdate {
    let settled: Vec<Scalar> = JobStatus::ALL
        .into_iter()
        .filter(|status| status.is_terminal() || *status > job.status)
        .map(|status| Scalar::from(status.as_str()))
        .collect();
    stand(job, now)
        .when(Condition::Exists(name::JOB_NAME.to_owned()))
        .when(Condition::NoneOf(name::STATUS.to_owned(), settled))
}

/// There is a job after all, and who waits under the token of its tags may not know.
#[must_use]
pub fn revive(job: &BatchJob, token: &TaskToken, now: &str) -> ItemUpdate {
    wait(stand(job, now), token).when(status_is(RowStatus::NotSubmitted))
}

/// The machine was told, or does not wait any more, unless it waits under another token by now.
#[must_use]
pub fn close(job_name: &str, token: Option<&TaskToken>) -> ItemUpdate {
    let same = match token {
        Some(token) => token_is(token),
        None => Condition::Missing(name::TOKEN.to_owned()),
    };
    stop_waiting(update(job_name))
        .when(Condition::Exists(name::JOB_NAME.to_owned()))
        .when(same)
}

/// There is no job, and the state that wanted one knows.
#[must_use]
pub fn refuse(job_name: &str, token: &TaskToken, message: &str, now: &str) -> ItemUpdate {
    stop_waiting(update(job_name))
        .set(name::STATUS, name::NOT_SUBMITTED)
        .set(name::MESSAGE, message)
        .set(name::UPDATED_AT, now)
        .when(status_is(RowStatus::Submitting))
        .when(token_is(token))
}

/// Nothing was heard of the job since the row was read.
#[must_use]
pub fn give_up(row: &JobRow, message: &str, now: &str) -> ItemUpdate {
    let update = stop_waiting(update(&row.name))
        .set(name::MESSAGE, message)
        .set(name::UPDATED_AT, now)
        .when(status_is(row.status))
        .when(Condition::Equals(
            name::UPDATED_AT.to_owned(),
            row.updated_at.as_str().into(),
        ));
    match row.status {
        RowStatus::Submitting => update.set(name::STATUS, name::NOT_SUBMITTED),
        RowStatus::NotSubmitted | RowStatus::Job(_) => update,
    }
}

fn update(job_name: &str) -> ItemUpdate {
    ItemUpdate::new(name::JOB_NAME, job_name)
}

fn stand(job: &BatchJob, now: &str) -> ItemUpdate {
    let counts = [(name::PROCESSED, job.processed), (name::ERRORS, job.errors)];
    let update = update(&job.name)
        .set(name::JOB_ARN, job.arn.as_str())
        .set(name::STATUS, job.status.as_str())
        .set(name::UPDATED_AT, now);
    let update = match &job.message {
        Some(message) => update.set(name::MESSAGE, message.as_str()),
        None => update.remove(name::MESSAGE),
    };
    counts
        .into_iter()
        .fold(update, |update, (attribute, count)| match count {
            Some(count) => update.set(attribute, number(count)),
            None => update,
        })
}

fn wait(update: ItemUpdate, token: &TaskToken) -> ItemUpdate {
    update
        .set(name::TOKEN, token.0.as_str())
        .set(name::OPEN, name::IS_OPEN)
}

fn stop_waiting(update: ItemUpdate) -> ItemUpdate {
    update.remove(name::TOKEN).remove(name::OPEN)
}

fn status_is(status: RowStatus) -> Condition {
    Condition::Equals(name::STATUS.to_owned(), status.as_str().into())
}

fn token_is(token: &TaskToken) -> Condition {
    Condition::Equals(name::TOKEN.to_owned(), token.0.as_str().into())
}
