//! From the plan of a run to its report.

use std::collections::BTreeSet;

use futures_util::{StreamExt as _, stream};
use shared::batch::cost::price_on_demand;
use shared::batch::job::JobError;
use shared::batch::layout::Layout;
use shared::batch::model_id::ModelId;
use shared::contracts::batch::{ChunkRecord, RunFailure, RunManifest, RunPlan, RunReport};
use shared::run::{Error, ErrorKind, Fails};

use crate::services::Services;
use crate::tally::{Bill, REMEDY, Tally};

/// Records of chunks that are read at a time: they are small, so it is all waiting.
const READS: usize = 64;

/// A report, and what is told beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct Reported {
    /// The report, as it was written.
    pub report: RunReport,
    /// What the reported attempt was billed, without those before it.
    pub billed: Bill,
    /// The chunks that make the run broken.
    pub problems: Vec<Problem>,
}

/// A chunk without a valid record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Its number.
    pub chunk: u64,
    /// What is wrong, and what to do.
    pub message: String,
}

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// A file could not be read or written.
    #[error(transparent)]
    Service(#[from] Error),
    /// The run has no valid prefix.
    #[error(transparent)]
    Prefix(#[from] JobError),
    /// The manifest was removed.
    #[error("there is no `{0}`, which says how many rows the run has: start a new run")]
    NoManifest(String),
    /// The manifest was changed.
    #[error(
        "`{key}` is not the manifest of a run ({source}): restore the version that the run wrote"
    )]
    Manifest {
        /// Its key.
        key: String,
        /// What the parser said.
        source: serde_json::Error,
    },
    /// The report has no JSON, which is a bug.
    #[error("the report could not be written as JSON: {0}")]
    Json(#[source] serde_json::Error),
}

impl Fails<RunFailure> for ReportError {
    fn failure(&self) -> Option<RunFailure> {
        Some(match self {
            Self::Service(error) => error.kind.into(),
            Self::Prefix(_) | Self::NoManifest(_) | Self::Manifest { .. } | Self::Json(_) => {
                RunFailure::Broken
            }
        })
    }
}

/// Adds up the chunks of a run, writes `report.json`, and answers the same.
///
/// # Errors
/// When files cannot be read or written, or the manifest is missing or not readable.
pub async fn report(services: &impl Services, plan: &RunPlan) -> Result<Reported, ReportError> {
    let prefix = plan.run.job_prefix()?;
    let layout = plan.run.layout(&prefix);
    let manifest = manifest(services, &layout.manifest_of_run()).await?;
    let tally = tally(services, &layout, plan, &manifest).await?;
    let report = RunReport {
        run: plan.run.run.clone(),
        prefix: plan.run.prefix.clone(),
        verdict: tally.verdict(),
        attempt: plan.attempt,
        chunks: manifest.chunks.len() as u64,
        records: tally.counts.records,
        succeeded: tally.counts.succeeded,
        failed: tally.counts.failed,
        no_answer: tally.counts.no_answer,
        rejected: tally.counts.rejected,
        missing: tally.counts.missing,
        redrivable: tally.counts.redrivable,
        input_tokens: tally.total.input_tokens,
        output_tokens: tally.total.output_tokens,
        estimated_cost: tally.total.cost.map(readable),
        results: format!("s3://{}/{}", services.bucket(), layout.results()),
        incomplete: tally.incomplete,
    };
    let json = serde_json::to_vec_pretty(&report).map_err(ReportError::Json)?;
    services.write(&layout.report(), json).await?;
    Ok(Reported {
        report,
        billed: tally.of_attempt,
        problems: tally.problems,
    })
}

/// A sum in dollars without the digits that come of adding fractions.
fn readable(cost: f64) -> f64 {
    (cost * 1e6).round() / 1e6
}

async fn manifest(services: &impl Services, key: &str) -> Result<RunManifest, ReportError> {
    let json = services.read(key).await.map_err(|error| {
        if error.kind == ErrorKind::Missing {
            ReportError::NoManifest(key.to_owned())
        } else {
            error.into()
        }
    })?;
    serde_json::from_slice(&json).map_err(|source| ReportError::Manifest {
        key: key.to_owned(),
        source,
    })
}

/// Adds the chunks in their order, so that sums of fractions do not depend on who answered first.
async fn tally(
    services: &impl Services,
    layout: &Layout<'_>,
    plan: &RunPlan,
    manifest: &RunManifest,
) -> Result<Tally, ReportError> {
    let keys = services.keys(&layout.chunk_records()).await?;
    let keys: BTreeSet<String> = keys.into_iter().collect();
    let keys = &keys;
    let read = |(chunk, &size)| async move {
        let key = layout.chunk_record(chunk);
        if !keys.contains(&key) {
            let message = "it was not post-processed: redrive the run".to_owned();
            return Ok((chunk, size, Err(message)));
        }
        let json = services.read(&key).await?;
        let record = serde_json::from_slice::<ChunkRecord>(&json)
            .map_err(|error| format!("`{key}` is not readable ({error}): {REMEDY}"));
        Ok::<_, Error>((chunk, size, record))
    };
    let model = manifest.request.model_id.parse::<ModelId>().ok();
    let price = model.as_ref().and_then(price_on_demand);
    let mut tally = Tally::new(price, plan.attempt);
    let mut records = stream::iter((0..).zip(&manifest.chunks))
        .map(read)
        .buffered(READS);
    while let Some(record) = records.next().await {
        let (chunk, size, record) = record?;
        tally.add(chunk, size, record);
    }
    Ok(tally)
}
