//! `infra batch dry-run`.

use std::time::Duration;

use shared::batch::request::Run;

use super::json;
use crate::CommandError;
use crate::batch::{BatchError, BatchStack, DryRun, Order, Sample, Source};
use crate::cli::{DryRunArguments, ReportFormat};
use crate::terminal::Terminal;

/// The bucket of a table on this machine while there is no stack. It is never asked.
const NO_BUCKET: &str = "no-stack";

pub(super) async fn run(
    arguments: &DryRunArguments,
    terminal: Terminal,
) -> Result<(), CommandError> {
    let batch = &arguments.batch;
    let target = batch.target.connect().await?;
    let stack = match deploy::stack_outputs(&target, &batch.stack).await? {
        Some(outputs) => Some(BatchStack::from_outputs(
            target.clone(),
            &batch.stack,
            &outputs,
        )?),
        None => None,
    };
    if stack.is_none() {
        terminal.warn(&format!(
            "stack `{}` is not deployed here: only the built-in prompts are known",
            batch.stack
        ));
    }
    let bucket = stack.as_ref().map(|stack| stack.bucket.as_str());
    let order = Order::read(&arguments.request, bucket.unwrap_or(NO_BUCKET))?;
    let source = Source::of(&order, &target.s3(), bucket)?;
    let run = source.understand(&order.request).await?;
    let sample = source
        .sample(&order.request, arguments.records.into())
        .await?;
    let result = send(arguments, &run, &sample, terminal).await?;
    match batch.format {
        ReportFormat::Text => terminal.data(&result.to_string()),
        ReportFormat::Json => json(terminal, &result),
    }
    Ok(())
}

async fn send(
    arguments: &DryRunArguments,
    run: &Run,
    sample: &Sample,
    terminal: Terminal,
) -> Result<DryRun, CommandError> {
    for row in &sample.rejected {
        terminal.warn(&format!(
            "{} cannot be sent: {}",
            crate::batch::printable(&row.record_id),
            crate::batch::printable(&row.message)
        ));
    }
    if sample.records.is_empty() {
        return Err(BatchError::NothingSent(sample.rejected.len()).into());
    }
    let config = arguments.batch.target.bedrock().await?;
    let client = aws_sdk_bedrockruntime::Client::new(&config);
    let pause = Duration::from_secs_f64(arguments.rate_limit_delay);
    let is_text = arguments.batch.format == ReportFormat::Text;
    let step = terminal.counted_step("Ask the model", sample.records.len() as u64);
    let mut done = 0;
    let result = DryRun::send(&client, run, sample, pause, |answered| {
        done += 1;
        step.position(done);
        if is_text {
            step.data(&answered.to_string());
        }
    })
    .await?;
    step.done(&format!("{done} records"));
    Ok(result)
}
