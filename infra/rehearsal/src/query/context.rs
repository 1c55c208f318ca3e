//! The context object.

use serde_json::{Value, json};

use crate::moment::Moment;

/// What the context object says of an execution.
#[derive(Clone, Debug)]
pub(crate) struct ExecutionFacts {
    /// The name of the state machine.
    pub(crate) machine: String,
    /// The name of the execution.
    pub(crate) name: String,
    /// What it was started with.
    pub(crate) input: Value,
    /// When it was started.
    pub(crate) started: Moment,
}

/// The region and account of every ARN of a rehearsal.
const PLACE: &str = "us-east-1:123456789012";

impl ExecutionFacts {
    pub(crate) fn machine_arn(&self) -> String {
        format!("arn:aws:states:{PLACE}:stateMachine:{}", self.machine)
    }

    pub(crate) fn arn(&self) -> String {
        format!(
            "arn:aws:states:{PLACE}:execution:{}:{}",
            self.machine, self.name
        )
    }

    /// The ARN of a map run of a state of this machine.
    pub(crate) fn map_run_arn(&self, state: &str, id: &str) -> String {
        format!(
            "arn:aws:states:{PLACE}:mapRun:{}/{state}:{id}",
            self.machine
        )
    }
}

/// The item of an iteration.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) index: usize,
    pub(crate) value: Value,
}

/// The context object of a state.
#[derive(Clone, Debug)]
pub(crate) struct Context<'c> {
    pub(crate) execution: &'c ExecutionFacts,
    pub(crate) state: &'c str,
    pub(crate) entered: Moment,
    pub(crate) retries: u32,
    pub(crate) item: Option<Item>,
    pub(crate) token: Option<String>,
}

impl Context<'_> {
    pub(crate) fn to_value(&self) -> Value {
        let execution = self.execution;
        let mut context = json!({
            "Execution": {
                "Id": execution.arn(),
                "Input": execution.input,
                "Name": execution.name,
                "RedriveCount": 0,
                "RoleArn": "arn:aws:iam::123456789012:role/rehearsal",
                "StartTime": execution.started.to_string(),
            },
            "State": {
                "EnteredTime": self.entered.to_string(),
                "Name": self.state,
                "RetryCount": self.retries,
            },
            "StateMachine": {
                "Id": execution.machine_arn(),
                "Name": execution.machine,
            },
        });
        if let Some(item) = &self.item {
            context["Map"] = json!({"Item": {"Index": item.index, "Value": item.value}});
        }
        if let Some(token) = &self.token {
            context["Task"] = json!({"Token": token});
        }
        context
    }
}
