//! The first rows of a downloaded result.

use std::fs::File;
use std::path::PathBuf;

use arrow::array::{Array as _, RecordBatch};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use tables::TableError;
use tables::input::{Batches, Limits};

use super::BatchError;
use super::error::file;
use super::figures::shortened;
use crate::query::ResultTable;

/// Characters of a cell that a terminal is shown.
const CELL: usize = 60;

/// The first rows of files that are one table. With `whole`, cells are not cut to what a terminal can show.
pub(crate) fn first_rows(
    files: &[PathBuf],
    wanted: usize,
    whole: bool,
) -> Result<ResultTable, BatchError> {
    let mut table = ResultTable::default();
    for path in files {
        if table.rows.len() >= wanted && !table.columns.is_empty() {
            break;
        }
        let source = File::open(path).map_err(file("read", path))?;
        let name = path.display().to_string();
        let batches = Batches::open(&name, source, Limits::default())?;
        if table.columns.is_empty() {
            let fields = batches.schema().fields().iter();
            table.columns = fields.map(|field| field.name().clone()).collect();
        }
        for batch in batches {
            let room = wanted - table.rows.len();
            if room == 0 {
                break;
            }
            table.rows.extend(cells(&batch?, room, whole)?);
        }
    }
    Ok(table)
}

fn cells(
    batch: &RecordBatch,
    room: usize,
    whole: bool,
) -> Result<Vec<Vec<Option<String>>>, BatchError> {
    let options = FormatOptions::new();
    let columns = batch
        .columns()
        .iter()
        .map(|column| Ok((column, ArrayFormatter::try_new(column.as_ref(), &options)?)))
        .collect::<Result<Vec<_>, TableError>>()?;
    let cell = |row: usize| {
        columns.iter().map(move |(column, formatter)| {
            column.is_valid(row).then(|| {
                let text = formatter.value(row).to_string();
                if whole { text } else { shortened(&text, CELL) }
            })
        })
    };
    let rows = 0..batch.num_rows().min(room);
    Ok(rows.map(|row| cell(row).collect()).collect())
}
