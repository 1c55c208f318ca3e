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
        .count(RECORDS, report.records)
        .count(SUCCEEDED_RECORDS, report.succeeded)
        .count(FAILED_RECORDS, report.failed)
        .count(UNANSWERED_RECORDS, report.no_answer)
        .count(REJECTED_RECORDS, report.rejected)
        .count(MISSING_RECORDS, report.missing)
        .count(INPUT_TOKENS, billed.input_tokens)
        .count(OUTPUT_TOKENS, billed.output_tokens);
    match billed.cost {
        Some(cost) => measurement.with(ESTIMATED_COST, cost),
        None => measurement,
    }
}
