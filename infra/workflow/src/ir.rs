//! A machine as it was described: blocks of steps, before they become states.

use std::panic::Location;
use std::time::Duration;

use serde_json::{Map, Value};

use crate::error_name::RetryRule;
use crate::node::{NodeId, VariableId};

/// Steps that follow each other, and what they amount to.
#[derive(Debug)]
pub(crate) struct Block {
    pub(crate) steps: Vec<Step>,
    pub(crate) value: NodeId,
}

/// One step.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) name: String,
    pub(crate) comment: Option<String>,
    pub(crate) location: &'static Location<'static>,
    /// The variable that holds what the step gives, where something reads it.
    pub(crate) result: VariableId,
    pub(crate) kind: Kind,
}

/// What a step does.
#[derive(Debug)]
pub(crate) enum Kind {
    Task(Call),
    Pass {
        value: NodeId,
    },
    Assign {
        variable: VariableId,
        value: NodeId,
    },
    Wait {
        field: &'static str,
        value: NodeId,
    },
    Succeed {
        output: NodeId,
    },
    Fail {
        error: NodeId,
        cause: NodeId,
    },
    Choice {
        arms: Vec<Arm>,
        otherwise: Option<Block>,
    },
    Parallel {
        branches: Vec<Block>,
        handling: Handling,
    },
    Map(Box<MapStep>),
    Repeat(Box<Repeat>),
}

/// A call of a service.
#[derive(Debug)]
pub(crate) struct Call {
    /// What comes behind `arn:<partition>:states:::`.
    pub(crate) resource: String,
    pub(crate) arguments: NodeId,
    /// What of the answer is the step's result.
    pub(crate) result: &'static str,
    pub(crate) timeout: Option<Duration>,
    pub(crate) heartbeat: Option<Duration>,
    pub(crate) handling: Handling,
}

/// What happens to errors.
#[derive(Debug, Default)]
pub(crate) struct Handling {
    pub(crate) retry: Vec<RetryRule>,
    pub(crate) catch: Vec<Handler>,
}

/// Steps that deal with errors.
#[derive(Debug)]
pub(crate) struct Handler {
    pub(crate) errors: Vec<String>,
    pub(crate) error: VariableId,
    pub(crate) block: Block,
}

/// A condition and the steps for it.
#[derive(Debug)]
pub(crate) struct Arm {
    pub(crate) condition: NodeId,
    pub(crate) block: Block,
}

/// The same steps for every item.
#[derive(Debug)]
pub(crate) struct MapStep {
    /// Where the items come from.
    pub(crate) source: Source,
    pub(crate) selector: Option<NodeId>,
    /// Fields that hold nothing to be computed, as they stand in the definition.
    pub(crate) settings: Map<String, Value>,
    /// Fields that are computed.
    pub(crate) computed: Vec<(&'static str, NodeId)>,
    pub(crate) processor: Map<String, Value>,
    pub(crate) item: VariableId,
    pub(crate) body: Block,
    pub(crate) handling: Handling,
}

/// Where the items of a map come from.
#[derive(Debug)]
pub(crate) enum Source {
    Items(NodeId),
    Reader {
        resource: &'static str,
        configuration: Map<String, Value>,
        arguments: NodeId,
    },
}

/// The same steps until a condition holds.
#[derive(Debug)]
pub(crate) struct Repeat {
    pub(crate) body: Block,
    pub(crate) until: NodeId,
    pub(crate) counter: VariableId,
    pub(crate) pause: Duration,
    pub(crate) at_most: u32,
}

impl Kind {
    /// What happens to errors.
    pub(crate) fn handling(&self) -> Option<&Handling> {
        match self {
            Self::Task(call) => Some(&call.handling),
            Self::Parallel { handling, .. } => Some(handling),
            Self::Map(map) => Some(&map.handling),
            _ => None,
        }
    }

    /// What happens to errors, to be added to.
    pub(crate) fn handling_mut(&mut self) -> Option<&mut Handling> {
        match self {
            Self::Task(call) => Some(&mut call.handling),
            Self::Parallel { handling, .. } => Some(handling),
            Self::Map(map) => Some(&mut map.handling),
            _ => None,
        }
    }

    /// Whether the step's state can assign or put out any value. Not where several ways lead to the step's end, and not
    /// beside the assignment of a variable: within a state its old value is read.
    pub(crate) fn takes_values(&self) -> bool {
        match self {
            Self::Choice { .. } | Self::Repeat(_) | Self::Assign { .. } => false,
            _ => self
                .handling()
                .is_none_or(|handling| handling.catch.is_empty()),
        }
    }

    /// Whether the step gives a value of its own. An assignment does not: its variable may bear the step's name, but is the
    /// author's.
    pub(crate) fn has_result(&self) -> bool {
        !matches!(self, Self::Assign { .. })
    }

    /// Whether nothing comes after it.
    pub(crate) fn is_final(&self) -> bool {
        matches!(self, Self::Succeed { .. } | Self::Fail { .. })
    }
}
