//! What a review says of state machines.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

/// A state machine that changes, or whose executions may fail because of what changes around it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WorkflowChange {
    /// Its logical id; after the change, where it is renamed.
    pub logical_id: String,
    /// What changes in its states, outer states first.
    pub states: Vec<StateChange>,
    /// What executions in flight may meet. They keep the definition and the role that they began with.
    pub warnings: Vec<FlightWarning>,
    /// Why a part of a definition that changes could not be compared, where that is so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unread: Option<String>,
}

/// A state that changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StateChange {
    /// Its name after those of the states around it, such as `Chunks > Submit`; empty for the machine itself.
    pub path: String,
    /// What is another than before.
    pub aspect: StateAspect,
    /// What it was; none where the state is new. Only the fields that change, by name. Numbers and truth values are texts;
    /// parameters are their defaults.
    pub old: Option<Value>,
    /// What it is; none where the state is gone.
    pub new: Option<Value>,
}

/// What may change in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StateAspect {
    /// The state is new.
    Added,
    /// The state is gone. Executions in flight still know it.
    Removed,
    /// Other states are around it.
    Moved,
    /// Its type; that of the machine, Standard or Express.
    Type,
    /// What comes after it, in whatever case; where it, a branch or an iteration begins.
    Wiring,
    /// The function, machine, table or API that it calls.
    Resource,
    /// What is tried again, how often and when.
    Retries,
    /// How long it, or a heartbeat of it, may take.
    Timeouts,
    /// How many iterations run at once, and whether as executions of their own.
    Concurrency,
    /// Everything else that it does: what it takes, gives, waits for.
    Data,
}

/// What executions in flight may meet.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct FlightWarning {
    /// The resource that is the reason, by the logical id it had.
    pub resource: String,
    /// The states that call it, by path; none where it is not about single states.
    pub states: Vec<String>,
    /// One sentence.
    pub explanation: String,
}
