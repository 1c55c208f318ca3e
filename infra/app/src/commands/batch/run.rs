//! `infra batch run`.

use runs::RunError;
use serde::Serialize;
use shared::batch::request::Run;
use time::OffsetDateTime;

use super::status::watch;
use super::{confirm, connect, json, typed};
use crate::CommandError;
use crate::batch::{
    BatchError, BatchStack, Estimate, Order, Source, described, executions, key_of, new_name,
    sampled_rows,
};
use crate::cli::{ReportFormat, RunArguments};
use crate::packaging::megabytes;
use crate::terminal::Terminal;

/// The unit of progress of an upload.
const MEGABYTE: u64 = 1_000_000;

/// What was started.
#[derive(Serialize)]
struct Started {
    run: String,
    execution: String,
    estimate: Estimate,
}

pub(super) async fn run(arguments: &RunArguments, terminal: Terminal) -> Result<(), CommandError> {
    let stack = connect(&arguments.batch).await?;
    let order = Order::read(&arguments.request, &stack.bucket)?;
    let source = Source::of(&order, &stack.s3(), Some(&stack.bucket))?;
    let run = source.understand(&order.request).await?;
    let now = OffsetDateTime::now_utc();
    let name = new_name(arguments.name.as_deref(), run.job_name_prefix.as_str(), now)?;

    let estimate = estimate(&source, &order, &run, terminal).await?;
    terminal.say(&estimate.to_string());
    confirm(&format!("Start run {name}?"), arguments.yes, terminal)?;

    upload(&stack, &order, terminal).await?;
    let input = serde_json::json!(order.request).to_string();
    let execution = executions::start(&stack, &name, &input).await?;
    terminal.say(&format!(
        "run {name} is started; watch it with `{}`",
        typed(&arguments.batch, &format!("status {name} --watch"))
    ));
    if arguments.wait {
        return watch(&stack, &name, arguments.batch.format, terminal).await;
    }
    match arguments.batch.format {
        ReportFormat::Text => terminal.data(&name),
        ReportFormat::Json => json(
            terminal,
            &Started {
                run: name,
                execution,
                estimate,
            },
        ),
    }
    Ok(())
}

async fn estimate(
    source: &Source,
    order: &Order,
    run: &Run,
    terminal: Terminal,
) -> Result<Estimate, CommandError> {
    let step = terminal.step("Look into the table");
    let sample = match source.sample(&order.request, sampled_rows(run)).await {
        Ok(sample) => Some(sample),
        // The run may reach the Hub where this machine does not.
        Err(BatchError::Request(RunError::Store(error))) if order.request.dataset_id.is_some() => {
            terminal.warn(&error.to_string());
            None
        }
        Err(error) => return Err(error.into()),
    };
    let described = described(&run.source, order.file.as_deref());
    let estimate = Estimate::of(run, described, sample.as_ref())?;
    step.done("");
    Ok(estimate)
}

async fn upload(stack: &BatchStack, order: &Order, terminal: Terminal) -> Result<(), CommandError> {
    let Some(path) = &order.file else {
        return Ok(());
    };
    let key = key_of(path)?;
    let size = std::fs::metadata(path)
        .map_err(crate::error::file("read", path))?
        .len();
    let step = terminal.counted_step("Upload the table", size.div_ceil(MEGABYTE));
    step.detail("MB");
    let sent = stack
        .upload(path, &key, |bytes| step.position(bytes / MEGABYTE))
        .await?;
    step.done(&format!("{} to {}", megabytes(sent), stack.uri(&key)));
    Ok(())
}
