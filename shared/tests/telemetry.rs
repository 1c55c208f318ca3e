//! Log lines and metrics as they are written.

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use shared::telemetry::log::{Level, LevelError, Line, timestamp};
use shared::telemetry::metrics::{
    CONFIDENCE, INPUT_TOKENS, METRICS, MODEL_LATENCY, Measurement, STACK,
};

fn snapshot(name: &str, line: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../snapshots/shared");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, line));
}

/// 2026-03-09T15:05:30.125Z.
fn at() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_millis(1_773_068_730_125)
}

#[test]
fn a_log_line() {
    let line = Line {
        at: at(),
        level: Level::Warning,
        message: "low confidence",
        function: "extract",
        request_id: Some("8f3c"),
        fields: json!({ "key": "raw/a \"b\"\n.jpg", "confidence": 0.31 })
            .as_object()
            .unwrap()
            .clone(),
    };
    snapshot("log_line", &line.to_json());
}

#[test]
fn a_log_line_outside_any_invocation() {
    let line = Line {
        at: at(),
        level: Level::Info,
        message: "started",
        function: "unzip",
        request_id: None,
        fields: serde_json::Map::new(),
    };
    snapshot("log_line_bare", &line.to_json());
}

#[test]
fn a_metrics_line() {
    let measurement = Measurement::by("extract")
        .dimension(STACK, "library")
        .property("key", "raw/a.jpg")
        .with(MODEL_LATENCY, 812.0)
        .with(INPUT_TOKENS, 1398.0)
        .with(CONFIDENCE, 0.93);
    snapshot("metrics_line", &measurement.to_json(at()));
}

#[test]
fn values_that_are_no_numbers_are_left_out() {
    let line = Measurement::by("extract")
        .with(MODEL_LATENCY, 1.0)
        .with(CONFIDENCE, f64::NAN)
        .to_json(at());
    let line: Value = serde_json::from_str(&line).unwrap();
    let defined = line["_aws"]["CloudWatchMetrics"][0]["Metrics"]
        .as_array()
        .unwrap();
    assert_eq!(
        defined,
        &[json!({ "Name": "ModelLatency", "Unit": "Milliseconds" })]
    );
    assert_eq!(line.get("Confidence"), None);
}

#[test]
fn metrics_have_names_of_their_own() {
    let names: std::collections::BTreeSet<_> = METRICS.iter().map(|metric| metric.name).collect();
    assert_eq!(names.len(), METRICS.len());
}

#[test]
fn levels_are_ordered_and_read() {
    assert_eq!("WARNING".parse(), Ok(Level::Warning));
    assert!(Level::Debug < Level::Info && Level::Error < Level::Critical);
    let error: LevelError = "warn".parse::<Level>().unwrap_err();
    assert_eq!(
        error.to_string(),
        "`warn` is not a log level: use DEBUG, INFO, WARNING, ERROR or CRITICAL"
    );
}

#[test]
fn timestamps_always_have_three_decimals() {
    assert_eq!(
        timestamp(SystemTime::UNIX_EPOCH),
        "1970-01-01T00:00:00.000Z"
    );
    assert_eq!(timestamp(at()), "2026-03-09T15:05:30.125Z");
    assert_eq!(
        timestamp(at() + Duration::from_micros(1)),
        "2026-03-09T15:05:30.125Z"
    );
}
