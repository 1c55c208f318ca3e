//! `stop-jobs`: nobody waits for these jobs any more, so nobody should pay for them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Contract, ErrorKind, Fields, Phase, Ports};

/// Stops the open jobs of an execution, or one of them.
#[derive(Ports)]
pub struct StopJobs<P: Phase> {
    /// The jobs that are open.
    pub open: P::QueryItems,
    /// Finds the job of a name, when its ARN was never noted.
    pub find: P::FindJobs,
    /// Stops jobs.
    pub stop: P::StopJobs,
}

impl<P: Phase> Contract for StopJobs<P> {
    const NAME: &'static str = "stop-jobs";
    type Event = StopRequest;
    type Response = StopReport;
    type Failure = ErrorKind;
}

/// Whose jobs to stop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Fields)]
pub struct StopRequest {
    /// ARN of the execution.
    pub execution: String,
    /// The name of the one job to stop; all of the execution when not given.
    pub job_name: Option<String>,
}

/// What was stopped.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Fields)]
pub struct StopReport {
    /// ARNs of the jobs that were found, whether they were asked to stop now or had ended before.
    pub job_arns: Vec<String>,
    /// How many were asked to stop now.
    pub stopped: u64,
}
