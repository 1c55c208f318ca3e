//! The function as Lambda calls it: ports in, a log line out.

use std::sync::Arc;

use runs::{PortBucket, Premises, blocking, port_inputs};
use serde_json::json;
use shared::batch::layout::TEMPLATES;
use shared::contracts::batch::{RunOrder, ValidateRun, ValidateRunRequest};
use shared::run::{Run, log};

use crate::validate::{Services, ValidateError, validate};

/// Handles the request of an execution.
///
/// # Errors
/// When the request is not one that can be run, or that could not be found out.
pub async fn handle(
    ports: &ValidateRun<Run>,
    request: ValidateRunRequest,
) -> Result<RunOrder, ValidateError> {
    let hub = (ports.hub_url.as_str(), &ports.hub_token);
    let prompts = PortBucket::new(&ports.prompts, &ports.prompt_keys);
    let services = Services {
        premises: Premises {
            inputs: port_inputs(&ports.inputs, hub, &request.request).await?,
            templates: format!("{}{TEMPLATES}", prompts.prefix()),
            prompts: Arc::new(prompts),
            policy: ports.policy.clone(),
        },
        runs: Arc::new(PortBucket::new(&ports.runs, &ports.run_keys)),
    };
    let order = blocking(move || validate(&services, &request)).await?;
    log::info(
        "request understood",
        json!({
            "run": order.run.run,
            "prefix": order.run.prefix,
            "attempt": order.attempt,
            "model_id": order.request.model_id,
        }),
    );
    Ok(order)
}
