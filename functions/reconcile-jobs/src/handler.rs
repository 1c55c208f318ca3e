//! The function as Lambda calls it: ports in, log lines and metrics out.

use jobs::report::{self, Entry};
use serde_json::json;
use shared::contracts::batch::{ReconcileJobs, ReconcileReport, ReconcileRequest};
use shared::run::{Run, metrics};
use shared::telemetry::log::Level;
use shared::telemetry::metrics::{FAILURES, MISSED_ENDS, Measurement, OPEN_JOBS};

use crate::reconcile::{Looked, Outcome, ReconcileError, reconcile};

/// Handles one run of the schedule.
///
/// # Errors
/// When the open jobs cannot be listed; the next run looks at them.
pub async fn handle(
    ports: &ReconcileJobs<Run>,
    request: ReconcileRequest,
) -> Result<ReconcileReport, ReconcileError> {
    let report = reconcile(ports, &request, tell).await?;
    let fields = json!({ "open": report.open, "ended": report.ended, "failed": report.failed });
    Entry::new(Level::Info, "open jobs looked at", fields).write();
    metrics::emit(
        &Measurement::by(env!("CARGO_PKG_NAME"))
            .count(OPEN_JOBS, report.open)
            .count(MISSED_ENDS, report.ended)
            .count(FAILURES, report.failed),
    );
    Ok(report)
}

fn tell(outcome: &Outcome) {
    let job = &outcome.job;
    match &outcome.looked {
        Ok(Looked::Settled(settled)) => report::write(env!("CARGO_PKG_NAME"), settled),
        Ok(Looked::NoJob) => {
            Entry::new(Level::Info, "no such job yet", json!({ "job": job })).write();
        }
        Ok(Looked::GivenUp) => {
            Entry::new(Level::Warning, "job never turned up", json!({ "job": job })).write();
        }
        Ok(Looked::Closed) => {}
        Err(error) => {
            let fields = json!({ "job": job, "error": error.to_string() });
            Entry::new(Level::Error, "job could not be looked at", fields).write();
        }
    }
}
