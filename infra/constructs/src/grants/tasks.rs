//! The grant on the waiting steps of a state machine.

use cfn::intrinsics::sub;
use cfn::{Statement, Value};
use shared::capability;

use super::{Grant, of};
use crate::Name;
use crate::state_machine::machine_arn;

/// Steps of a state machine of this stack that wait for a callback may be answered.
#[derive(Clone, Debug)]
pub struct AnswerTasksGrant {
    pub(crate) machine: Name,
}

impl Grant for AnswerTasksGrant {
    fn environment(&self) -> Value<String> {
        sub(machine_arn(&self.machine))
    }

    /// The action is authorised on the state machine whose step waits: refusals name `stateMachine:<name>`
    /// (<https://github.com/NOAA-OWP/hydrovis/issues/837>, <https://github.com/aws/aws-cdk/pull/8486>). The executions of a
    /// distributed map are of a machine of their own, whose ARN has the map's label behind a slash: `stateMachine:<name>/<label>`
    /// (Step Functions Developer Guide, "Distributed Map", `executionArn` and `stateMachineArn` of child workflow executions).
    fn statements(&self) -> Vec<(&'static str, Statement)> {
        let arn = machine_arn(&self.machine);
        let of_maps = format!("{arn}/*");
        let statement = of(capability::ANSWER_TASKS).resources([sub(arn), sub(of_maps)]);
        vec![("", statement)]
    }

    fn problem(&self) -> Option<String> {
        None
    }

    fn machine(&self) -> Option<&Name> {
        Some(&self.machine)
    }
}
