//! Metrics in the embedded metric format: log lines that `CloudWatch` turns into metrics, without a call or a permission.

use std::collections::BTreeMap;
use std::time::SystemTime;

use serde::Serialize;
use serde_json::{Value, json};

/// The namespace of all metrics.
pub const NAMESPACE: &str = "Colophon";

/// The dimension that names the function.
pub const FUNCTION: &str = "Function";

/// The dimension that names the deployed stack: an account may hold several deployments of one function.
pub const STACK: &str = "Stack";

/// The variable that holds the name of the deployed stack.
pub const STACK_VARIABLE: &str = "STACK_NAME";

/// A metric that some function writes and some dashboard or alarm reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metric {
    /// Its name.
    pub name: &'static str,
    /// Its unit.
    pub unit: Unit,
}

/// Units of `CloudWatch`, as far as they are used here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Unit {
    /// Things counted.
    Count,
    /// Sizes.
    Bytes,
    /// Durations.
    Milliseconds,
    /// Ratios and amounts of money.
    None,
}

macro_rules! metrics {
    ($($(#[$doc:meta])* $constant:ident = $name:literal in $unit:ident;)*) => {
        $($(#[$doc])* pub const $constant: Metric = Metric { name: $name, unit: Unit::$unit };)*
        /// Every metric.
        pub const METRICS: &[Metric] = &[$($constant),*];
    };
}

metrics! {
    /// From request to answer of the model, retries included.
    MODEL_LATENCY = "ModelLatency" in Milliseconds;
    /// How sure the model says it is, 0 to 1; not written when it does not say.
    CONFIDENCE = "Confidence" in None;
    /// Records written.
    RECORDS = "Records" in Count;
    /// Records read from the whole answer.
    PARSED_DIRECT = "ParsedDirect" in Count;
    /// Records read from part of the answer.
    PARSED_EXTRACTED = "ParsedExtracted" in Count;
    /// Records that stayed empty because the answer could not be read.
    PARSED_EMPTY = "ParsedEmpty" in Count;
    /// Records with at least one invalid field.
    INVALID_RECORDS = "InvalidRecords" in Count;
    /// Records sent to the review queue.
    REVIEWS = "Reviews" in Count;
    /// Inputs sent to the failure queue.
    FAILURES = "Failures" in Count;
    /// Tokens sent to the model.
    INPUT_TOKENS = "InputTokens" in Count;
    /// Tokens the model answered.
    OUTPUT_TOKENS = "OutputTokens" in Count;
    /// Estimated price of the invocation in US dollars.
    ESTIMATED_COST = "EstimatedCost" in None;
    /// Images taken out of archives.
    IMAGES = "Images" in Count;
    /// Entries of archives that looked like images and were not extracted.
    SKIPPED_ENTRIES = "SkippedEntries" in Count;
    /// Partitions compacted.
    PARTITIONS = "Partitions" in Count;
    /// Rows in compacted partitions.
    ROWS = "Rows" in Count;
    /// Batch jobs of whose end nobody was told yet.
    OPEN_JOBS = "OpenJobs" in Count;
    /// Batch jobs that ended, however they did.
    ENDED_JOBS = "EndedJobs" in Count;
    /// Batch jobs that ended without having run.
    FAILED_JOBS = "FailedJobs" in Count;
    /// Batch jobs whose end no event told.
    MISSED_ENDS = "MissedEnds" in Count;
    /// Records that batch jobs processed.
    JOB_RECORDS = "JobRecords" in Count;
    /// Records of batch jobs that ended with an error.
    JOB_ERRORS = "JobErrors" in Count;
    /// Rows of batch runs that a model answered.
    SUCCEEDED_RECORDS = "SucceededRecords" in Count;
    /// Rows of batch runs with an error of the model or the service.
    FAILED_RECORDS = "FailedRecords" in Count;
    /// Rows of batch runs whose output holds no answer.
    UNANSWERED_RECORDS = "UnansweredRecords" in Count;
    /// Rows of batch runs that could not be sent.
    REJECTED_RECORDS = "RejectedRecords" in Count;
    /// Rows of batch runs without output.
    MISSING_RECORDS = "MissingRecords" in Count;
}

/// The metrics of one thing that happened.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measurement {
    dimensions: BTreeMap<&'static str, String>,
    properties: BTreeMap<&'static str, Value>,
    values: BTreeMap<&'static str, (Unit, f64)>,
}

impl Measurement {
    /// A measurement by a function.
    #[must_use]
    pub fn by(function: &str) -> Self {
        Self::default().dimension(FUNCTION, function)
    }

    /// Adds a dimension. Each distinct value is a metric of its own, and billed as one.
    #[must_use]
    pub fn dimension(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.dimensions.insert(name, value.into());
        self
    }

    /// Adds a value that can be searched for in the logs but is no dimension.
    #[must_use]
    pub fn property(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.properties.insert(name, value.into());
        self
    }

    /// Adds a value. One that is not finite is left out: the format has no way to say it.
    #[must_use]
    pub fn with(mut self, metric: Metric, value: f64) -> Self {
        if value.is_finite() {
            self.values.insert(metric.name, (metric.unit, value));
        }
        self
    }

    /// Adds a count.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "a metric is a float, and no count here reaches 2^53"
    )]
    pub fn count(self, metric: Metric, count: u64) -> Self {
        self.with(metric, count as f64)
    }

    /// The line in embedded metric format, without the line break.
    #[must_use]
    pub fn to_json(&self, at: SystemTime) -> String {
        let metrics: Vec<Value> = self
            .values
            .iter()
            .map(|(name, (unit, _))| json!({ "Name": name, "Unit": unit }))
            .collect();
        let names: Vec<&str> = self.dimensions.keys().copied().collect();
        let mut line = json!({
            "_aws": {
                "Timestamp": milliseconds(at),
                "CloudWatchMetrics": [{
                    "Namespace": NAMESPACE,
                    "Dimensions": [names],
                    "Metrics": metrics,
                }],
            },
        });
        for (name, value) in &self.properties {
            line[*name] = value.clone();
        }
        for (name, value) in &self.dimensions {
            line[*name] = json!(value);
        }
        for (name, (_, value)) in &self.values {
            line[*name] = json!(value);
        }
        line.to_string()
    }
}

fn milliseconds(at: SystemTime) -> u64 {
    let since = at
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
