//! `preprocess`: a table becomes chunks, each the input of one job.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{RunFailure, RunOrder, RunPlan};
use crate::batch::chunk::Bounds;
use crate::batch::limits::Limits;
use crate::batch::model_id::ModelId;
use crate::{Contract, Phase, Ports, SettingValue};

/// Reads the table of a run and writes its chunks: JSON lines for the model, and the rows for the join.
#[derive(Ports)]
pub struct Preprocess<P: Phase> {
    /// The tables that runs may read.
    pub inputs: P::ReadBuckets,
    /// Prompts that were added to the built-in ones.
    pub prompts: P::ReadObjects,
    /// Their keys: only who may list is told that an object is missing, others that it is denied.
    pub prompt_keys: P::ListObjects,
    /// The run's own files: a redrive reads its manifest, chunks and results.
    pub files: P::ReadObjects,
    /// The keys of the run's own files.
    pub keys: P::ListObjects,
    /// Where chunks, manifest and the list of jobs go.
    pub output: P::WriteObjects,
    /// The base address of the Hugging Face Hub.
    pub hub_url: P::Setting<String>,
    /// The token for datasets of the Hub that need one.
    pub hub_token: P::ReadSecret,
    /// Bounds of runs.
    pub policy: P::Setting<RunPolicy>,
    /// Jobs of a run that may be submitted and in progress at once.
    pub max_concurrent_jobs: P::Setting<u64>,
}

impl<P: Phase> Contract for Preprocess<P> {
    const NAME: &'static str = "preprocess";
    type Event = RunOrder;
    type Response = RunPlan;
    type Failure = RunFailure;
}

/// Bounds of runs whose requests name none, and what the account's quotas differ in from the defaults.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RunPolicy {
    /// Records per job.
    pub max_records_per_job: u64,
    /// Records per run.
    pub max_records_total: Option<u64>,
    /// Limits of models, by what the ids of their foundation models start with; the longest that fits counts.
    pub limits: BTreeMap<String, Limits>,
}

/// The document's: 1,000 records per job, all records of the source.
impl Default for RunPolicy {
    fn default() -> Self {
        Self {
            max_records_per_job: 1_000,
            max_records_total: None,
            limits: BTreeMap::new(),
        }
    }
}

impl RunPolicy {
    /// The bounds of a request that names none.
    #[must_use]
    pub fn bounds(&self) -> Bounds {
        Bounds {
            max_records_per_job: self.max_records_per_job,
            max_num_jobs: None,
            max_records_total: self.max_records_total,
        }
    }

    /// What a model takes in one job.
    #[must_use]
    pub fn limits_of(&self, model: &ModelId) -> Limits {
        let own = self
            .limits
            .iter()
            .filter(|(prefix, _)| model.foundation().starts_with(prefix.as_str()))
            .max_by_key(|(prefix, _)| prefix.len());
        own.map_or_else(|| Limits::of(model), |(_, limits)| *limits)
    }
}

impl SettingValue for RunPolicy {
    fn validate(&self) -> Result<(), String> {
        if self.max_records_per_job == 0 || self.max_records_total == Some(0) {
            return Err("max_records_per_job and max_records_total must be 1 or more".into());
        }
        self.limits.iter().try_for_each(|(prefix, limits)| {
            limits
                .validate()
                .map_err(|problem| format!("limits of `{prefix}`: {problem}"))
        })
    }
}
