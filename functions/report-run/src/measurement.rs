//! The metrics of a report.

use shared::telemetry::metrics::{
    ESTIMATED_COST, FAILED_RECORDS, INPUT_TOKENS, MISSING_RECORDS, Measurement, OUTPUT_TOKENS,
    RECORDS, REJECTED_RECORDS, SUCCEEDED_RECORDS, UNANSWERED_RECORDS,
};

use crate::report::Reported;

/// What is measured: how the rows of the run stand, and what this attempt alone was billed, so that a redrive does not
/// bill the attempts before it again.
#[must_use]
pub fn measurement(reported: &Reported) -> Measurement {
    let Reported { report, billed, .. } = reported;
    let measurement = Measurement::by(env!("CARGO_PKG_NAME"))
        .property("run", report.run.as_str())
        .property("attempt", report.attempt)
        .with(RECORDS, float(report.records))
        .with(SUCCEEDED_RECORDS, float(report.succeeded))
        .with(FAILED_RECORDS, float(report.failed))
        .with(UNANSWERED_RECORDS, float(report.no_answer))
        .with(REJECTED_RECORDS, float(report.rejected))
        .with(MISSING_RECORDS, float(report.missing))
        .with(INPUT_TOKENS, float(billed.input_tokens))
        .with(OUTPUT_TOKENS, float(billed.output_tokens));
    match billed.cost {
        Some(cost) => measurement.with(ESTIMATED_COST, cost),
        None => measurement,
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a metric is a float, and no count here reaches 2^53"
)]
fn float(count: u64) -> f64 {
    count as f64
}
