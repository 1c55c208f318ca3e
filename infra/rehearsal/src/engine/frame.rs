//! Goes from state to state: in a machine, a branch, an iteration.

use std::rc::Rc;
use std::time::Duration;

use futures_util::future::{FutureExt, LocalBoxFuture, try_join_all};
use serde_json::Value;

use super::execution::Execution;
use super::retry::Retries;
use super::{Stop, limits};
use crate::Failure;
use crate::failure::name;
use crate::history::EventKind;
use crate::moment::Moment;
use crate::program::{Done, Group, Kind, Rule, State, Wait};
use crate::query::{Context, Item, Scope, Services, View};

/// A place where states run one after the other.
#[derive(Clone)]
pub(super) struct Frame<'e> {
    pub(super) execution: &'e Execution<'e>,
    pub(super) scope: Rc<Scope>,
    /// The item of the iteration, or of the one around it.
    pub(super) item: Option<Item>,
}

/// What comes after a state.
struct Step {
    done: Done,
    next: Option<usize>,
}

impl Frame<'_> {
    /// Runs states from the first to the end, to their output.
    pub(super) fn run<'f>(
        &'f self,
        group: &'f Group,
        input: Value,
    ) -> LocalBoxFuture<'f, Result<Value, Stop>> {
        async move {
            let mut data = input;
            let mut at = group.start;
            loop {
                let step = self.visit(&group.states[at], data).await?;
                data = step.done.output;
                match step.next {
                    Some(next) => at = next,
                    None => return Ok(data),
                }
            }
        }
        .boxed_local()
    }

    /// Enters a state, tries it as often as its retriers say, and leaves it.
    async fn visit(&self, state: &State, input: Value) -> Result<Step, Stop> {
        self.note(state, EventKind::StateEntered)?;
        let engine = self.execution.engine;
        let mut context = Context {
            execution: &self.execution.facts,
            state: &state.name,
            entered: engine.now(),
            retries: 0,
            item: self.item.clone(),
            token: None,
        };
        let mut retries = Retries::of(&state.retry);
        let mut step = loop {
            let failure = match self.attempt(state, &input, &context).await {
                Ok(step) => break step,
                Err(Stop::Failed(failure)) => failure,
                Err(aborted) => return Err(aborted),
            };
            let Some(delay) = retries.next(&failure, &engine.random) else {
                break self.rescue(state, &input, &context, failure)?;
            };
            self.note(state, EventKind::RetryScheduled { delay, failure })?;
            engine.clock.sleep(delay).await;
            context.retries += 1;
        };
        self.scope.assign(std::mem::take(&mut step.done.assign));
        self.note(state, EventKind::StateExited)?;
        Ok(step)
    }

    /// Tries a state once.
    async fn attempt(
        &self,
        state: &State,
        input: &Value,
        context: &Context<'_>,
    ) -> Result<Step, Stop> {
        let result = match &state.kind {
            Kind::Task(task) => Some(self.task(state, task, input, context).await?),
            Kind::Parallel(branches) => Some(self.parallel(state, branches, input, context).await?),
            Kind::Map(map) => Some(self.map(state, map, input, context).await?),
            Kind::Wait(wait) => {
                self.wait(state, wait, input, context).await?;
                None
            }
            Kind::Pass(_) | Kind::Choice { .. } | Kind::Succeed | Kind::Fail { .. } => None,
        };
        if let Some(result) = &result {
            limits::payload(result, &state.name, "a result")?;
        }
        let services = self.services();
        let view = self.view(input, context, &services);
        let step = match &state.kind {
            Kind::Pass(result) => Step::next(state, state.flow.pass(&view, result.as_ref())?),
            Kind::Choice { rules, default } => choose(state, rules, *default, &view)?,
            Kind::Fail { error, cause } => {
                let text = |value: &Value| value.as_str().map(str::to_owned);
                let evaluated = [error, cause].map(|template| match template {
                    Some(template) => template.evaluate_as(&view, "a string", text),
                    None => Ok(String::new()),
                });
                let [error, cause] = evaluated;
                return Err(Failure::new(error?, cause?).into());
            }
            Kind::Task(_) | Kind::Parallel(_) | Kind::Map(_) | Kind::Wait(_) | Kind::Succeed => {
                Step::next(state, state.flow.finish(&view, result)?)
            }
        };
        limits::payload(&step.done.output, &state.name, "an output")?;
        limits::assignment(&step.done.assign, &state.name)?;
        Ok(step)
    }

    /// What the first catcher for this failure makes of it; without one the failure stands.
    fn rescue(
        &self,
        state: &State,
        input: &Value,
        context: &Context<'_>,
        failure: Failure,
    ) -> Result<Step, Failure> {
        let mut catchers = state.catch.iter();
        let Some(catcher) = catchers.find(|catcher| failure.is_among(&catcher.errors)) else {
            return Err(failure);
        };
        let services = self.services();
        let view = self.view(input, context, &services);
        let done = catcher.rescue.finish(&view, &failure.output())?;
        limits::payload(&done.output, &state.name, "an output")?;
        limits::assignment(&done.assign, &state.name)?;
        Ok(Step {
            done,
            next: Some(catcher.next),
        })
    }

    async fn wait(
        &self,
        state: &State,
        wait: &Wait,
        input: &Value,
        context: &Context<'_>,
    ) -> Result<(), Failure> {
        let services = self.services();
        let effective = state
            .flow
            .effective_input(&self.view(input, context, &services))?;
        let view = self.view(&effective, context, &services);
        let duration = match wait {
            Wait::Seconds(seconds) => {
                let seconds = seconds.evaluate_as(&view, "a number of seconds", Value::as_u64)?;
                Duration::from_secs(seconds.min(limits::SECONDS))
            }
            Wait::Until(time) => {
                let parse = |value: &Value| value.as_str().and_then(Moment::parse);
                time.evaluate_as(&view, "a timestamp", parse)?
                    .since(services.now)
            }
        };
        self.execution.engine.clock.sleep(duration).await;
        Ok(())
    }

    /// All branches at once; the first that fails ends the others.
    async fn parallel(
        &self,
        state: &State,
        branches: &[Group],
        input: &Value,
        context: &Context<'_>,
    ) -> Result<Value, Stop> {
        let services = self.services();
        let arguments = state
            .flow
            .arguments(&self.view(input, context, &services))?;
        limits::payload(&arguments, &state.name, "arguments")?;
        self.note(state, EventKind::ParallelStarted)?;
        let runs = branches.iter().map(|branch| {
            let frame = self.inner(self.item.clone());
            let arguments = arguments.clone();
            async move { frame.run(branch, arguments).await }
        });
        let outputs = try_join_all(runs).await;
        let ended = if outputs.is_ok() {
            EventKind::ParallelSucceeded
        } else {
            EventKind::ParallelFailed
        };
        self.note(state, ended)?;
        Ok(Value::Array(outputs?))
    }

    /// A frame with a scope of its own.
    pub(super) fn inner(&self, item: Option<Item>) -> Self {
        Self {
            execution: self.execution,
            scope: Scope::inside(&self.scope),
            item,
        }
    }

    pub(super) fn services(&self) -> Services {
        let engine = self.execution.engine;
        Services {
            now: engine.now(),
            random: Rc::clone(&engine.random),
        }
    }

    pub(super) fn view<'v>(
        &'v self,
        input: &'v Value,
        context: &'v Context<'v>,
        services: &'v Services,
    ) -> View<'v> {
        View {
            input,
            result: None,
            error: None,
            context,
            scope: &self.scope,
            services,
        }
    }

    pub(super) fn note(&self, state: &State, kind: EventKind) -> Result<(), Failure> {
        self.execution.note(Some(&state.name), kind)
    }
}

impl Step {
    fn next(state: &State, done: Done) -> Self {
        Self {
            done,
            next: state.next,
        }
    }
}

fn choose(
    state: &State,
    rules: &[Rule],
    default: Option<usize>,
    view: &View<'_>,
) -> Result<Step, Failure> {
    let effective = state.flow.effective_input(view)?;
    let seen = View {
        input: &effective,
        ..*view
    };
    for rule in rules {
        if rule.test.holds(&seen)? {
            let done = rule.flow.finish(view, None)?;
            return Ok(Step {
                done,
                next: Some(rule.next),
            });
        }
    }
    let Some(next) = default else {
        let cause = "Failed to transition out of the state because no choice rule matched and there is no default.";
        return Err(Failure::new(name::NO_CHOICE, cause));
    };
    let done = state.flow.finish(view, None)?;
    Ok(Step {
        done,
        next: Some(next),
    })
}
