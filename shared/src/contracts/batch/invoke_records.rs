//! `invoke-records`: records that are too few for a batch job are sent one by one.

use serde::{Deserialize, Serialize};

use super::{ChunkTask, JobEnd, RunFailure};
use crate::{Contract, Phase, Ports, SettingValue};

/// Sends the records of a chunk to the model and writes the outputs as a batch job would have.
#[derive(Ports)]
pub struct InvokeRecords<P: Phase> {
    /// The run's files: inputs, and outputs of an earlier invocation, because what was answered is not sent again.
    pub files: P::ReadObjects,
    /// The keys of the run's files.
    pub keys: P::ListObjects,
    /// Where outputs go.
    pub outputs: P::WriteObjects,
    /// The models that runs may use.
    pub models: P::InvokeModels,
    /// How fast, and for how long.
    pub policy: P::Setting<InvocationPolicy>,
}

impl<P: Phase> Contract for InvokeRecords<P> {
    const NAME: &'static str = "invoke-records";
    type Event = ChunkTask;
    type Response = JobEnd;
    type Failure = RunFailure;
}

/// How fast records are sent, and for how long.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InvocationPolicy {
    /// Records that are with the model at once.
    pub concurrency: u32,
    /// Seconds until no further record is sent: records that are left are missing, and can be redriven. Shorter than the
    /// function's timeout by as much as one call may take.
    pub seconds: u32,
}

impl Default for InvocationPolicy {
    fn default() -> Self {
        Self {
            concurrency: 4,
            seconds: 660,
        }
    }
}

impl SettingValue for InvocationPolicy {
    fn validate(&self) -> Result<(), String> {
        if self.concurrency == 0 || self.seconds == 0 {
            return Err("concurrency and seconds must be 1 or more".into());
        }
        Ok(())
    }
}
