//! `infra batch results`.

use std::path::Path;

use super::{connect, json};
use crate::CommandError;
use crate::batch::{BatchError, Download, counted, find, first_rows};
use crate::cli::{ReportFormat, ResultsArguments};
use crate::packaging::megabytes;
use crate::table::{TableFormat, render};
use crate::terminal::Terminal;

/// The unit of progress of a download.
const MEGABYTE: u64 = 1_000_000;

pub(super) async fn run(
    arguments: &ResultsArguments,
    terminal: Terminal,
) -> Result<(), CommandError> {
    let stack = connect(&arguments.batch).await?;
    let run = &arguments.run;
    let (executions, files) = find(&stack, run).await?;
    let files = files.ok_or_else(|| BatchError::NotDivided(run.clone()))?;
    if executions.running().is_some() {
        terminal.warn(&format!(
            "run {run} is running: these are the results of the chunks that are done"
        ));
    }
    let default = Path::new("downloads").join(run);
    let folder = arguments.out.as_deref().unwrap_or(&default);
    let step = terminal.counted_step("Download the results", 0);
    step.detail("MB");
    let download = Download {
        csv: arguments.csv,
        raw: arguments.raw,
    };
    let downloaded = download
        .fetch(&stack, &files, folder, |there, total| {
            step.total(total.div_ceil(MEGABYTE));
            step.position(there / MEGABYTE);
        })
        .await?;
    step.done(&format!(
        "{}, {} of them new, {}, in {}",
        counted(downloaded.fetched + downloaded.present, "file"),
        downloaded.fetched,
        megabytes(downloaded.bytes),
        folder.display()
    ));
    let is_text = arguments.batch.format == ReportFormat::Text;
    match arguments.print {
        Some(wanted) => {
            let table = first_rows(&downloaded.results, wanted, !is_text)?;
            let format = if is_text {
                TableFormat::Text
            } else {
                TableFormat::Json
            };
            terminal.data(&render(&table, format));
        }
        None if is_text => terminal.data(&folder.display().to_string()),
        None => json(terminal, &downloaded),
    }
    Ok(())
}
