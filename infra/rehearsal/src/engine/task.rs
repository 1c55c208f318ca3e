//! Calls of tasks.

use std::time::Duration;

use serde_json::{Value, json};

use super::execution::Execution;
use super::frame::Frame;
use super::{Stop, limits};
use crate::Failure;
use crate::error::{Error, Refusal};
use crate::failure::name;
use crate::history::EventKind;
use crate::mock::envelope;
use crate::outcome::Status;
use crate::program::{State, Target, Task, Template};
use crate::query::{Context, View};

/// A call that was made.
struct Request<'r> {
    state: &'r State,
    task: &'r Task,
    arguments: Value,
    token: Option<String>,
    heartbeat: Option<Duration>,
}

impl Frame<'_> {
    /// Calls what a task calls, and waits for the answer as long as it may.
    pub(super) async fn task(
        &self,
        state: &State,
        task: &Task,
        input: &Value,
        context: &Context<'_>,
    ) -> Result<Value, Stop> {
        let engine = self.execution.engine;
        let token = task.waits_for_token.then(|| engine.next_token());
        let context = Context {
            token: token.clone(),
            ..context.clone()
        };
        let services = self.services();
        let view = self.view(input, &context, &services);
        let request = Request {
            state,
            task,
            arguments: state.flow.arguments(&view)?,
            token,
            heartbeat: seconds(task.heartbeat.as_ref(), &view)?,
        };
        limits::payload(&request.arguments, &state.name, "arguments")?;
        let timeout =
            seconds(task.timeout.as_ref(), &view)?.unwrap_or(Duration::from_secs(limits::SECONDS));
        self.note(state, EventKind::TaskScheduled)?;
        self.note(state, EventKind::TaskStarted)?;
        let call = engine.journal.borrow_mut().call(
            engine.clock.now(),
            &state.name,
            context.retries,
            &task.resource,
            &request.arguments,
        );
        let answer = engine.clock.within(timeout, self.answer(&request)).await;
        let result = match answer {
            Some(Ok(result)) => Ok(result),
            Some(Err(Stop::Failed(failure))) => Err(failure),
            Some(Err(aborted)) => return Err(aborted),
            None => Err(Failure::new(name::TIMEOUT, "")),
        };
        engine.journal.borrow_mut().answered(call, &result);
        self.note(state, ended(&result))?;
        Ok(result?)
    }

    async fn answer(&self, request: &Request<'_>) -> Result<Value, Stop> {
        let Request { state, task, .. } = request;
        let result = self.respond(request).await?;
        if task.is_job || task.waits_for_token {
            self.note(state, EventKind::TaskSubmitted)?;
        }
        match &request.token {
            Some(token) => self.call_back(request, token).await,
            None => Ok(result),
        }
    }

    /// The service's answer, once its virtual time is over.
    async fn respond(&self, request: &Request<'_>) -> Result<Value, Stop> {
        let Execution { engine, stage, .. } = self.execution;
        let (state, arguments) = (&request.state.name, &request.arguments);
        let (reply, duration) = match (stage.cast.mocks.get(state), &request.task.target) {
            (Some(mock), _) => mock.next(state, arguments)?,
            (None, Target::Invoke(_)) => {
                let payload = arguments
                    .get("Payload")
                    .cloned()
                    .unwrap_or_else(|| json!({}));
                let name = arguments.get("FunctionName").and_then(Value::as_str);
                let reply = self.invoke(request, name.unwrap_or_default(), payload)?;
                (reply.map(envelope), self.duration(state))
            }
            (None, Target::Function(name)) => {
                let reply = self.invoke(request, name, arguments.clone())?;
                (reply, self.duration(state))
            }
            (None, Target::Execution { parsed, .. }) => return self.start(request, *parsed).await,
            (None, Target::Service) => (Ok(Value::Null), self.duration(state)),
        };
        engine.clock.sleep(duration).await;
        Ok(reply?)
    }

    fn duration(&self, state: &str) -> Duration {
        let durations = &self.execution.stage.cast.durations;
        durations.get(state).copied().unwrap_or_default()
    }

    /// Runs a handler. Whoever takes the token of a callback stands for the function too, if it is not given.
    fn invoke(
        &self,
        request: &Request<'_>,
        name: &str,
        event: Value,
    ) -> Result<Result<Value, Failure>, Error> {
        let Execution { engine, stage, .. } = self.execution;
        match stage.cast.functions.get(name) {
            Some(handler) => Ok(handler(&engine.runtime, event).map_err(Failure::of_function)),
            None if request.token.is_some() => Ok(Ok(Value::Null)),
            None => Err(stuck(
                request,
                format!("the function `{name}` is not given; add `.function({name:?}, ...)`"),
            )),
        }
    }

    /// Runs another machine to its end.
    async fn start(&self, request: &Request<'_>, parsed: bool) -> Result<Value, Stop> {
        let Execution { engine, stage, .. } = self.execution;
        let name = request
            .arguments
            .get("StateMachineArn")
            .and_then(Value::as_str);
        let name = name.unwrap_or_default();
        let Some(stage) = stage.machines.get(name) else {
            let reason =
                format!("the machine `{name}` is not given; add `.machine({name:?}, ...)`");
            return Err(stuck(request, reason).into());
        };
        let input = match request.arguments.get("Input") {
            // The service takes JSON as text too.
            Some(Value::String(text)) => serde_json::from_str(text).map_err(|error| {
                Failure::new(
                    "StepFunctions.InvalidExecutionInputException",
                    error.to_string(),
                )
            })?,
            Some(input) => input.clone(),
            None => json!({}),
        };
        let child = Execution::begin(engine, stage, stage.machine.clone(), "nested", input);
        let (status, _) = Box::pin(child.run_machine()).await?;
        let mut description = json!({
            "ExecutionArn": child.facts.arn(),
            "Input": child.facts.input,
            "InputDetails": {"Included": true},
            "Name": child.facts.name,
            "StartDate": child.facts.started.to_string(),
            "StateMachineArn": child.facts.machine_arn(),
            "StopDate": engine.now().to_string(),
        });
        match status {
            Status::Succeeded(output) => {
                description["Status"] = "SUCCEEDED".into();
                description["OutputDetails"] = json!({"Included": true});
                description["Output"] = if parsed {
                    output
                } else {
                    output.to_string().into()
                };
                if !parsed {
                    description["Input"] = child.facts.input.to_string().into();
                }
                Ok(description)
            }
            Status::Failed(failure) => {
                description["Status"] = "FAILED".into();
                description["Error"] = failure.error.into();
                description["Cause"] = failure.cause.into();
                Err(Failure::new(name::TASK_FAILED, description.to_string()).into())
            }
            Status::TimedOut => {
                description["Status"] = "TIMED_OUT".into();
                Err(Failure::new(name::TASK_FAILED, description.to_string()).into())
            }
        }
    }

    /// Waits until the token comes back, or there was no heartbeat for too long.
    async fn call_back(&self, request: &Request<'_>, token: &str) -> Result<Value, Stop> {
        let Execution { engine, stage, .. } = self.execution;
        let state = &request.state.name;
        let Some(receiver) = stage.cast.receivers.get(state) else {
            let reason = format!(
                "nobody hands the token of `{state}` back; add `.callback({state:?}, ...)`"
            );
            return Err(stuck(request, reason).into());
        };
        let callback = receiver(token, &request.arguments);
        if let Some(silent) = request
            .heartbeat
            .and_then(|allowed| callback.falls_silent(allowed))
        {
            engine.clock.sleep(silent).await;
            return Err(Failure::new(name::HEARTBEAT, "").into());
        }
        let Some((time, result)) = callback.into_end() else {
            return std::future::pending().await;
        };
        engine.clock.sleep(time).await;
        Ok(result?)
    }
}

fn stuck(request: &Request<'_>, reason: String) -> Error {
    Error::Stuck(Refusal::new(&request.state.pointer, reason))
}

fn ended(result: &Result<Value, Failure>) -> EventKind {
    match result {
        Ok(_) => EventKind::TaskSucceeded,
        Err(failure) if matches!(failure.error.as_str(), name::TIMEOUT | name::HEARTBEAT) => {
            EventKind::TaskTimedOut(failure.clone())
        }
        Err(failure) => EventKind::TaskFailed(failure.clone()),
    }
}

fn seconds(template: Option<&Template>, view: &View<'_>) -> Result<Option<Duration>, Failure> {
    let Some(template) = template else {
        return Ok(None);
    };
    let seconds = template.evaluate_as(view, "a number of seconds", Value::as_u64)?;
    Ok(Some(Duration::from_secs(seconds)))
}
