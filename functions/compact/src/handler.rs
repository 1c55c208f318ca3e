//! The function as Lambda calls it: ports in, log lines and metrics out.

use std::sync::Arc;

use serde_json::json;
use shared::contracts::{Compact, CompactReport, CompactionRequest};
use shared::run::{Run, log, metrics};
use shared::telemetry::metrics::{FAILURES, Measurement, PARTITIONS, ROWS};

use crate::ports::PortStore;
use crate::run::{CompactError, run};

/// Handles one run of the schedule.
///
/// # Errors
/// When some partition could not be compacted; the schedule's next run begins there.
pub async fn handle(
    ports: &Compact<Run>,
    request: CompactionRequest,
) -> Result<CompactReport, CompactError> {
    let report = run(&Arc::new(PortStore::new(ports)), &request).await?;
    for file in &report.unreadable {
        log::error(
            "file left alone",
            json!({ "key": file.key, "error": file.reason }),
        );
    }
    log::info(
        "partitions compacted",
        json!({ "partitions": report.compacted, "rows": report.rows, "removed": report.removed }),
    );
    metrics::emit(
        &Measurement::by(env!("CARGO_PKG_NAME"))
            .count(PARTITIONS, report.compacted.len() as u64)
            .count(ROWS, report.rows)
            .count(FAILURES, report.unreadable.len() as u64),
    );
    Ok(report)
}
