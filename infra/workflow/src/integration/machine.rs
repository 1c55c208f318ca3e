//! Other state machines.

use std::time::Duration;

use cfn::Value;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use shared::Fields;

use super::{RUN_MACHINE, START_MACHINE, perform, perform_and_wait};
use crate::permission::{Permission, Target};
use crate::{Expr, Scope, Task, TaskToken};

/// What `states:startExecution` answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Fields)]
#[serde(rename_all = "PascalCase")]
pub struct Started {
    /// The execution's ARN.
    pub execution_arn: String,
}

/// A state machine that another one can run.
pub trait Runnable {
    /// What it takes.
    type Input;
    /// What it answers.
    type Output;

    /// What definitions call it: its logical id.
    fn placeholder(&self) -> String;

    /// Its ARN.
    fn arn(&self) -> Value<String>;

    /// The ARN of its executions: `...:execution:name:*`.
    fn executions(&self) -> Value<String>;
}

/// Runs another machine to its end and takes what it answers.
#[track_caller]
pub fn run_machine<'s, M: Runnable>(machine: &M, input: Expr<'s, M::Input>) -> Task<'s, M::Output> {
    let arguments = machine_arguments(machine, input);
    let mut task = perform(RUN_MACHINE, machine.arn(), arguments);
    task.call.result = ".Output";
    let actions = ["states:DescribeExecution", "states:StopExecution"];
    let executions = Target::Arn(machine.executions());
    task.permissions
        .push(Permission::new(actions, [executions]));
    task
}

/// Starts another machine and goes on.
#[track_caller]
pub fn start_machine<'s, M: Runnable>(machine: &M, input: Expr<'s, M::Input>) -> Task<'s, Started> {
    let arguments = machine_arguments(machine, input);
    perform(START_MACHINE, machine.arn(), arguments)
}

/// Starts another machine that hands a task token on, and waits until someone answers an `R` under it. How the other machine
/// ends is not looked at: it may have gone on long since, or failed.
#[track_caller]
pub fn start_machine_and_wait<'s, R, M: Runnable>(
    machine: &M,
    timeout: Duration,
    input: impl FnOnce(Scope<'s>, Expr<'s, TaskToken>) -> Expr<'s, M::Input>,
    scope: Scope<'s>,
) -> Task<'s, R> {
    let arguments = |scope, token| machine_arguments(machine, input(scope, token));
    perform_and_wait(START_MACHINE, machine.arn(), timeout, arguments, scope)
}

fn machine_arguments<'s, M: Runnable>(machine: &M, input: Expr<'s, M::Input>) -> Expr<'s, Json> {
    let scope = input.scope();
    let arn = scope.deployed(&machine.placeholder(), machine.arn());
    scope.members([
        ("StateMachineArn", arn.untyped()),
        ("Input", input.untyped()),
    ])
}
