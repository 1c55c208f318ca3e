//! The statuses of a batch job.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The status of a batch job.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
pub enum JobStatus {
    /// Accepted, waiting to be validated.
    Submitted,
    /// Its files and its role are being checked.
    Validating,
    /// Valid, waiting for capacity.
    Scheduled,
    /// Records are being processed.
    InProgress,
    /// Asked to stop, not yet stopped.
    Stopping,
    /// Every record was processed; some may have errors.
    Completed,
    /// The time ran out before every record was processed.
    PartiallyCompleted,
    /// It could not be run; the message says why.
    Failed,
    /// Stopped by request.
    Stopped,
    /// The time ran out before it began.
    Expired,
}

impl JobStatus {
    /// Every status, in the order of a job's life.
    pub const ALL: [Self; 10] = [
        Self::Submitted,
        Self::Validating,
        Self::Scheduled,
        Self::InProgress,
        Self::Stopping,
        Self::Completed,
        Self::PartiallyCompleted,
        Self::Failed,
        Self::Stopped,
        Self::Expired,
    ];

    /// Whether no other status follows.
    #[must_use]
    pub fn is_terminal(self) -> bool {
        match self {
            Self::Submitted
            | Self::Validating
            | Self::Scheduled
            | Self::InProgress
            | Self::Stopping => false,
            Self::Completed
            | Self::PartiallyCompleted
            | Self::Failed
            | Self::Stopped
            | Self::Expired => true,
        }
    }

    /// Whether a job that ended so may have written outputs: they were paid for, so they are read.
    #[must_use]
    pub fn may_have_output(self) -> bool {
        self.is_terminal() && self != Self::Failed
    }

    /// The word in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
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
}

impl fmt::Display for JobStatus {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for JobStatus {
    type Err = UnknownStatus;

    fn from_str(text: &str) -> Result<Self, UnknownStatus> {
        let mut all = Self::ALL.into_iter();
        all.find(|status| status.as_str() == text)
            .ok_or_else(|| UnknownStatus(text.to_owned()))
    }
}

/// A status that is not known here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a known status of a batch job: add it to `JobStatus`, and say whether it is terminal"
)]
pub struct UnknownStatus(pub String);
