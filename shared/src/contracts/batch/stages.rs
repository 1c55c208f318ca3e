//! Runs that follow one another: what one stage answers is what the next one asks about.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::RunReport;
use crate::Fields;
use crate::batch::request::RunRequest;

/// The input of the machine that runs several stages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Fields)]
#[serde(deny_unknown_fields)]
pub struct StagesRequest {
    /// The stages in order, up to 20. A stage that names no source reads the results of the stage before; its `columns` say
    /// which of them become inputs, such as `{"response": "draft"}`.
    pub stages: Vec<RunRequest>,
}

/// What the stages came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, Fields)]
pub struct StagesReport {
    /// The report of each stage, in order.
    pub stages: Vec<RunReport>,
}
