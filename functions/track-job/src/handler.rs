//! The function as Lambda calls it: ports in, log lines and metrics out.

use jobs::report::{self, Entry};
use jobs::{JobsError, Settled};
use serde_json::json;
use shared::batch::event::StateChange;
use shared::contracts::batch::{TrackJob, Tracked};
use shared::run::Run;
use shared::telemetry::log::Level;

use crate::track::{Sieved, track};

/// Handles one event.
///
/// # Errors
/// When the job, its row or the machine cannot be reached; the event is then delivered again.
pub async fn handle(ports: &TrackJob<Run>, event: StateChange) -> Result<Tracked, JobsError> {
    let sieved = track(ports, &event).await?;
    match &sieved {
        Sieved::OtherName | Sieved::Settled(Settled::Foreign) => {
            let fields = json!({ "job": event.detail.batch_job_name });
            Entry::new(Level::Debug, "somebody else's job left alone", fields).write();
        }
        Sieved::Settled(settled) => report::write(env!("CARGO_PKG_NAME"), settled),
    }
    Ok(sieved.tracked())
}
