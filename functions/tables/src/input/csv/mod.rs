//! CSV files.

mod records;
mod split;

use std::io::Read;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringBuilder};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};

use self::records::Records;
use super::source::Source;
use super::{Batches, Limits, PANDAS_INDEX, check_names};
use crate::error::{CsvProblem, TableError};

/// Bytes that are read at once, while no record is longer.
const BUFFER: usize = 64 * 1024;

pub(super) fn open(file: &str, text: Box<dyn Read>, limits: Limits) -> Result<Batches, TableError> {
    let mut records = Records::new(file, text, limits.record_bytes, BUFFER)?;
    if !records.advance()? {
        return Err(records.error(CsvProblem::NoHeader));
    }
    let header: Vec<_> = records.cells(&[])?.iter().map(str::to_owned).collect();
    check_names(header.iter().map(String::as_str)).map_err(|problem| records.error(problem))?;
    let kept: Vec<usize> = (0..header.len())
        .filter(|&place| header[place] != PANDAS_INDEX)
        .collect();
    let fields: Vec<_> = kept
        .iter()
        .map(|&place| Field::new(&header[place], DataType::Utf8, false))
        .collect();
    let schema = Arc::new(Schema::new(fields));
    let table = CsvTable {
        records,
        header,
        kept,
        schema: SchemaRef::clone(&schema),
        limits,
        capacities: Vec::new(),
    };
    Ok(Batches::new(schema, table))
}

struct CsvTable {
    records: Records,
    header: Vec<String>,
    /// Places of the columns that are given on.
    kept: Vec<usize>,
    schema: SchemaRef,
    limits: Limits,
    /// Bytes of each column in the last batch: about what the next one takes.
    capacities: Vec<usize>,
}

impl Source for CsvTable {
    fn next_batch(&mut self) -> Result<Option<RecordBatch>, TableError> {
        self.capacities.resize(self.kept.len(), 0);
        let mut columns: Vec<_> = (self.capacities.iter())
            .map(|&bytes| StringBuilder::with_capacity(self.limits.batch_rows, bytes))
            .collect();
        let (mut rows, mut bytes) = (0, 0);
        while rows < self.limits.batch_rows
            && bytes < self.limits.batch_bytes
            && self.records.advance()?
        {
            self.check_width()?;
            let cells = self.records.cells(&self.header)?;
            for (column, &place) in columns.iter_mut().zip(&self.kept) {
                column.append_value(cells.get(place));
            }
            rows += 1;
            bytes += cells.bytes();
        }
        if rows == 0 {
            return Ok(None);
        }
        for (capacity, column) in self.capacities.iter_mut().zip(&columns) {
            *capacity = column.values_slice().len();
        }
        let columns: Vec<ArrayRef> = columns
            .iter_mut()
            .map(|column| Arc::new(column.finish()) as ArrayRef)
            .collect();
        let batch = RecordBatch::try_new_with_options(
            SchemaRef::clone(&self.schema),
            columns,
            &arrow::array::RecordBatchOptions::new().with_row_count(Some(rows)),
        )?;
        Ok(Some(batch))
    }

    fn count_rows(&mut self) -> Result<u64, TableError> {
        let mut rows = 0;
        while self.records.advance()? {
            self.check_width()?;
            rows += 1;
        }
        Ok(rows)
    }
}

impl CsvTable {
    fn check_width(&self) -> Result<(), TableError> {
        let (found, expected) = (self.records.width(), self.header.len());
        if found == expected {
            return Ok(());
        }
        Err(self.records.error(CsvProblem::Ragged { found, expected }))
    }
}
