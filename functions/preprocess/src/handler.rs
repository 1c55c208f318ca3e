//! The function as Lambda calls it: ports in, log lines out.

use std::sync::Arc;

use runs::{PortBucket, PortDestination, Premises, blocking, port_inputs};
use serde_json::json;
use shared::batch::layout::TEMPLATES;
use shared::contracts::batch::{Preprocess, RunOrder, RunPlan};
use shared::run::{Run, log};
use time::OffsetDateTime;

use crate::error::PreprocessError;
use crate::preprocess::{Services, preprocess};

/// Handles the order of a run.
///
/// # Errors
/// When the table cannot be divided into jobs, or a bucket or the Hub fails.
pub async fn handle(ports: &Preprocess<Run>, order: RunOrder) -> Result<RunPlan, PreprocessError> {
    let hub = (ports.hub_url.as_str(), &ports.hub_token);
    let prompts = PortBucket::new(&ports.prompts, &ports.prompt_keys);
    let services = Services {
        premises: Premises {
            inputs: port_inputs(&ports.inputs, hub, &order.request).await?,
            templates: format!("{}{TEMPLATES}", prompts.prefix()),
            prompts: Arc::new(prompts),
            policy: ports.policy.clone(),
        },
        files: Arc::new(PortBucket::new(&ports.files, &ports.keys)),
        output: Arc::new(PortDestination::new(&ports.output)),
        max_concurrent_jobs: ports.max_concurrent_jobs,
        now: OffsetDateTime::now_utc,
    };
    let done = blocking(move || preprocess(&services, &order)).await?;
    let plan = done.plan;
    if !done.resent.is_empty() {
        log::warning(
            "chunks without outputs are sent again as a whole",
            json!({ "run": plan.run.run, "chunks": done.resent }),
        );
    }
    log::info(
        "chunks written",
        json!({
            "run": plan.run.run,
            "attempt": plan.attempt,
            "chunks": plan.chunks,
            "records": plan.records,
        }),
    );
    Ok(plan)
}
