//! What happened, as log lines and metrics: data here, written by the handler.

use serde_json::{Value, json};
use shared::contracts::ReviewReason;
use shared::model::Target;
use shared::record::{ParseStage, Record};
use shared::telemetry::log::Level;
use shared::telemetry::metrics::{
    CONFIDENCE, ESTIMATED_COST, FAILURES, INPUT_TOKENS, INVALID_RECORDS, MODEL_LATENCY,
    Measurement, OUTPUT_TOKENS, PARSED_DIRECT, PARSED_EMPTY, PARSED_EXTRACTED, RECORDS, REVIEWS,
};

use crate::batch::Happened;
use crate::process::{Outcome, Recorded};

/// A line of the log.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// How much it matters.
    pub level: Level,
    /// The same words every time.
    pub message: &'static str,
    /// What varies.
    pub fields: Value,
}

impl Entry {
    fn new(level: Level, message: &'static str, fields: Value) -> Self {
        Self {
            level,
            message,
            fields,
        }
    }
}

/// The log lines of what happened.
#[must_use]
pub fn entries<R: Record>(happened: &Happened<R>) -> Vec<Entry> {
    match happened {
        Happened::TestEvent => vec![Entry::new(Level::Info, "test event ignored", Value::Null)],
        Happened::Done { key, outcome } => match outcome {
            Outcome::Recorded(recorded) => recorded_entries(key, recorded),
            Outcome::AlreadyRecorded { record } => vec![Entry::new(
                Level::Info,
                "already recorded",
                json!({ "key": key, "record": record }),
            )],
            Outcome::Ignored { event } => vec![Entry::new(
                Level::Info,
                "event ignored",
                json!({ "key": key, "event": event }),
            )],
        },
        Happened::GaveUp(failure) => vec![Entry::new(
            Level::Error,
            "sent to the failure queue",
            json!({ "key": failure.key, "reason": failure.reason, "error": failure.message }),
        )],
        Happened::Left { key, retry } => vec![Entry::new(
            Level::Warning,
            "left for the next delivery",
            json!({ "key": key, "error": retry.to_string() }),
        )],
    }
}

fn recorded_entries<R: Record>(key: &str, recorded: &Recorded<R>) -> Vec<Entry> {
    let confidence = recorded.row.record.confidence();
    let warning = |message, fields| Entry::new(Level::Warning, message, fields);
    let mut entries = vec![Entry::new(
        Level::Info,
        "record written",
        json!({
            "key": key,
            "record": recorded.stored_as,
            "latency_ms": milliseconds(recorded),
            "confidence": confidence,
            "parse_stage": recorded.stage.as_str(),
        }),
    )];
    if let Some(reason @ (ReviewReason::LowConfidence | ReviewReason::NoConfidence)) =
        recorded.review
    {
        let fields = json!({ "key": key, "confidence": confidence, "reason": reason });
        entries.push(warning("low confidence", fields));
    }
    if let Some(errors) = &recorded.row.provenance.validation_errors {
        entries.push(warning(
            "invalid answer",
            json!({ "key": key, "errors": errors }),
        ));
    }
    if recorded.cut_off {
        entries.push(warning("answer cut off", json!({ "key": key })));
    }
    if let Some(format) = recorded.mislabelled {
        let fields = json!({ "key": key, "content": format.name() });
        entries.push(warning("extension differs from content", fields));
    }
    entries
}

/// The metrics of what happened, if it is counted.
#[must_use]
pub fn measurement<R: Record>(happened: &Happened<R>) -> Option<Measurement> {
    let by = || Measurement::by(env!("CARGO_PKG_NAME"));
    match happened {
        Happened::Done {
            key,
            outcome: Outcome::Recorded(recorded),
        } => Some(recorded_measurement(
            by().property("key", key.as_str()),
            recorded,
        )),
        Happened::GaveUp(failure) => Some(
            by().property("key", failure.key.as_str())
                .property("reason", failure.reason.as_str())
                .with(FAILURES, 1.0),
        ),
        _ => None,
    }
}

fn recorded_measurement<R: Record>(by: Measurement, recorded: &Recorded<R>) -> Measurement {
    let stage = match recorded.stage {
        ParseStage::Direct => PARSED_DIRECT,
        ParseStage::Extracted => PARSED_EXTRACTED,
        ParseStage::Empty => PARSED_EMPTY,
    };
    let one_if = |condition: bool| f64::from(u8::from(condition));
    let model = &recorded.row.provenance.model_id;
    let mut measurement = by
        .property("id", recorded.row.provenance.id.as_str())
        .property("model", model.as_str())
        .with(RECORDS, 1.0)
        .with(stage, 1.0)
        .with(MODEL_LATENCY, milliseconds(recorded))
        .with(INVALID_RECORDS, one_if(recorded.invalid_fields > 0))
        .with(REVIEWS, one_if(recorded.review.is_some()));
    if let Some(confidence) = recorded.row.record.confidence() {
        measurement = measurement.with(CONFIDENCE, confidence);
    }
    if let Some(usage) = recorded.usage {
        measurement = measurement
            .with(INPUT_TOKENS, f64::from(usage.input_tokens))
            .with(OUTPUT_TOKENS, f64::from(usage.output_tokens));
        // A model outside the catalogue has no price here.
        if let Ok(target) = Target::parse(model) {
            let cost = target.cost(usage.input_tokens, usage.output_tokens);
            measurement = measurement.with(ESTIMATED_COST, cost);
        }
    }
    measurement
}

fn milliseconds<R>(recorded: &Recorded<R>) -> f64 {
    (recorded.latency.as_secs_f64() * 1000.0).round()
}
