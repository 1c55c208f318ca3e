//! The function as Lambda calls it: ports in, log lines and metrics out.

use std::sync::Arc;

use serde_json::json;
use shared::contracts::{Unzip, UnzipReport};
use shared::events::s3::Notification;
use shared::run::{Run, log, metrics};
use shared::telemetry::metrics::{FAILURES, IMAGES, Measurement, SKIPPED_ENTRIES};

use crate::notification::{Processed, UnzipError, process};
use crate::ports::PortStore;

/// Handles one notification.
///
/// # Errors
/// When it should be delivered again.
pub async fn handle(
    ports: &Unzip<Run>,
    notification: Notification,
) -> Result<UnzipReport, UnzipError> {
    process(&Arc::new(PortStore::new(ports)), &notification, tell).await
}

fn tell(processed: &Processed) {
    let report = &processed.report;
    for entry in &processed.skipped {
        log::warning(
            "entry skipped",
            json!({ "key": report.key, "entry": entry }),
        );
    }
    for failure in &processed.failures {
        log::error(
            "sent to the failure queue",
            json!({ "key": failure.key, "reason": failure.reason, "error": failure.message }),
        );
    }
    log::info("archive processed", json!({ "archive": report }));
    let skipped = u32::try_from(processed.skipped.len()).unwrap_or(u32::MAX);
    let failures = u32::try_from(processed.failures.len()).unwrap_or(u32::MAX);
    metrics::emit(
        &Measurement::by(env!("CARGO_PKG_NAME"))
            .property("key", report.key.as_str())
            .with(IMAGES, f64::from(report.images))
            .with(SKIPPED_ENTRIES, f64::from(skipped))
            .with(FAILURES, f64::from(failures)),
    );
}
