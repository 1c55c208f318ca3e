//! `validate-run`: a request is understood, or refused before anything is read or written.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{RunFailure, RunOrder, RunPolicy};
use crate::batch::request::RunRequest;
use crate::{Contract, Fields, Phase, Ports};

/// Holds a request against prompts, models, buckets and the columns of its source.
#[derive(Ports)]
pub struct ValidateRun<P: Phase> {
    /// The tables that runs may read.
    pub inputs: P::ReadBuckets,
    /// Prompts that were added to the built-in ones: the object `templates.json`.
    pub prompts: P::ReadObjects,
    /// Their keys: only who may list is told that an object is missing, others that it is denied.
    pub prompt_keys: P::ListObjects,
    /// Manifests of runs: a redrive needs that of its run.
    pub runs: P::ReadObjects,
    /// The keys of manifests, for telling what is missing from what may not be read.
    pub run_keys: P::ListObjects,
    /// The base address of the Hugging Face Hub.
    pub hub_url: P::Setting<String>,
    /// The token for datasets of the Hub that need one.
    pub hub_token: P::ReadSecret,
    /// Bounds of runs.
    pub policy: P::Setting<RunPolicy>,
}

impl<P: Phase> Contract for ValidateRun<P> {
    const NAME: &'static str = "validate-run";
    type Event = ValidateRunRequest;
    type Response = RunOrder;
    type Failure = RunFailure;
}

/// A request, and the execution that was started with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Fields)]
pub struct ValidateRunRequest {
    /// The input of the execution.
    pub request: RunRequest,
    /// ARN of the execution.
    pub execution: String,
    /// Its name.
    pub name: String,
}
