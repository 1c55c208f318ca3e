//! Writes metrics to standard output, from where Lambda takes them to `CloudWatch`.

use std::time::SystemTime;

use crate::telemetry::metrics::Measurement;

/// Writes a measurement, stamped with the current time.
pub fn emit(measurement: &Measurement) {
    super::log::write_line(&measurement.to_json(SystemTime::now()));
}
