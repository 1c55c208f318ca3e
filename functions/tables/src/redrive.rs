//! Another try: which rows of a chunk are worth it, and what was sent for them.

use std::collections::BTreeSet;
use std::io::{BufRead, Write};

use parquet::file::reader::ChunkReader;
use shared::batch::outcome::RecordStatus;
use shared::batch::record::{InputLine, parse_line};

use crate::error::TableError;
use crate::fields::{Fields, Texts};
use crate::input::{Batches, Limits};
use crate::join::{ERROR_CODE, STATUS};
use crate::lines::{LINE_BYTES, damaged, each_line};
use crate::record_ids::RECORD_ID;

/// The ids of the rows of a result, Parquet, that are worth another try: those without output, and those that failed while
/// the service was busy or unwell.
///
/// # Errors
/// When the file cannot be read, or is not a result.
pub fn unfinished<R: ChunkReader + 'static>(
    file: &str,
    result: R,
) -> Result<BTreeSet<String>, TableError> {
    let mut ids = BTreeSet::new();
    let columns = [RECORD_ID, STATUS, ERROR_CODE];
    let batches = Batches::of_columns(file, result, &columns, Limits::default())?;
    let fields = Fields::find(batches.schema(), columns)?;
    for batch in batches {
        let batch = batch?;
        let columns = fields.columns(&batch);
        let mut texts = Texts::new(&columns)?;
        for row in 0..batch.num_rows() {
            texts.read(row)?;
            let [id, word, code] = [0, 1, 2].map(|place| texts.get(place));
            let word = word.unwrap_or_default();
            let status = RecordStatus::of_word(word)
                .ok_or_else(|| damaged(file, &format!("`{word}` is not a status of a record")))?;
            if status.is_worth_another_try(code.and_then(|code| code.parse().ok())) {
                ids.insert(id.unwrap_or_default().to_owned());
            }
        }
    }
    Ok(ids)
}

/// Copies the lines of an input file whose `recordId` is in `ids`, byte for byte, and tells how many there were. They may be
/// fewer than the ids: a rejected row has no line.
///
/// # Errors
/// When a line cannot be read or is not a record, or the copy cannot be written.
pub fn filter_lines(
    file: &str,
    lines: impl BufRead,
    ids: &BTreeSet<String>,
    mut out: impl Write,
) -> Result<u64, TableError> {
    let mut kept = 0;
    each_line(file, lines, LINE_BYTES, |number, line| {
        let record = parse_line::<InputLine<'_>>(number, line);
        let Some(record) = record.map_err(|error| damaged(file, &error))? else {
            return Ok(());
        };
        if !ids.contains(record.record_id.as_ref()) {
            return Ok(());
        }
        let feed: &[u8] = if kept > 0 { b"\n" } else { b"" };
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        kept += 1;
        out.write_all(feed)
            .and_then(|()| out.write_all(line))
            .map_err(|cause| TableError::Write {
                file: format!("the copy of {file}"),
                cause,
            })
    })?;
    Ok(kept)
}
