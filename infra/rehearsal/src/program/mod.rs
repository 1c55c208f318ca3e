//! A definition made ready to run: names resolved, expressions parsed, and whatever is not rehearsed refused.

mod compile;
mod condition;
mod fields;
mod flow;
mod items;
mod task;
mod template;
mod variables;

use std::collections::BTreeSet;
use std::time::Duration;

use asl::Definition;
use serde_json::Value;

pub(crate) use condition::Test;
pub(crate) use flow::{Done, Flow, Rescue};
pub(crate) use items::{Batcher, Distributed, Format, Map, Reader, Source, Transformation, Writer};
pub(crate) use task::{Target, Task};
pub(crate) use template::Template;

use crate::error::Refusal;

/// A state machine, ready to run.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) states: Group,
    pub(crate) timeout: Option<Duration>,
}

/// The states of a machine, of a branch or of an item processor.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) start: usize,
    pub(crate) states: Vec<State>,
}

/// A state.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) name: String,
    pub(crate) pointer: asl::Pointer,
    pub(crate) kind: Kind,
    pub(crate) flow: Flow,
    /// The state after it; none at the end.
    pub(crate) next: Option<usize>,
    pub(crate) retry: Vec<Retrier>,
    pub(crate) catch: Vec<Catcher>,
}

/// What a state does.
#[derive(Debug)]
pub(crate) enum Kind {
    Pass(Option<Value>),
    Task(Task),
    Choice {
        rules: Vec<Rule>,
        default: Option<usize>,
    },
    Wait(Wait),
    Succeed,
    Fail {
        error: Option<Template>,
        cause: Option<Template>,
    },
    Parallel(Vec<Group>),
    Map(Box<Map>),
}

/// A rule of a `Choice`.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) test: Test,
    pub(crate) next: usize,
    pub(crate) flow: Flow,
}

/// How long a `Wait` waits.
#[derive(Debug)]
pub(crate) enum Wait {
    Seconds(Template),
    Until(Template),
}

/// A retrier.
#[derive(Debug)]
pub(crate) struct Retrier {
    pub(crate) errors: Vec<String>,
    pub(crate) interval: u64,
    pub(crate) attempts: u64,
    pub(crate) rate: f64,
    pub(crate) longest: Option<u64>,
    pub(crate) jitter: bool,
}

/// A catcher.
#[derive(Debug)]
pub(crate) struct Catcher {
    pub(crate) errors: Vec<String>,
    pub(crate) next: usize,
    pub(crate) rescue: Rescue,
}

impl Program {
    /// Makes a definition ready.
    ///
    /// # Errors
    /// Everything in it that is not rehearsed.
    pub(crate) fn compile(json: &Value) -> Result<Self, Vec<Refusal>> {
        let definition = Definition::read(json);
        let (program, mut refusals) = compile::program(&definition);
        refusals.extend(repeated_names(&definition));
        refusals.extend(variables::shadowed(&definition.states));
        match program {
            Some(program) if refusals.is_empty() => Ok(program),
            _ => Err(refusals),
        }
    }
}

/// Answers, calls and events go by the names of states, and the service wants them to be unique in the whole machine.
fn repeated_names(definition: &Definition<'_>) -> Vec<Refusal> {
    let mut seen = BTreeSet::new();
    let states = definition.states.walk().into_iter();
    let repeated = states.filter(|state| !seen.insert(state.name));
    let refuse = |state: &asl::definition::State<'_>| {
        let reason = format!(
            "there is another state `{}`; names are unique in a machine",
            state.name
        );
        Refusal::new(&state.pointer, reason)
    };
    repeated.map(refuse).collect()
}

impl Group {
    /// These states and all inside them, outer ones first.
    pub(crate) fn walk(&self) -> Vec<&State> {
        let mut found = Vec::new();
        for state in &self.states {
            found.push(state);
            found.extend(state.inner().into_iter().flat_map(Self::walk));
        }
        found
    }
}

impl State {
    /// The branches, or the item processor.
    fn inner(&self) -> Vec<&Group> {
        match &self.kind {
            Kind::Parallel(branches) => branches.iter().collect(),
            Kind::Map(map) => vec![&map.processor],
            _ => Vec::new(),
        }
    }
}
