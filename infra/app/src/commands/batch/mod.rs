//! `infra batch`: one module per subcommand.

mod dry_run;
mod models;
mod redrive;
mod results;
mod run;
mod status;
mod stop;

use serde::Serialize;

use crate::CommandError;
use crate::batch::BatchStack;
use crate::cli::{BatchArguments, BatchCommand, DEFAULT_STACK, ReportFormat};
use crate::terminal::Terminal;

pub(super) async fn run(command: BatchCommand, terminal: Terminal) -> Result<(), CommandError> {
    match command {
        BatchCommand::Run(arguments) => run::run(&arguments, terminal).await,
        BatchCommand::Status(arguments) => status::run(&arguments, terminal).await,
        BatchCommand::Results(arguments) => results::run(&arguments, terminal).await,
        BatchCommand::Redrive(arguments) => redrive::run(&arguments, terminal).await,
        BatchCommand::Stop(arguments) => stop::run(&arguments, terminal).await,
        BatchCommand::DryRun(arguments) => dry_run::run(&arguments, terminal).await,
        BatchCommand::Models(arguments) => models::run(&arguments, terminal).await,
    }
}

/// The deployed stack.
async fn connect(arguments: &BatchArguments) -> Result<BatchStack, CommandError> {
    let target = arguments.target.connect().await?;
    let stack = &arguments.stack;
    let outputs = deploy::stack_outputs(&target, stack)
        .await?
        .ok_or_else(|| CommandError::NotDeployed(stack.clone()))?;
    Ok(BatchStack::from_outputs(target, stack, &outputs)?)
}

/// Prints an answer: as text, or as JSON.
fn answer<T: Serialize + std::fmt::Display>(terminal: Terminal, format: ReportFormat, value: &T) {
    match format {
        ReportFormat::Text => terminal.data(&value.to_string()),
        ReportFormat::Json => json(terminal, value),
    }
}

fn json<T: Serialize>(terminal: Terminal, value: &T) {
    let value = serde_json::json!(value);
    terminal.data(&format!("{value:#}"));
}

/// Asks a question that only a person can answer.
fn confirm(question: &str, yes: bool, terminal: Terminal) -> Result<(), CommandError> {
    if yes {
        return Ok(());
    }
    match terminal.ask(&format!("{question} [y/N] ")) {
        None => Err(CommandError::NotConfirmed(
            "this costs money, and nobody can be asked here".to_owned(),
        )),
        Some(answer) if ["y", "yes"].contains(&answer.to_ascii_lowercase().as_str()) => Ok(()),
        Some(_) => Err(CommandError::NotConfirmed("nothing was started".to_owned())),
    }
}

/// How to type a command that goes to the same place.
fn typed(arguments: &BatchArguments, command: &str) -> String {
    let target = &arguments.target;
    let stack = Some(arguments.stack.clone()).filter(|stack| stack != DEFAULT_STACK);
    let options = [
        ("--stack", stack),
        ("--endpoint-url", target.endpoint_url.clone()),
        ("--region", target.region.clone()),
    ];
    let mut words = vec![format!("cargo infra batch {command}")];
    words.extend(target.local.then(|| "--local".to_owned()));
    for (option, value) in options {
        words.extend(value.map(|value| format!("{option} {value}")));
    }
    words.join(" ")
}
