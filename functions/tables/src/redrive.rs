//! Another try: which rows of a chunk are worth it, and what was sent for them.

use std::collections::BTreeSet;
use std::io::{BufRead, Write};

use arrow::array::{Array as _, AsArray as _, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use parquet::file::reader::ChunkReader;
use shared::batch::outcome::RecordStatus;
use shared::batch::record::{InputLine, parse_line};

use crate::error::TableError;
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
    for batch in Batches::of_columns(file, result, &columns, Limits::default())? {
        let batch = batch?;
        let (id, status) = (text(&batch, RECORD_ID)?, text(&batch, STATUS)?);
        let code = text(&batch, ERROR_CODE)?;
        for row in 0..batch.num_rows() {
            let status = RecordStatus::of_word(status.value(row)).ok_or_else(|| {
                damaged(
                    file,
                    &format!("`{}` is not a status of a record", status.value(row)),
                )
            })?;
            let code = code.is_valid(row).then(|| code.value(row).parse().ok());
            if status.is_worth_another_try(code.flatten()) {
                ids.insert(id.value(row).to_owned());
            }
        }
    }
    Ok(ids)
}

/// A column as text, whatever its encoding.
fn text(batch: &RecordBatch, name: &str) -> Result<StringArray, TableError> {
    let column = batch.column(batch.schema_ref().index_of(name)?);
    Ok(cast(column, &DataType::Utf8)?.as_string().clone())
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
