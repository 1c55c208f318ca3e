//! The whole output, made of its parts, and its manifest.

use std::io::Write as _;

use runs::{Failures, Found, RunFile, write_json};
use shared::batch::outcome::RecordStatus;
use shared::batch::processor::Processor;
use shared::batch::record::{LineError, Manifest, OutputLine, parse_line};

use crate::error::InvokeError;
use crate::input::Lines;
use crate::invoke::Files;

/// Writes the manifest to `manifest`, then the lines of all parts to `output`: where the output is, the manifest is, too.
pub(crate) fn write_output(
    files: &Files,
    parts: &[Found],
    records: u64,
    processor: &dyn Processor,
    output: &str,
    manifest: &str,
) -> Result<Manifest, InvokeError> {
    let mut totals = Manifest {
        total_record_count: records,
        ..Manifest::default()
    };
    let mut file = RunFile::begin(&*files.outputs, output, &Failures::default());
    let failed = |source| InvokeError::Io {
        file: files.bucket.address(output),
        source,
    };
    for part in parts {
        let mut lines = Lines::of(&files.bucket, part);
        while let Some(line) = lines.next()? {
            if totals.processed_record_count > 0 {
                file.write_all(b"\n").map_err(failed)?;
            }
            file.write_all(line).map_err(failed)?;
            let counted = count(line, processor, &mut totals);
            counted.map_err(|source| lines.damaged(source))?;
        }
    }
    write_json(&*files.outputs, manifest, &totals)?;
    file.finish().map_err(failed)?;
    Ok(totals)
}

/// Counts a line as the service does: an output without an answer is a success to it.
fn count(line: &[u8], processor: &dyn Processor, totals: &mut Manifest) -> Result<(), LineError> {
    let number = totals.processed_record_count + 1;
    let Some(line) = parse_line::<OutputLine<'_>>(number, line)? else {
        return Ok(());
    };
    let outcome = line.outcome(processor);
    totals.processed_record_count += 1;
    *match outcome.status {
        RecordStatus::Failed => &mut totals.error_record_count,
        _ => &mut totals.success_record_count,
    } += 1;
    totals.input_token_count += outcome.input_tokens.unwrap_or_default();
    totals.output_token_count += outcome.output_tokens.unwrap_or_default();
    Ok(())
}
