//! The attempts at a chunk: what earlier ones were recorded as, and what is read of all of them now.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use shared::batch::cost::Usage;
use shared::batch::job::job_id;
use shared::contracts::batch::{AttemptRecord, Ending, JobEnd, JobMode, PostprocessRequest};

use crate::outputs::Output;

/// The attempts by their number.
#[derive(Debug)]
pub(crate) struct Attempts(BTreeMap<u32, AttemptRecord>);

impl Attempts {
    /// The recorded attempts with the one that was just made; one that is repeated replaces itself. Nothing is noted of
    /// outputs: all of them are read again.
    pub(crate) fn new(recorded: Vec<AttemptRecord>, request: &PostprocessRequest) -> Self {
        let task = &request.task;
        let made = AttemptRecord {
            attempt: task.attempt,
            mode: task.mode,
            records: task.records,
            end: request.end.clone(),
            output: None,
            usage: Usage::default(),
        };
        let attempts = recorded.into_iter().chain([made]).map(|attempt| {
            let unread = AttemptRecord {
                output: None,
                usage: Usage::default(),
                ..attempt
            };
            (unread.attempt, unread)
        });
        Self(attempts.collect())
    }

    /// What the rows of an output are to say as their job: its ARN; its id, where the ARN was never told or there is no job.
    pub(crate) fn job_of<'a>(&'a self, output: &Output<'a>) -> &'a str {
        let attempt = self.0.get(&output.of.attempt);
        attempt
            .and_then(|attempt| attempt.end.job_arn.as_deref())
            .filter(|arn| job_id(arn).is_ok_and(|id| id == output.of.job_id))
            .unwrap_or(output.of.job_id)
    }

    /// Notes an output that was read. Nobody may have heard of its attempt: then the execution ended before the job did.
    pub(crate) fn note(&mut self, output: &Output<'_>, usage: Usage) {
        let attempt = output.of.attempt;
        let noted = self.0.entry(attempt).or_insert_with(|| AttemptRecord {
            attempt,
            mode: if output.of.is_on_demand() {
                JobMode::OnDemand
            } else {
                JobMode::Batch
            },
            records: 0,
            end: JobEnd {
                ending: Ending::Lost,
                job_arn: None,
                message: Some("the execution ended before the attempt was recorded".to_owned()),
            },
            output: None,
            usage: Usage::default(),
        });
        noted
            .output
            .get_or_insert_with(|| output.object.key.clone());
        noted.usage.records += usage.records;
        noted.usage.input_tokens += usage.input_tokens;
        noted.usage.output_tokens += usage.output_tokens;
    }

    /// Why rows have no output; none when the last attempt does not say.
    pub(crate) fn missing_message(&self) -> Option<String> {
        let (_, last) = self.0.last_key_value()?;
        let what = match (last.end.ending, last.mode) {
            (Ending::Completed | Ending::Nothing, _) => return None,
            (Ending::PartiallyCompleted, _) => "the job ran out of time before this record",
            (Ending::Failed, _) => "the job failed",
            (Ending::Stopped, _) => "the job was stopped before this record",
            (Ending::Expired, _) => "the job ran out of time before it began",
            (Ending::NotSubmitted, JobMode::OnDemand) => "the sending of records broke off",
            (Ending::NotSubmitted, _) => "the job was not submitted",
            (Ending::Lost, _) => "the job was lost",
            (Ending::OnDemand, _) => "the record was not sent",
        };
        let detail = last.end.message.as_deref().unwrap_or_default();
        let detail = detail_of(detail).trim().trim_end_matches('.').to_owned();
        Some(match detail.as_str() {
            "" => format!("{what}: redrive the run"),
            detail => format!("{what} ({detail}): redrive the run"),
        })
    }

    /// The attempts, the first one first.
    pub(crate) fn into_records(self) -> Vec<AttemptRecord> {
        self.0.into_values().collect()
    }
}

/// What a person wants to know of a message. Where a function failed, the execution knows only what Lambda reports: JSON.
fn detail_of(message: &str) -> Cow<'_, str> {
    let report: Result<Report<'_>, _> = serde_json::from_str(message);
    report.map_or(Cow::Borrowed(message), |report| report.error_message)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Report<'a> {
    #[serde(borrow)]
    error_message: Cow<'a, str>,
}
