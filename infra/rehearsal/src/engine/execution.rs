//! One execution of a machine, or of the processor of a distributed map.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use serde_json::Value;

use super::frame::Frame;
use super::limits;
use super::{Engine, Stop};
use crate::Failure;
use crate::error::Error;
use crate::history::{Event, EventKind};
use crate::outcome::Status;
use crate::program::Group;
use crate::query::{ExecutionFacts, Scope};
use crate::stage::Stage;

/// An execution.
pub(super) struct Execution<'e> {
    pub(super) engine: &'e Engine,
    pub(super) stage: &'e Stage<'e>,
    pub(super) facts: ExecutionFacts,
    /// 0 is the one that was started first.
    number: usize,
    events: Cell<usize>,
}

impl<'e> Execution<'e> {
    pub(super) fn begin(
        engine: &'e Engine,
        stage: &'e Stage<'e>,
        machine: String,
        name: &str,
        input: Value,
    ) -> Self {
        let number = engine.executions.replace(engine.executions.get() + 1);
        let name = if number == 0 {
            name.to_owned()
        } else {
            format!("{name}-{number}")
        };
        Self {
            engine,
            stage,
            facts: ExecutionFacts {
                machine,
                name,
                input,
                started: engine.now(),
            },
            number,
            events: Cell::new(0),
        }
    }

    /// Takes something down.
    ///
    /// # Errors
    /// The history is full: the service ends such an execution.
    pub(super) fn note(&self, state: Option<&str>, kind: EventKind) -> Result<(), Failure> {
        if kind.is_in_service_history() {
            self.events.set(self.events.get() + 1);
        }
        self.engine.journal.borrow_mut().note(Event {
            at: self.engine.clock.now(),
            execution: self.number,
            state: state.map(str::to_owned),
            kind,
        });
        if self.events.get() > limits::EVENTS {
            let limit = limits::EVENTS;
            return Err(Failure::runtime(format!(
                "The execution reached the maximum number of history events ({limit})."
            )));
        }
        Ok(())
    }

    /// Runs the whole machine within its time.
    pub(super) async fn run_machine(&self) -> Result<(Status, BTreeMap<String, Value>), Error> {
        let program = &self.stage.program;
        let limit = program
            .timeout
            .unwrap_or(limits::EXECUTION)
            .min(limits::EXECUTION);
        self.run(&program.states, limit).await
    }

    /// Runs states within a time.
    pub(super) async fn run(
        &self,
        states: &Group,
        limit: Duration,
    ) -> Result<(Status, BTreeMap<String, Value>), Error> {
        let frame = Frame {
            execution: self,
            scope: Rc::new(Scope::default()),
            item: None,
        };
        let run = async {
            self.note(None, EventKind::ExecutionStarted)?;
            frame.run(states, self.facts.input.clone()).await
        };
        let (ending, event) = match self.engine.clock.within(limit, run).await {
            None => (Status::TimedOut, EventKind::ExecutionTimedOut),
            Some(Ok(output)) => (Status::Succeeded(output), EventKind::ExecutionSucceeded),
            Some(Err(Stop::Failed(failure))) => (
                Status::Failed(failure.clone()),
                EventKind::ExecutionFailed(failure),
            ),
            Some(Err(Stop::Aborted(error))) => return Err(error),
        };
        // The last event is taken down in a full history too.
        drop(self.note(None, event));
        Ok((ending, frame.scope.own()))
    }
}
