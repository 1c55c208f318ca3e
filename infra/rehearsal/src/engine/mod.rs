//! Runs programs.

mod children;
mod execution;
mod frame;
mod journal;
mod limits;
mod map;
mod reader;
mod retry;
mod task;
mod writer;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::Value;
use tokio::runtime::{Builder, Handle, Runtime};

use crate::clock::Clock;
use crate::error::{Error, Refusal};
use crate::moment::Moment;
use crate::outcome::{Outcome, Status};
use crate::random::Random;
use crate::stage::Stage;
use crate::{Failure, Objects};
use execution::Execution;
use journal::Journal;

/// What all executions of a run share.
struct Engine {
    clock: Clock,
    start: Moment,
    random: Rc<Random>,
    journal: RefCell<Journal>,
    objects: Objects,
    /// Where handlers run.
    runtime: Runtime,
    executions: Cell<usize>,
    tokens: Cell<usize>,
}

/// What a run starts with.
pub(crate) struct Setting {
    pub(crate) start: Moment,
    pub(crate) seed: u64,
    pub(crate) objects: Objects,
    pub(crate) input: Value,
}

/// Why a state did not end well.
#[derive(Debug)]
enum Stop {
    /// The machine's business: retriers and catchers see it.
    Failed(Failure),
    /// The test's: the run ends.
    Aborted(Error),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Aborted(error)
    }
}

impl Engine {
    fn now(&self) -> Moment {
        self.start.after(self.clock.now())
    }

    fn next_token(&self) -> String {
        let number = self.tokens.replace(self.tokens.get() + 1) + 1;
        format!("token-{number}")
    }
}

/// Runs a machine to its end.
pub(crate) fn run(stage: &Stage<'_>, setting: Setting) -> Result<Outcome, Error> {
    if Handle::try_current().is_ok() {
        return Err(Error::InsideRuntime);
    }
    if limits::size(&setting.input) > limits::PAYLOAD {
        let reason = format!(
            "the input is larger than {} bytes, so that it could not be started",
            limits::PAYLOAD
        );
        return Err(Error::Refused(vec![Refusal::new(
            &asl::Pointer::root(),
            reason,
        )]));
    }
    let engine = Engine {
        clock: Clock::default(),
        start: setting.start,
        random: Rc::new(Random::seeded(setting.seed)),
        journal: RefCell::default(),
        objects: setting.objects,
        runtime: Builder::new_current_thread().enable_all().build()?,
        executions: Cell::new(0),
        tokens: Cell::new(0),
    };
    let execution = Execution::begin(
        &engine,
        stage,
        stage.machine.clone(),
        "rehearsal",
        setting.input,
    );
    let ended = engine.clock.run(execution.run_machine());
    // An execution has a time limit, so that there is always a sleeper.
    let (status, variables) = ended.unwrap_or(Ok((Status::TimedOut, BTreeMap::new())))?;
    let elapsed = engine.clock.now();
    let (history, calls) = engine.journal.take().into_parts();
    Ok(Outcome {
        status,
        elapsed,
        history,
        calls,
        variables,
        objects: engine.objects,
    })
}
