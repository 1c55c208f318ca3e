//! What happened to jobs, as log lines and metrics: data here, written by the handlers.

use serde_json::{Value, json};
use shared::batch::status::JobStatus;
use shared::run::{BatchJob, log, metrics};
use shared::telemetry::log::Level;
use shared::telemetry::metrics::{ENDED_JOBS, FAILED_JOBS, JOB_ERRORS, JOB_RECORDS, Measurement};

use crate::{Settled, Telling};

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
    /// A line.
    #[must_use]
    pub fn new(level: Level, message: &'static str, fields: Value) -> Self {
        Self {
            level,
            message,
            fields,
        }
    }

    /// Writes it.
    pub fn write(self) {
        log::write(self.level, self.message, self.fields);
    }
}

/// The line of what came of settling a job.
#[must_use]
pub fn entry(settled: &Settled) -> Entry {
    match settled {
        Settled::Foreign => Entry::new(Level::Debug, "somebody else's job left alone", Value::Null),
        Settled::Running(job) => Entry::new(Level::Info, "job has not ended", fields(job)),
        Settled::Ended { job, telling, .. } => {
            let level = match job.status {
                JobStatus::Completed => Level::Info,
                _ => Level::Warning,
            };
            match telling {
                Telling::Told => Entry::new(level, "machine told of the job's end", fields(job)),
                Telling::NobodyWaits => {
                    Entry::new(Level::Warning, "nobody waits for the job", fields(job))
                }
                Telling::Before => {
                    Entry::new(Level::Info, "job's end was told before", fields(job))
                }
            }
        }
    }
}

fn fields(job: &BatchJob) -> Value {
    let mut fields = json!({ "job": job.name, "arn": job.arn, "status": job.status });
    if let Some(message) = &job.message {
        fields["reason"] = json!(message);
    }
    fields
}

/// The metrics of a job's end, once per job: when its row learns of it.
#[must_use]
pub fn measurement(function: &str, settled: &Settled) -> Option<Measurement> {
    let Settled::Ended {
        job, noted: true, ..
    } = settled
    else {
        return None;
    };
    let failed = matches!(job.status, JobStatus::Failed | JobStatus::Expired);
    let mut measurement = Measurement::by(function)
        .property("job", job.name.as_str())
        .property("status", job.status.as_str())
        .with(ENDED_JOBS, 1.0)
        .with(FAILED_JOBS, f64::from(u8::from(failed)));
    for (metric, count) in [(JOB_RECORDS, job.processed), (JOB_ERRORS, job.errors)] {
        if let Some(count) = count {
            measurement = measurement.count(metric, count);
        }
    }
    Some(measurement)
}

/// Writes the line and the metrics of what came of settling a job.
pub fn write(function: &str, settled: &Settled) {
    entry(settled).write();
    if let Some(measurement) = measurement(function, settled) {
        metrics::emit(&measurement);
    }
}
