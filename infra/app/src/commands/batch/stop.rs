//! `infra batch stop`.

use super::{connect, json, typed};
use crate::CommandError;
use crate::batch::{BatchError, State, executions, find};
use crate::cli::{ReportFormat, StopArguments};
use crate::terminal::Terminal;

pub(super) async fn run(arguments: &StopArguments, terminal: Terminal) -> Result<(), CommandError> {
    let stack = connect(&arguments.batch).await?;
    let run = &arguments.run;
    let (executions, _) = find(&stack, run).await?;
    let Some(running) = executions.running() else {
        let state = executions
            .last()
            .map_or(State::Succeeded, |last| last.state);
        return Err(BatchError::NotRunning {
            run: run.clone(),
            state: state.as_str(),
        }
        .into());
    };
    executions::stop(&stack, &running.arn).await?;
    terminal.say(&format!(
        "run {run} is stopped, and its jobs are asked to stop: see them end with `{}`. What they have processed is paid for; `{}` reads it and sends the rest",
        typed(&arguments.batch, &format!("status {run}")),
        typed(&arguments.batch, &format!("redrive {run}")),
    ));
    match arguments.batch.format {
        ReportFormat::Text => terminal.data(&running.name),
        ReportFormat::Json => json(terminal, &serde_json::json!({ "stopped": running.name })),
    }
    Ok(())
}
