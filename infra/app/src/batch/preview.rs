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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_shown_up_to_the_number_asked_for_over_files() {
        let folder = tempfile::tempdir().unwrap();
        let answer = "long ".repeat(40);
        let write = |name: &str, text: String| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        let files = [
            write(
                "0.csv",
                format!("id,response\n1,{answer}\n2,\u{1b}[2Jcleared\n"),
            ),
            write("1.csv", "id,response\n3,third\n4,fourth\n".to_owned()),
        ];
        let table = first_rows(&files, 3, false).unwrap();
        assert_eq!(table.columns, ["id", "response"]);
        let responses: Vec<_> = table.rows.iter().filter_map(|row| row[1].clone()).collect();
        assert_eq!(responses[0].chars().count(), CELL);
        assert_eq!(responses[1..], [" [2Jcleared", "third"]);
        let whole = first_rows(&files, 1, true).unwrap();
        assert_eq!(whole.rows[0][1].as_deref(), Some(answer.as_str()));
    }
}
