//! One module per command.

mod batch;
mod check_asl;
mod covers;
mod demo;
mod deploy;
mod deploy_role;
mod destroy;
mod diff;
mod drift;
mod gc;
mod graph;
mod import;
mod local;
mod outputs;
mod package;
mod plan;
mod query;
mod rollback;
mod simulator;
mod sync;
mod synth;

use crate::CommandError;
use crate::cli::Command;
use crate::failure;
use crate::synthesis::Lines;
use crate::terminal::Terminal;

/// Does what was typed.
///
/// # Errors
/// Whatever the command failed with.
pub async fn run(command: Command, terminal: Terminal) -> Result<(), CommandError> {
    let done = done(command, terminal).await;
    done.map_err(|error| failure::in_full(error, &Lines::new()))
}

async fn done(command: Command, terminal: Terminal) -> Result<(), CommandError> {
    match command {
        Command::Synth(arguments) => synth::run(&arguments, terminal),
        Command::CheckAsl(arguments) => check_asl::run(&arguments, terminal),
        Command::Package(arguments) => package::run(&arguments, terminal),
        Command::Graph(arguments) => graph::run(&arguments, terminal),
        Command::Diff(arguments) => Box::pin(diff::run(&arguments, terminal)).await,
        Command::Plan(arguments) => Box::pin(plan::run(&arguments, terminal)).await,
        Command::Deploy(arguments) => Box::pin(deploy::run(&arguments, terminal)).await,
        Command::DeployRole(arguments) => deploy_role::run(&arguments, terminal),
        Command::Destroy(arguments) => destroy::run(&arguments, terminal).await,
        Command::Rollback(arguments) => rollback::run(&arguments, terminal).await,
        Command::Outputs(arguments) => outputs::run(&arguments, terminal).await,
        Command::Drift(arguments) => drift::run(&arguments, terminal).await,
        Command::Sync(arguments) => sync::run(&arguments, terminal).await,
        Command::Gc(arguments) => gc::run(&arguments, terminal).await,
        Command::Import(arguments) => import::run(&arguments, terminal).await,
        Command::Local(command) => local::run(command, terminal).await,
        Command::Query(arguments) => query::run(&arguments, terminal).await,
        Command::Batch(command) => Box::pin(batch::run(*command, terminal)).await,
        Command::Demo(arguments) => demo::run(&arguments, terminal).await,
        Command::Covers(arguments) => covers::run(&arguments, terminal),
        Command::Simulator(arguments) => simulator::run(&arguments, terminal).await,
    }
}
