//! One event: from what it says to what is true.

use jobs::{JobsError, Ledger, Settled, Telling, settle};
use shared::batch::event::StateChange;
use shared::batch::job::is_job_name;
use shared::contracts::batch::Tracked;

/// What came of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sieved {
    /// The name of the job has not the form of ours: no call was made.
    OtherName,
    /// The job was looked at.
    Settled(Settled),
}

impl Sieved {
    /// What the function answers.
    #[must_use]
    pub fn tracked(&self) -> Tracked {
        match self {
            Self::OtherName | Self::Settled(Settled::Foreign) => Tracked {
                ours: false,
                status: None,
                told: false,
            },
            Self::Settled(Settled::Running(job)) => Tracked {
                ours: true,
                status: Some(job.status),
                told: false,
            },
            Self::Settled(Settled::Ended { job, telling, .. }) => Tracked {
                ours: true,
                status: Some(job.status),
                told: *telling == Telling::Told,
            },
        }
    }
}

/// Looks at the job of an event, if it may be one of ours.
///
/// # Errors
/// What failed; the event is then delivered again.
pub async fn track(ledger: &impl Ledger, event: &StateChange) -> Result<Sieved, JobsError> {
    if !is_job_name(&event.detail.batch_job_name) {
        return Ok(Sieved::OtherName);
    }
    let settled = settle(ledger, &event.detail.batch_job_arn).await?;
    Ok(Sieved::Settled(settled))
}
