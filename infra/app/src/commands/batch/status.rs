//! `infra batch status`.

use std::time::{Duration, Instant};

use super::{answer, connect, json};
use crate::CommandError;
use crate::batch::{BatchStack, Execution, RunStatus, recent};
use crate::cli::{ReportFormat, StatusArguments};
use crate::query::ResultTable;
use crate::table::{TableFormat, render};
use crate::terminal::Terminal;

pub(super) async fn run(
    arguments: &StatusArguments,
    terminal: Terminal,
) -> Result<(), CommandError> {
    let stack = connect(&arguments.batch).await?;
    let format = arguments.batch.format;
    let Some(run) = &arguments.run else {
        list(&recent(&stack).await?, format, terminal);
        return Ok(());
    };
    if arguments.watch {
        return watch(&stack, run, format, terminal).await;
    }
    let status = RunStatus::of_run(&stack, run).await?;
    answer(terminal, format, &status);
    Ok(status.outcome()?)
}

fn list(executions: &[Execution], format: ReportFormat, terminal: Terminal) {
    if format == ReportFormat::Json {
        return json(terminal, &executions);
    }
    let rows = executions.iter().map(|execution| {
        vec![
            Some(execution.name.clone()),
            Some(execution.state.as_str().to_owned()),
            Some(execution.started.clone()),
            execution.ended.clone(),
        ]
    });
    let table = ResultTable {
        columns: ["run", "state", "started", "ended"]
            .map(str::to_owned)
            .into(),
        rows: rows.collect(),
    };
    terminal.data(&render(&table, TableFormat::Text));
}

/// Looks at a run again and again until it has ended.
pub(super) async fn watch(
    stack: &BatchStack,
    run: &str,
    format: ReportFormat,
    terminal: Terminal,
) -> Result<(), CommandError> {
    let step = terminal.counted_step(&format!("Run {run}"), 0);
    let mut told = String::new();
    let status = loop {
        let begun = Instant::now();
        let status = RunStatus::of_run(stack, run).await?;
        step.total(status.chunks.unwrap_or(1));
        step.position(status.chunks_done);
        step.detail(&detail(&status));
        if !status.is_running() {
            break status;
        }
        let line = status.job_line();
        if status.jobs.number() > 0 && line != told {
            step.line_elsewhere(&line);
            told = line;
        }
        // A large run takes long to look at: never more than a tenth of the time.
        tokio::time::sleep(pause(stack).max(begun.elapsed() * 9)).await;
    };
    step.done(status.state.as_str());
    answer(terminal, format, &status);
    Ok(status.outcome()?)
}

/// What is to be seen beside the bar of chunks.
fn detail(status: &RunStatus) -> String {
    match status.chunks {
        None => "the table is read".to_owned(),
        Some(_) if status.jobs.number() == 0 => "chunks done".to_owned(),
        Some(_) => status.job_line(),
    }
}

/// How long to wait between two looks: AWS throttles those who ask too often, an emulator on this machine does not.
fn pause(stack: &BatchStack) -> Duration {
    match stack.target.config().endpoint_url() {
        Some(_) => Duration::from_millis(500),
        None => Duration::from_secs(10),
    }
}
