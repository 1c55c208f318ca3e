//! Steps in order.

use std::marker::PhantomData;
use std::ops::Deref;
use std::panic::Location;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value as Json;
use shared::{Contract, TaskToken, Variants};

use crate::attempt::Attempt;
use crate::choose::{Choose, choose_by};
use crate::error_name::ErrorOutput;
use crate::expr::Operand;
use crate::ir::{Block, Handler, Kind, Step};
use crate::map::{DistributedMap, Map};
use crate::node::{Node, NodeId, Root, VariableId};
use crate::parallel::Parallel;
use crate::reader::ItemReader;
use crate::repeat::Repeat;
use crate::store::Store;
use crate::task::{Answer, Callee, Provides, invoke, invoke_and_wait};
use crate::{Expr, Scope, Task, schema};

/// Describes steps one after the other; each call of a method adds a step and gives what the step results in.
///
/// `'s` is how long the flow's values can be read; values of the flow around it live for `'o`, which is longer, so that they
/// can be read here. A flow is a [`Scope`], too.
#[derive(Debug)]
pub struct Flow<'s, 'o: 's> {
    scope: Scope<'s>,
    steps: Vec<Step>,
    comment: Option<String>,
    /// The scope in which assignments are allowed.
    assigns: usize,
    outer: PhantomData<&'o ()>,
}

/// What a branch amounts to that is run for what it does: an object without members.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, serde::Deserialize, JsonSchema)]
pub struct Nothing {}

/// A variable that can be assigned anew.
#[derive(Debug)]
pub struct Variable<'s, T> {
    store: &'s Store,
    id: VariableId,
    assigns: usize,
    of: PhantomData<fn(T) -> T>,
}

impl<'s, T> Variable<'s, T> {
    /// The variable's value at the step that reads it.
    pub fn get(&self) -> Expr<'s, T> {
        Expr::add(self.store, Node::Root(Root::Variable(self.id)))
    }
}

impl<'s> Deref for Flow<'s, '_> {
    type Target = Scope<'s>;

    fn deref(&self) -> &Self::Target {
        &self.scope
    }
}

impl<'s> Flow<'s, '_> {
    /// Says why the next step is there; the definition keeps it as the state's comment.
    pub fn note(&mut self, comment: &str) {
        self.comment = Some(comment.to_owned());
    }

    /// Invokes a function and waits for its answer.
    #[track_caller]
    pub fn call<F: Callee>(
        &mut self,
        name: &str,
        function: &F,
        event: impl Provides<'s, <F::Contract as Contract>::Event>,
    ) -> Expr<'s, <F::Contract as Contract>::Response>
    where
        <F::Contract as Contract>::Response: JsonSchema,
    {
        self.run(name, invoke(function, event))
    }

    /// Invokes a function that hands the task token on, and waits until someone answers an `R` under it.
    #[track_caller]
    pub fn call_with_token<R: JsonSchema, F: Callee, E>(
        &mut self,
        name: &str,
        function: &F,
        timeout: Duration,
        event: impl FnOnce(Scope<'s>, Expr<'s, TaskToken>) -> E,
    ) -> Expr<'s, R>
    where
        E: Provides<'s, <F::Contract as Contract>::Event>,
    {
        let task = invoke_and_wait(function, timeout, event, self.scope);
        self.run(name, task)
    }

    /// Does a task.
    #[track_caller]
    pub fn run<R: JsonSchema, F>(&mut self, name: &str, task: Task<'s, R, F>) -> Expr<'s, R> {
        let (call, permissions, answer) = task.finished();
        self.store.permit(permissions);
        self.store.schemas(|schemas| {
            let (key, schema) = match answer {
                Answer::Function(placeholder) => (placeholder, schema::of::<R>()),
                Answer::State => (name.to_owned(), schema::below::<R>(call.result)),
            };
            schemas.results.insert(key, schema);
        });
        self.push(name, Kind::Task(call))
    }
}

impl<'s, 'o> Flow<'s, 'o> {
    pub(crate) fn new(store: &'s Store, assigns: usize) -> Self {
        Self {
            scope: Scope { store },
            steps: Vec::new(),
            comment: None,
            assigns,
            outer: PhantomData,
        }
    }

    /// Does a task whose errors are dealt with.
    #[track_caller]
    pub fn try_run<R: JsonSchema, F>(
        &mut self,
        name: &str,
        task: Task<'s, R, F>,
    ) -> Attempt<'_, 's, 'o, R, F> {
        let value = self.run(name, task);
        Attempt::new(self, value)
    }

    /// Computes a value once, in a state of its own.
    #[track_caller]
    pub fn pass<T>(&mut self, name: &str, value: impl Operand<'s, T>) -> Expr<'s, T> {
        let value = value.into_expr(self.scope).node;
        self.push(name, Kind::Pass { value })
    }

    /// Declares a variable that can be assigned anew, with its first value.
    #[track_caller]
    pub fn variable<T>(&mut self, name: &str, first: impl Operand<'s, T>) -> Variable<'s, T> {
        let value = first.into_expr(self.scope).node;
        let id = self.store.variable(name);
        self.push::<()>(
            name,
            Kind::Assign {
                variable: id,
                value,
            },
        );
        Variable {
            store: self.store,
            id,
            assigns: self.assigns,
            of: PhantomData,
        }
    }

    /// Assigns a variable of this scope; Step Functions allows no iteration and no branch of a parallel step to assign a
    /// variable of the flow around it.
    #[track_caller]
    pub fn assign<T>(
        &mut self,
        name: &str,
        variable: &Variable<'_, T>,
        value: impl Operand<'s, T>,
    ) {
        if variable.assigns != self.assigns {
            let message = format!(
                "step `{name}` assigns variable `{}` of the flow around it, which Step Functions forbids: let the iteration or branch return the value",
                self.store.variable_name(variable.id)
            );
            self.store.problem(Location::caller(), message);
        }
        let value = value.into_expr(self.scope).node;
        let variable = variable.id;
        self.push::<()>(name, Kind::Assign { variable, value });
    }

    /// Waits for so long.
    #[track_caller]
    pub fn wait(&mut self, name: &str, span: impl Into<Duration>) {
        let span = span.into();
        self.check_seconds(span, Location::caller());
        let value = self.value(span.as_secs());
        self.push_wait(name, "Seconds", value.node);
    }

    /// Waits for as many seconds as the data says.
    #[track_caller]
    pub fn wait_seconds(&mut self, name: &str, seconds: Expr<'s, u64>) {
        self.push_wait(name, "Seconds", seconds.node);
    }

    /// Waits until a time, ISO 8601 with a time zone.
    #[track_caller]
    pub fn wait_until(&mut self, name: &str, time: impl Operand<'s, String>) {
        let time = time.into_expr(self.scope);
        self.push_wait(name, "Timestamp", time.node);
    }

    #[track_caller]
    fn push_wait(&mut self, name: &str, field: &'static str, value: NodeId) {
        self.push::<()>(name, Kind::Wait { field, value });
    }

    /// Goes one of several ways, by conditions.
    #[track_caller]
    pub fn choose(&mut self, name: &str) -> Choose<'_, 's, 'o> {
        Choose::new(self, name)
    }

    /// Goes one way for each value of an enum. The closure is called for every value; a `match` in it leaves none out.
    /// Values whose steps are the same share them.
    #[track_caller]
    pub fn choose_by<T, R>(
        &mut self,
        name: &str,
        value: Expr<'s, T>,
        way: impl for<'i> FnMut(&mut Flow<'i, 's>, T) -> Expr<'i, R>,
    ) -> Expr<'s, R>
    where
        T: Variants + Serialize,
    {
        choose_by(self, name, value, way)
    }

    /// Does several things at once.
    #[track_caller]
    pub fn parallel(&mut self, name: &str) -> Parallel<'_, 's, 'o, ()> {
        Parallel::new(self, name)
    }

    /// Does the same with every item of a list.
    #[track_caller]
    pub fn map<T>(&mut self, name: &str, items: Expr<'s, Vec<T>>) -> Map<'_, 's, 'o, T> {
        Map::new(self, name, items)
    }

    /// Does the same with every item, each in an execution of its own: for thousands of items, or items in S3.
    #[track_caller]
    pub fn distributed_map<T>(
        &mut self,
        name: &str,
        items: ItemReader<'s, T>,
    ) -> DistributedMap<'_, 's, 'o, T> {
        DistributedMap::new(self, name, items)
    }

    /// Does the same again and again until a condition holds.
    #[track_caller]
    pub fn repeat(
        &mut self,
        name: &str,
        pause: impl Into<Duration>,
        at_most: u32,
    ) -> Repeat<'_, 's, 'o> {
        Repeat::new(self, name, pause.into(), at_most)
    }

    /// Ends the machine, or the iteration or branch, with this output. `T` must be what it would end with otherwise.
    #[track_caller]
    pub fn succeed<T>(&mut self, name: &str, output: impl Operand<'s, T>) -> Expr<'s, T> {
        let output = output.into_expr(self.scope).node;
        self.store.ends_with::<T>(self.assigns, Location::caller());
        self.push(name, Kind::Succeed { output })
    }

    /// Ends the machine, or the iteration or branch, with an error. It has the type of whatever value is expected here.
    #[track_caller]
    pub fn fail<R>(
        &mut self,
        name: &str,
        error: impl Operand<'s, String>,
        cause: impl Operand<'s, String>,
    ) -> Expr<'s, R> {
        let error = error.into_expr(self.scope).node;
        let cause = cause.into_expr(self.scope).node;
        self.push(name, Kind::Fail { error, cause })
    }

    pub(crate) fn as_scope(&self) -> Scope<'s> {
        self.scope
    }

    /// Adds a step and gives its result.
    #[track_caller]
    pub(crate) fn push<R>(&mut self, name: &str, kind: Kind) -> Expr<'s, R> {
        self.push_at(name, kind, Location::caller())
    }

    /// Adds a step that was begun at another line, and gives its result.
    pub(crate) fn push_at<R>(
        &mut self,
        name: &str,
        kind: Kind,
        location: &'static Location<'static>,
    ) -> Expr<'s, R> {
        if let Some(last) = self.steps.last().filter(|last| last.kind.is_final()) {
            let message = format!(
                "step `{name}` is never reached: `{}` ends the flow before it",
                last.name
            );
            self.store.problem(location, message);
        }
        let result = self.store.variable(name);
        self.steps.push(Step {
            name: name.to_owned(),
            comment: self.comment.take(),
            location,
            result,
            kind,
        });
        Expr::add(self.store, Node::Root(Root::Variable(result)))
    }

    /// The step that was added last.
    pub(crate) fn last_step(&mut self) -> Option<&mut Step> {
        self.steps.last_mut()
    }

    /// Describes steps in the same scope: a way of a choice, a handler of errors, the body of a loop.
    pub(crate) fn same_scope<R>(
        &self,
        body: impl for<'i> FnOnce(&mut Flow<'i, 's>) -> Expr<'i, R>,
    ) -> Block {
        let mut flow = Flow::new(self.store, self.assigns);
        let value = body(&mut flow).node;
        flow.into_block(value)
    }

    /// Describes steps in a scope of their own that reads this one: a branch, an iteration.
    pub(crate) fn inner_scope<R>(
        &self,
        body: impl for<'i> FnOnce(&mut Flow<'i, 's>) -> Expr<'i, R>,
    ) -> Block {
        let mut flow = Flow::new(self.store, self.store.scope());
        let value = body(&mut flow).node;
        self.store.close_scope::<R>(flow.assigns);
        flow.into_block(value)
    }

    /// Describes steps that run in an execution of their own and read nothing from around them.
    pub(crate) fn own_execution<R>(
        store: &'s Store,
        body: impl for<'i> FnOnce(&mut Flow<'i, 'i>) -> Expr<'i, R>,
    ) -> Block {
        let mut flow = Flow::new(store, store.scope());
        let value = body(&mut flow).node;
        store.close_scope::<R>(flow.assigns);
        flow.into_block(value)
    }

    pub(crate) fn handler<R>(
        &self,
        step: &str,
        errors: Vec<String>,
        number: usize,
        body: impl for<'i> FnOnce(&mut Flow<'i, 's>, Expr<'i, ErrorOutput>) -> Expr<'i, R>,
    ) -> Handler {
        let ordinal = if number == 0 {
            String::new()
        } else {
            format!(" {}", number + 1)
        };
        let error = self.store.variable(&format!("{step} error{ordinal}"));
        let root = Node::Root(Root::Variable(error));
        let block = self.same_scope(|flow| {
            let output = Expr::add(flow.store, root);
            body(flow, output)
        });
        Handler {
            errors,
            error,
            block,
        }
    }

    fn into_block(self, value: NodeId) -> Block {
        Block {
            steps: self.steps,
            value,
        }
    }
}

impl Scope<'_> {
    /// Refuses spans that Step Functions, which counts in whole seconds, cannot keep.
    pub(crate) fn check_seconds(self, span: Duration, location: &'static Location<'static>) {
        let whole = span.subsec_nanos() == 0 && !span.is_zero();
        if !whole || span.as_secs() > MOST_SECONDS {
            let message = format!(
                "{span:?} is no span for Step Functions: use whole seconds, at least 1 and at most {MOST_SECONDS}"
            );
            self.store.problem(location, message);
        }
    }
}

/// What Step Functions takes at most for a timeout or wait, in seconds.
const MOST_SECONDS: u64 = 99_999_999;

/// JSON of any kind, where a task's answer is not looked at.
pub type AnyJson = Json;
