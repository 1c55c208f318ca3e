//! The function as Lambda calls it: ports in, log lines out.

use jobs::JobsError;
use jobs::report::Entry;
use serde_json::json;
use shared::contracts::batch::{StopJobs, StopReport, StopRequest};
use shared::run::Run;
use shared::telemetry::log::Level;

use crate::stop::{Stop, StopError, stop};

/// Stops the jobs that a request names.
///
/// # Errors
/// When not all could be stopped; the request is then to be repeated.
pub async fn handle(ports: &StopJobs<Run>, request: StopRequest) -> Result<StopReport, StopError> {
    stop(ports, &request, tell).await
}

fn tell(job: &str, stopped: &Result<Stop, JobsError>) {
    let entry = match stopped {
        Ok(Stop::Stopped(arn)) => Entry::new(
            Level::Warning,
            "job asked to stop",
            json!({ "job": job, "arn": arn }),
        ),
        Ok(Stop::Ended(arn)) => Entry::new(
            Level::Info,
            "job had ended before",
            json!({ "job": job, "arn": arn }),
        ),
        Ok(Stop::None) => Entry::new(Level::Info, "there is no such job", json!({ "job": job })),
        Err(error) => Entry::new(
            Level::Error,
            "job could not be stopped",
            json!({ "job": job, "error": error.to_string() }),
        ),
    };
    entry.write();
}
