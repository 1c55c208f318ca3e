//! `report-run`: the chunks of a run as one dataset, counted, and held to be complete.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{RunFailure, RunPlan};
use crate::{Contract, Fields, Phase, Ports, Variants};

/// Adds up what the chunks came to and writes the report of the run.
#[derive(Ports)]
pub struct ReportRun<P: Phase> {
    /// The run's files: its manifest, and what its chunks came to.
    pub files: P::ReadObjects,
    /// Their keys.
    pub keys: P::ListObjects,
    /// Where the report goes.
    pub report: P::WriteObjects,
}

impl<P: Phase> Contract for ReportRun<P> {
    const NAME: &'static str = "report-run";
    type Event = RunPlan;
    type Response = RunReport;
    type Failure = RunFailure;
}

/// What a run came to: what the machine answers, what the notification says and what `report.json` holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, Fields)]
pub struct RunReport {
    /// The name of the run.
    pub run: String,
    /// What the names of its jobs start with.
    pub prefix: String,
    /// In one word.
    pub verdict: RunVerdict,
    /// 0 for a new run, and one more for each redrive.
    pub attempt: u32,
    /// Number of chunks.
    pub chunks: u64,
    /// Rows of all chunks: as many as were read of the source.
    pub records: u64,
    /// Rows with an answer.
    pub succeeded: u64,
    /// Rows with an error of the model or the service.
    pub failed: u64,
    /// Rows whose output holds no answer.
    pub no_answer: u64,
    /// Rows that could not be sent.
    pub rejected: u64,
    /// Rows without output.
    pub missing: u64,
    /// Rows that a redrive would send again: missing ones, and those whose error may pass.
    pub redrivable: u64,
    /// Tokens sent, as far as models tell.
    pub input_tokens: u64,
    /// Tokens answered, as far as models tell.
    pub output_tokens: u64,
    /// Estimated cost in US dollars; none when the model's price is not known.
    pub estimated_cost: Option<f64>,
    /// `s3://` location of the results.
    pub results: String,
    /// Numbers of up to 100 chunks that have no result, or not an answer for every row.
    pub incomplete: Vec<u64>,
}

/// What a run came to, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Variants)]
#[serde(rename_all = "snake_case")]
pub enum RunVerdict {
    /// Every row has an answer.
    Complete,
    /// Some rows have none, and a redrive may change that.
    Redrivable,
    /// Some rows have none, and a redrive would change nothing.
    Incomplete,
    /// Some chunks have no results.
    Broken,
}
