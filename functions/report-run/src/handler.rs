//! The function as Lambda calls it: ports in, log lines and metrics out.

use serde_json::json;
use shared::contracts::batch::{ReportRun, RunPlan, RunReport};
use shared::run::{Run, log, metrics};

use crate::measurement::measurement;
use crate::report::{ReportError, report};

/// Reports on a run.
///
/// # Errors
/// When the files of the run cannot be read, or its manifest is missing or not readable.
pub async fn handle(ports: &ReportRun<Run>, plan: RunPlan) -> Result<RunReport, ReportError> {
    let reported = report(ports, &plan).await?;
    for problem in &reported.problems {
        log::error(
            "chunk without a valid record",
            json!({ "run": plan.run.run, "chunk": problem.chunk, "error": problem.message }),
        );
    }
    let report = &reported.report;
    log::info(
        "run reported",
        json!({
            "run": report.run,
            "attempt": report.attempt,
            "verdict": report.verdict,
            "records": report.records,
            "succeeded": report.succeeded,
            "redrivable": report.redrivable,
        }),
    );
    metrics::emit(&measurement(&reported));
    Ok(reported.report)
}
