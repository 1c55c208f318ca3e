//! The function as Lambda calls it: ports in, log lines and metrics out.

use jobs::report::{self, Entry};
use serde_json::json;
use shared::contracts::batch::{SubmitJob, SubmitJobRequest};
use shared::run::Run;
use shared::telemetry::log::Level;

use crate::{SubmitError, Submitted, submit};

/// Submits the job of a chunk. The end of the job is told later, to whoever waits under the token.
///
/// # Errors
/// When there is no job, or none that is known of.
pub async fn handle(ports: &SubmitJob<Run>, request: SubmitJobRequest) -> Result<(), SubmitError> {
    let submitted = submit(ports, &request).await?;
    tell(&request, &submitted);
    Ok(())
}

fn tell(request: &SubmitJobRequest, submitted: &Submitted) {
    let job = &request.task.job_name;
    let message = if submitted.made {
        "job created"
    } else {
        "job found that was created before"
    };
    let fields = json!({
        "job": job,
        "arn": submitted.arn,
        "model": request.task.model_id,
        "records": request.task.records,
    });
    Entry::new(Level::Info, message, fields).write();
    if let Some(settled) = &submitted.settled {
        report::write(env!("CARGO_PKG_NAME"), settled);
    }
    if let Some(error) = &submitted.left {
        let fields = json!({ "job": job, "error": error.to_string() });
        Entry::new(Level::Warning, "row left for the reconciler", fields).write();
    }
}
