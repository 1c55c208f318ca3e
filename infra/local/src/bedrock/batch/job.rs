//! A job as the service knows it, and as it shows it.

use std::sync::Arc;
use std::time::Instant;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};
use tokio::sync::Notify;

use super::JobFault;
use super::request::{CreateRequest, Tag};
use crate::bedrock::model_id::ModelId;

/// The statuses of a batch inference job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// Queued for validation.
    Submitted,
    /// The input files are being read.
    Validating,
    /// Valid, and waiting for capacity.
    Scheduled,
    /// Records are being processed.
    InProgress,
    /// A caller asked for its end.
    Stopping,
    /// Ended: every record was processed, some perhaps with an error.
    Completed,
    /// Ended: not all records could be processed in time.
    PartiallyCompleted,
    /// Ended: see the message.
    Failed,
    /// Ended by a caller.
    Stopped,
    /// Ended: it did not begin before its timeout.
    Expired,
}

impl Status {
    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Submitted => "Submitted",
            Self::Validating => "Validating",
            Self::Scheduled => "Scheduled",
            Self::InProgress => "InProgress",
            Self::Stopping => "Stopping",
            Self::Completed => "Completed",
            Self::PartiallyCompleted => "PartiallyCompleted",
            Self::Failed => "Failed",
            Self::Stopped => "Stopped",
            Self::Expired => "Expired",
        }
    }

    /// Whether no other follows.
    pub fn is_terminal(self) -> bool {
        matches!(
            self,
            Self::Completed
                | Self::PartiallyCompleted
                | Self::Failed
                | Self::Stopped
                | Self::Expired
        )
    }
}

/// How far a job is, in records, and what they took; the content of its manifest.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the names of the service")]
pub(super) struct Counts {
    pub(super) total_record_count: usize,
    pub(super) processed_record_count: usize,
    pub(super) success_record_count: usize,
    pub(super) error_record_count: usize,
    pub(super) input_token_count: u64,
    pub(super) output_token_count: u64,
}

/// The time of a job, which begins with it and runs at its own speed.
#[derive(Debug, Clone, Copy)]
pub(super) struct JobTime {
    pub(super) submitted: OffsetDateTime,
    begun: Instant,
    speed: u32,
}

impl JobTime {
    pub(super) fn start(speed: u32) -> Self {
        Self {
            submitted: OffsetDateTime::now_utc(),
            begun: Instant::now(),
            speed,
        }
    }

    pub(super) fn now(&self) -> OffsetDateTime {
        self.submitted + self.begun.elapsed() * self.speed
    }
}

/// A job with all that belongs to it.
#[derive(Debug, Clone)]
pub(super) struct Job {
    pub(super) arn: String,
    pub(super) request: CreateRequest,
    pub(super) model: ModelId,
    pub(super) region: String,
    pub(super) faults: Vec<JobFault>,
    pub(super) time: JobTime,
    pub(super) status: Status,
    pub(super) modified: OffsetDateTime,
    pub(super) message: String,
    pub(super) counts: Counts,
    pub(super) tags: Vec<Tag>,
    /// Told when a caller stops the job.
    pub(super) stop: Arc<Notify>,
}

impl Job {
    /// The last segment of the ARN.
    pub(super) fn id(&self) -> &str {
        id(&self.arn)
    }

    /// What `GetModelInvocationJob` tells.
    pub(super) fn details(&self) -> Value {
        let mut details = self.summary();
        details.extend([
            (
                "modelInvocationType".into(),
                json!(self.request.model_invocation_type),
            ),
            (
                "totalRecordCount".into(),
                json!(self.counts.total_record_count),
            ),
            (
                "processedRecordCount".into(),
                json!(self.counts.processed_record_count),
            ),
            (
                "successRecordCount".into(),
                json!(self.counts.success_record_count),
            ),
            (
                "errorRecordCount".into(),
                json!(self.counts.error_record_count),
            ),
        ]);
        Value::Object(details)
    }

    /// What `ListModelInvocationJobs` tells. Members without a value are left out.
    pub(super) fn summary(&self) -> Map<String, Value> {
        let request = &self.request;
        let timeout = Duration::hours(request.timeout_duration_in_hours.into());
        let ended = self.status.is_terminal().then(|| timestamp(self.modified));
        let message = Some(&self.message).filter(|message| !message.is_empty());
        let members = json!({
            "jobArn": self.arn,
            "jobName": request.job_name,
            "modelId": self.model.arn(&self.region),
            "clientRequestToken": request.client_request_token,
            "roleArn": request.role_arn,
            "status": self.status,
            "message": message,
            "submitTime": timestamp(self.time.submitted),
            "lastModifiedTime": timestamp(self.modified),
            "endTime": ended,
            "inputDataConfig": request.input_data_config,
            "outputDataConfig": request.output_data_config,
            "vpcConfig": request.vpc_config,
            "timeoutDurationInHours": request.timeout_duration_in_hours,
            "jobExpirationTime": timestamp(self.time.submitted + timeout),
        });
        let Value::Object(members) = members else {
            return Map::new();
        };
        members
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .collect()
    }
}

/// The id of a job, from its ARN or itself.
pub(super) fn id(identifier: &str) -> &str {
    identifier.rsplit_once('/').map_or(identifier, |(_, id)| id)
}

/// The service's timestamps are ISO 8601; to the millisecond is fine enough.
fn timestamp(time: OffsetDateTime) -> String {
    let milliseconds = u32::from(time.millisecond()) * 1_000_000;
    time.replace_nanosecond(milliseconds)
        .unwrap_or(time)
        .format(&Rfc3339)
        .unwrap_or_default()
}
