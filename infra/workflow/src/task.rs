//! Tasks: what a step calls, with what, and for how long.

use std::marker::PhantomData;
use std::panic::Location;
use std::time::Duration;

use cfn::{IntoValue, Value};
use serde_json::Value as Json;
use shared::{Contract, NoFailure, TaskToken};

use crate::error_name::{Retry, RetryRule};
use crate::ir::{Call, Handling};
use crate::node::Node;
use crate::permission::{Permission, Target};
use crate::{Expr, Scope};

/// A call of a service that answers an `R` or fails with an `F`; [`Flow::run`](crate::Flow::run) makes a step of it.
#[derive(Debug)]
#[must_use = "a task is done once a flow runs it"]
pub struct Task<'s, R, F = NoFailure> {
    pub(crate) scope: Scope<'s>,
    pub(crate) call: Call,
    pub(crate) permissions: Vec<Permission>,
    pub(crate) answer: Answer,
    defaults: Vec<RetryRule>,
    paid: bool,
    location: &'static Location<'static>,
    of: PhantomData<fn() -> (R, F)>,
}

/// By what the checker knows the answer's schema.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// A function, by the text that stands for its ARN.
    Function(String),
    /// The state.
    State,
}

/// A function that a machine can invoke.
pub trait Callee {
    /// What it takes and answers.
    type Contract: Contract;

    /// What the definition calls it: its logical id.
    fn placeholder(&self) -> String;

    /// Its ARN.
    fn arn(&self) -> Value<String>;
}

/// A function, by its ARN.
pub struct Function<C> {
    name: String,
    arn: Value<String>,
    of: PhantomData<fn() -> C>,
}

impl<C: Contract> Function<C> {
    /// The function of contract `C` with this ARN; `name` is what definitions call it.
    pub fn by_arn(name: &str, arn: impl IntoValue<String>) -> Self {
        Self {
            name: name.to_owned(),
            arn: arn.into_value(),
            of: PhantomData,
        }
    }
}

impl<C> Clone for Function<C> {
    fn clone(&self) -> Self {
        Self {
            name: self.name.clone(),
            arn: self.arn.clone(),
            of: PhantomData,
        }
    }
}

impl<C> std::fmt::Debug for Function<C> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("Function").field(&self.name).finish()
    }
}

impl<C: Contract> Callee for Function<C> {
    type Contract = C;

    fn placeholder(&self) -> String {
        self.name.clone()
    }

    fn arn(&self) -> Value<String> {
        self.arn.clone()
    }
}

/// A value of type `T`, as a step takes it.
#[diagnostic::on_unimplemented(
    message = "a step that takes `{T}` cannot be given `{Self}`",
    label = "not a `{T}`",
    note = "shape the value in hand with `flow.object({T}Fields {{ ... }})`"
)]
pub trait Provides<'s, T> {
    /// The value.
    fn provided(self) -> Expr<'s, T>;
}

impl<'s, T> Provides<'s, T> for Expr<'s, T> {
    fn provided(self) -> Self {
        self
    }
}

type EventOf<F> = <<F as Callee>::Contract as Contract>::Event;
type ResponseOf<F> = <<F as Callee>::Contract as Contract>::Response;
type FailureOf<F> = <<F as Callee>::Contract as Contract>::Failure;

/// Invokes a function and takes what it answers.
///
/// It is tried again when the Lambda service is unwell, and for longer when it is throttled; see [`Task::paid`] and
/// [`Task::without_default_retries`].
#[track_caller]
pub fn invoke<'s, F: Callee>(
    function: &F,
    event: impl Provides<'s, EventOf<F>>,
) -> Task<'s, ResponseOf<F>, FailureOf<F>> {
    invocation("lambda:invoke", function, event.provided())
}

/// Invokes a function that hands a task token on, and waits until someone answers an `R` under that token.
///
/// What the function itself answers is not looked at. A token that nobody answers would hold the execution for a year, so
/// there is a timeout.
#[track_caller]
pub fn invoke_and_wait<'s, R, F: Callee, E: Provides<'s, EventOf<F>>>(
    function: &F,
    timeout: Duration,
    event: impl FnOnce(Scope<'s>, Expr<'s, TaskToken>) -> E,
    scope: Scope<'s>,
) -> Task<'s, R, FailureOf<F>> {
    let event = event(scope, scope.context("Task.Token")).provided();
    let task: Task<'s, R, FailureOf<F>> =
        invocation("lambda:invoke.waitForTaskToken", function, event);
    let mut task = task.timeout(timeout);
    task.call.result = "";
    task.answer = Answer::State;
    task
}

#[track_caller]
fn invocation<'s, E, R, F: Callee>(
    resource: &str,
    function: &F,
    event: Expr<'s, E>,
) -> Task<'s, R, FailureOf<F>> {
    let scope = event.scope();
    let arn = scope
        .store
        .substitute(&function.placeholder(), function.arn());
    let answer = Answer::Function(arn.clone());
    let function_name = Expr::<Json>::add(scope.store, Node::Deployed(arn));
    let arguments = scope.members([
        ("FunctionName", function_name),
        ("Payload", event.untyped()),
    ]);
    let mut task = Task::new(scope, resource, arguments);
    task.call.result = ".Payload";
    task.answer = answer;
    task.permissions = vec![Permission::new(
        ["lambda:InvokeFunction"],
        [Target::Arn(function.arn())],
    )];
    task.defaults = vec![
        RetryRule::of_lambda_service(),
        RetryRule::of_lambda_throttles(),
    ];
    task
}

impl<'s, R, F> Task<'s, R, F> {
    #[track_caller]
    pub(crate) fn new(scope: Scope<'s>, resource: &str, arguments: Expr<'s, Json>) -> Self {
        Self {
            scope,
            call: Call {
                resource: resource.to_owned(),
                arguments: arguments.node,
                result: "",
                timeout: None,
                heartbeat: None,
                handling: Handling::default(),
            },
            permissions: Vec::new(),
            answer: Answer::State,
            defaults: Vec::new(),
            paid: false,
            location: Location::caller(),
            of: PhantomData,
        }
    }

    /// The longest the task may take, its retries not counted.
    pub fn timeout(mut self, timeout: impl Into<Duration>) -> Self {
        self.call.timeout = Some(timeout.into());
        self
    }

    /// The longest that whoever works on the task may be silent.
    pub fn heartbeat(mut self, interval: impl Into<Duration>) -> Self {
        self.call.heartbeat = Some(interval.into());
        self
    }

    /// Tries again on some errors. The first retry that names an error is the one for it; the defaults come last.
    pub fn retry(mut self, retry: Retry<F>) -> Self {
        self.call.handling.retry.push(retry.into_rule());
        self
    }

    /// Says that doing the task twice costs twice: of the default retries only those on throttling remain, in which nothing
    /// was done yet.
    pub fn paid(mut self) -> Self {
        self.paid = true;
        self
    }

    /// Allows actions that the task needs beside its own, on a resource by its ARN.
    pub fn allow<A: Into<String>>(
        mut self,
        actions: impl IntoIterator<Item = A>,
        resource: impl IntoValue<String>,
    ) -> Self {
        let on = Target::Arn(resource.into_value());
        self.permissions.push(Permission::new(actions, [on]));
        self
    }

    /// Allows the task to hand a role to a service, such as `sagemaker.amazonaws.com`.
    pub fn pass_role(
        mut self,
        role: impl IntoValue<cfn::Arn<cfn::iam::Role>>,
        service: &str,
    ) -> Self {
        let pass = Permission::on("iam:PassRole", role.into_value().into());
        let condition = ("StringEquals", "iam:PassedToService");
        let (operator, key) = condition;
        self.permissions
            .push(pass.with_condition(operator, key, service.into_value()));
        self
    }

    /// Leaves out the default retries.
    pub fn without_default_retries(mut self) -> Self {
        self.defaults.clear();
        self
    }

    pub(crate) fn problem(&self, message: String) {
        self.scope.store.problem(self.location, message);
    }

    /// The call with all its retries.
    pub(crate) fn finished(mut self) -> (Call, Vec<Permission>, Answer) {
        let throttles = RetryRule::of_lambda_throttles().errors;
        let paid = self.paid;
        let defaults = self.defaults.into_iter();
        let kept = defaults.filter(|rule| !paid || rule.errors == throttles);
        self.call.handling.retry.extend(kept);
        let retries = self.call.handling.retry.iter();
        let durations = retries
            .flat_map(RetryRule::durations)
            .chain(self.call.timeout)
            .chain(self.call.heartbeat);
        for duration in durations {
            self.scope.check_seconds(duration, self.location);
        }
        (self.call, self.permissions, self.answer)
    }
}
