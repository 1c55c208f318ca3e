//! `infra batch redrive`.

use super::status::watch;
use super::{confirm, connect, json, typed};
use crate::CommandError;
use crate::batch::Redrive;
use crate::cli::{RedriveArguments, ReportFormat};
use crate::terminal::Terminal;

pub(super) async fn run(
    arguments: &RedriveArguments,
    terminal: Terminal,
) -> Result<(), CommandError> {
    let stack = connect(&arguments.batch).await?;
    let redrive = Redrive::of_run(&stack, &arguments.run).await?;
    terminal.say(&redrive.to_string());
    confirm(
        &format!("Start redrive {}?", redrive.name),
        arguments.yes,
        terminal,
    )?;
    redrive.start(&stack).await?;
    let run = &arguments.run;
    terminal.say(&format!(
        "redrive {} is started; watch it with `{}`",
        redrive.name,
        typed(&arguments.batch, &format!("status {run} --watch"))
    ));
    if arguments.wait {
        return watch(&stack, run, arguments.batch.format, terminal).await;
    }
    match arguments.batch.format {
        ReportFormat::Text => terminal.data(&redrive.name),
        ReportFormat::Json => json(terminal, &redrive),
    }
    Ok(())
}
