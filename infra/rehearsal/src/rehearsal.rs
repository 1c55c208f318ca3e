//! How a rehearsal is set up.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::engine;
use crate::error::{Error, Refusal};
use crate::moment::Moment;
use crate::outcome::Outcome;
use crate::program::Program;
use crate::stage::{Cast, Stage};
use crate::{Callback, Failure, Mock, Objects};

/// A run of a state machine that is being prepared.
///
/// Names of functions, machines and buckets are those that stand in the definition, placeholders as they are.
///
/// ```
/// use rehearsal::{Failure, Rehearsal};
/// use serde_json::json;
///
/// let definition = json!({
///     "QueryLanguage": "JSONata",
///     "StartAt": "Double",
///     "States": {"Double": {
///         "Type": "Task",
///         "Resource": "arn:aws:states:::lambda:invoke",
///         "Arguments": {"FunctionName": "${DoubleFunction}", "Payload": "{% $states.input.number %}"},
///         "Output": "{% $states.result.Payload %}",
///         "End": true,
///     }},
/// });
/// let outcome = Rehearsal::of(&definition)
///     .function("${DoubleFunction}", async |number: i64| Ok::<_, Failure>(2 * number))
///     .input(json!({"number": 21}))
///     .run()?;
/// assert_eq!(outcome.output(), Some(&json!(42)));
/// # Ok::<_, rehearsal::Error>(())
/// ```
#[must_use]
pub struct Rehearsal<'a> {
    definition: Value,
    name: String,
    cast: Cast<'a>,
    machines: BTreeMap<String, Self>,
    objects: Objects,
    input: Value,
    start: Result<Moment, Refusal>,
    seed: u64,
}

/// When a run starts unless it is told: any time will do, but the same each time.
const START: &str = "2026-01-01T00:00:00Z";

impl<'a> Rehearsal<'a> {
    /// Of this definition, with the input `{}`.
    pub fn of(definition: &Value) -> Self {
        Self {
            definition: definition.clone(),
            name: "Rehearsal".to_owned(),
            cast: Cast::default(),
            machines: BTreeMap::new(),
            objects: Objects::new(),
            input: json!({}),
            start: moment(START),
            seed: 0,
        }
    }

    /// The name of the machine, for `$states.context.StateMachine.Name`.
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// The real handler of a function, typed by its contract: wherever the definition calls this name, it is called.
    ///
    /// It runs to completion on a runtime of the rehearsal, and takes no virtual time unless [`Rehearsal::takes`] says
    /// how much. An event that is none of its type fails with `InvalidEvent`, as it does in Lambda.
    pub fn function<Event, Response, E>(
        mut self,
        name: impl Into<String>,
        handler: impl AsyncFn(Event) -> Result<Response, E> + 'a,
    ) -> Self
    where
        Event: DeserializeOwned,
        Response: Serialize,
        E: Into<Failure>,
    {
        let invoke = move |runtime: &tokio::runtime::Runtime, event| {
            let event = serde_json::from_value(event).map_err(|error| {
                Failure::new(
                    "InvalidEvent",
                    format!("not an event of the function: {error}"),
                )
            })?;
            let response = runtime.block_on(handler(event)).map_err(Into::into)?;
            serde_json::to_value(response).map_err(Failure::from)
        };
        self.cast.functions.insert(name.into(), Box::new(invoke));
        self
    }

    /// Answers a task in place of what it calls, whatever that is.
    pub fn task(mut self, state: impl Into<String>, mock: Mock<'a>) -> Self {
        self.cast.mocks.insert(state.into(), mock);
        self
    }

    /// Virtual time that each call of a task takes; a mock has its own.
    pub fn takes(mut self, state: impl Into<String>, duration: Duration) -> Self {
        self.cast.durations.insert(state.into(), duration);
        self
    }

    /// What becomes of the token of a `.waitForTaskToken` task, from the token and the arguments that it is in.
    ///
    /// The request itself is answered by the task's mock or function, where there is one.
    pub fn callback(
        mut self,
        state: impl Into<String>,
        receiver: impl Fn(&str, &Value) -> Callback + 'a,
    ) -> Self {
        self.cast.receivers.insert(state.into(), Box::new(receiver));
        self
    }

    /// The machine that a `startExecution.sync` task starts by this name. Its own input, objects and start do not
    /// matter.
    pub fn machine(mut self, name: impl Into<String>, machine: Self) -> Self {
        self.machines.insert(name.into(), machine);
        self
    }

    /// An object that an `ItemReader` reads.
    pub fn object(
        self,
        bucket: impl Into<String>,
        key: impl Into<String>,
        bytes: impl Into<Vec<u8>>,
    ) -> Self {
        self.objects.put(bucket, key, bytes);
        self
    }

    /// Buckets that the test shares, with handlers perhaps.
    pub fn objects(mut self, objects: &Objects) -> Self {
        self.objects = objects.clone();
        self
    }

    /// The input.
    pub fn input(mut self, input: Value) -> Self {
        self.input = input;
        self
    }

    /// When it starts, by RFC 3339; `2026-01-01T00:00:00Z` unless given.
    pub fn starting_at(mut self, time: &str) -> Self {
        self.start = moment(time);
        self
    }

    /// Other random numbers, UUIDs and jitter than those of seed 0.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Runs the machine.
    ///
    /// # Errors
    /// Something in the definition is not rehearsed, a task has nobody who answers, a mock has no answer left. An
    /// execution that fails or times out is an outcome.
    pub fn run(self) -> Result<Outcome, Error> {
        let start = self
            .start
            .clone()
            .map_err(|refusal| Error::Refused(vec![refusal]))?;
        let (objects, input, seed) = (self.objects.clone(), self.input.clone(), self.seed);
        let stage = self.stage().map_err(Error::Refused)?;
        engine::run(
            &stage,
            engine::Setting {
                start,
                seed,
                objects,
                input,
            },
        )
    }

    fn stage(self) -> Result<Stage<'a>, Vec<Refusal>> {
        let mut refusals = Vec::new();
        let mut machines = BTreeMap::new();
        for (name, machine) in self.machines {
            match machine.stage() {
                Ok(stage) => drop(machines.insert(name, stage)),
                Err(found) => refusals.extend(found.into_iter().map(|refusal| Refusal {
                    reason: format!("in the machine `{name}`: {}", refusal.reason),
                    ..refusal
                })),
            }
        }
        let stage = match Program::compile(&self.definition) {
            Ok(program) => Stage {
                machine: self.name,
                program,
                cast: self.cast,
                machines,
            },
            Err(found) => {
                refusals.extend(found);
                return Err(refusals);
            }
        };
        refusals.extend(stage.gaps());
        if refusals.is_empty() {
            Ok(stage)
        } else {
            Err(refusals)
        }
    }
}

fn moment(time: &str) -> Result<Moment, Refusal> {
    Moment::parse(time).ok_or_else(|| {
        let reason = format!("`{time}` is no time; write it as `{START}`");
        Refusal::new(&asl::Pointer::root(), reason)
    })
}
