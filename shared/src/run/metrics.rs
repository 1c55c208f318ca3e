//! Writes metrics to standard output, from where Lambda takes them to `CloudWatch`.

use std::sync::OnceLock;
use std::time::SystemTime;

use crate::telemetry::metrics::{Measurement, STACK, STACK_VARIABLE};

/// The deployed stack of this process.
static DEPLOYED_STACK: OnceLock<String> = OnceLock::new();

/// Nothing says to which deployment this process belongs.
#[derive(Debug, thiserror::Error)]
#[error(
    "environment variable `{STACK_VARIABLE}` is not set: metrics carry the stack's name, or deployments would share them; deploy the function by its stack, which writes it"
)]
pub(super) struct StackUnknown;

/// Takes the stack's name from `STACK_NAME`. What is emitted before is dropped.
pub(super) fn start() -> Result<(), StackUnknown> {
    let stack = std::env::var(STACK_VARIABLE).unwrap_or_default();
    if stack.is_empty() {
        return Err(StackUnknown);
    }
    DEPLOYED_STACK.get_or_init(|| stack);
    Ok(())
}

/// Writes a measurement, stamped with the deployed stack and the current time.
pub fn emit(measurement: &Measurement) {
    let Some(stack) = DEPLOYED_STACK.get() else {
        return;
    };
    let measurement = measurement.clone().dimension(STACK, stack);
    super::log::write_line(&measurement.to_json(SystemTime::now()));
}
