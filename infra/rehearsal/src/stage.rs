//! A machine and everybody who answers its tasks.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use asl::Pointer;
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::error::Refusal;
use crate::program::{Kind, Program, State, Target, Task};
use crate::{Callback, Failure, Mock};

/// A function: from event to response.
pub(crate) type Handler<'a> = Box<dyn Fn(&Runtime, Value) -> Result<Value, Failure> + 'a>;
/// Who gets a token and the arguments that it came with.
pub(crate) type Receiver<'a> = Box<dyn Fn(&str, &Value) -> Callback + 'a>;

/// Who answers.
#[derive(Default)]
pub(crate) struct Cast<'a> {
    /// By the name that the definition calls them.
    pub(crate) functions: BTreeMap<String, Handler<'a>>,
    /// By state.
    pub(crate) mocks: BTreeMap<String, Mock<'a>>,
    /// By state.
    pub(crate) receivers: BTreeMap<String, Receiver<'a>>,
    /// How long calls take, by state.
    pub(crate) durations: BTreeMap<String, Duration>,
}

/// A machine that is ready, with its cast and the machines that it starts.
pub(crate) struct Stage<'a> {
    pub(crate) machine: String,
    pub(crate) program: Program,
    pub(crate) cast: Cast<'a>,
    /// By the name that the definition calls them.
    pub(crate) machines: BTreeMap<String, Self>,
}

impl Stage<'_> {
    /// Tasks without an answer, and answers without a task.
    pub(crate) fn gaps(&self) -> Vec<Refusal> {
        let tasks: Vec<(&State, &Task)> = self
            .program
            .states
            .walk()
            .into_iter()
            .filter_map(|state| match &state.kind {
                Kind::Task(task) => Some((state, task)),
                _ => None,
            })
            .collect();
        let unanswered = tasks.iter().filter_map(|(state, task)| {
            let reason = self.missing(&state.name, task)?;
            Some(Refusal::new(&state.pointer, reason))
        });
        unanswered.chain(self.idle(&tasks)).collect()
    }

    fn missing(&self, state: &str, task: &Task) -> Option<String> {
        if task.waits_for_token && !self.cast.receivers.contains_key(state) {
            return Some(format!(
                "nobody hands the token of `{state}` back; add `.callback({state:?}, ...)`"
            ));
        }
        if task.waits_for_token || self.cast.mocks.contains_key(state) {
            return None;
        }
        let resource = &task.resource;
        let (known, what, how) = match &task.target {
            Target::Invoke(Some(name)) | Target::Function(name) => (
                self.cast.functions.contains_key(name),
                format!("the function `{name}`"),
                format!(".function({name:?}, ...)"),
            ),
            Target::Invoke(None) => (
                !self.cast.functions.is_empty(),
                "a function whose name is computed".to_owned(),
                ".function(...)".to_owned(),
            ),
            Target::Execution {
                machine: Some(name),
                ..
            } => (
                self.machines.contains_key(name),
                format!("the machine `{name}`"),
                format!(".machine({name:?}, ...)"),
            ),
            Target::Execution { machine: None, .. } => (
                !self.machines.is_empty(),
                "a machine whose name is computed".to_owned(),
                ".machine(...)".to_owned(),
            ),
            Target::Service => {
                let mock = format!(".task({state:?}, Mock::answers(...))");
                return Some(format!(
                    "`{resource}` is not rehearsed by itself; add `{mock}`"
                ));
            }
        };
        (!known).then(|| {
            format!(
                "{what} that `{state}` calls is not given; add `{how}` or `.task({state:?}, ...)`"
            )
        })
    }

    /// Members of the cast that no task asks for: most likely a misspelt name.
    fn idle(&self, tasks: &[(&State, &Task)]) -> Vec<Refusal> {
        let states: BTreeSet<&str> = tasks.iter().map(|(state, _)| state.name.as_str()).collect();
        let waiting = tasks.iter().filter(|(_, task)| task.waits_for_token);
        let waiting: BTreeSet<&str> = waiting.map(|(state, _)| state.name.as_str()).collect();
        let cast = &self.cast;
        let by_state = cast.mocks.keys().chain(cast.durations.keys());
        let no_task = by_state.filter(|name| !states.contains(name.as_str()));
        let no_task = no_task.map(|name| format!("there is no task `{name}` in the definition"));
        let no_token = cast
            .receivers
            .keys()
            .filter(|name| !waiting.contains(name.as_str()));
        let no_token =
            no_token.map(|name| format!("no task `{name}` of the definition waits for a token"));
        let uncalled = self.uncalled(tasks);
        let reasons = no_task.chain(no_token).chain(uncalled);
        reasons
            .map(|reason| Refusal::new(&Pointer::root(), reason))
            .collect()
    }

    fn uncalled(&self, tasks: &[(&State, &Task)]) -> Vec<String> {
        let mut called = BTreeSet::new();
        let (mut any_function, mut any_machine) = (false, false);
        for (_, task) in tasks {
            match &task.target {
                Target::Invoke(Some(name))
                | Target::Function(name)
                | Target::Execution {
                    machine: Some(name),
                    ..
                } => drop(called.insert(name)),
                Target::Invoke(None) => any_function = true,
                Target::Execution { machine: None, .. } => any_machine = true,
                Target::Service => {}
            }
        }
        let functions = self.cast.functions.keys().filter(|_| !any_function);
        let machines = self.machines.keys().filter(|_| !any_machine);
        let idle = functions
            .chain(machines)
            .filter(|name| !called.contains(name));
        idle.map(|name| format!("no task of the definition calls `{name}`"))
            .collect()
    }
}
