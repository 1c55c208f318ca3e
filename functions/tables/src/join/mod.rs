//! A chunk's rows with what the model answered: one row out for each row in, in their order, whatever the outputs are.
//!
//! Outputs are read once, as a stream, and may come in any order. Of each record only its answer is kept: in memory up to
//! [`JoinLimits::answer_bytes`], the rest in a temporary file. Ids take about 100 bytes a row, so a chunk of 50,000 takes
//! 5 MB whatever its answers.

mod answers;
mod columns;
mod output;
mod spill;

use std::fmt;
use std::io::{BufRead, Write};
use std::sync::Arc;

use arrow::array::{Array as _, RecordBatch, StringArray};
use arrow::datatypes::{Schema, SchemaRef};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::errors::ParquetError;
use parquet::file::reader::ChunkReader;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use self::answers::Answers;
pub use self::answers::{Answer, Content, OutputCounts, Status};
pub use self::columns::Kind;
use self::output::ResultFile;
pub use self::output::ResultFormat;
use self::spill::Place;
use crate::error::TableError;
use crate::fields::Fields;
use crate::input::{Batches, Limits};
use crate::parquet_file::Shared;
use crate::record_ids::RECORD_ID;

/// How much of a chunk is in memory at once.
#[derive(Clone, Copy, Debug)]
pub struct JoinLimits {
    /// Batches of rows.
    pub rows: Limits,
    /// Bytes of answers in memory; more go to a temporary file.
    pub answer_bytes: usize,
    /// Most bytes of an output line, which repeats the model's input.
    pub line_bytes: u64,
    /// Bytes of a row group of Parquet results.
    pub row_group_bytes: usize,
}

impl Default for JoinLimits {
    fn default() -> Self {
        Self {
            rows: Limits::default(),
            answer_bytes: 64 << 20,
            line_bytes: 64 << 20,
            row_group_bytes: 16 << 20,
        }
    }
}

/// What became of the records of a chunk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChunkCounts {
    /// Rows in, and rows out.
    pub records: u64,
    /// Rows with an answer.
    pub succeeded: u64,
    /// Rows with an error.
    pub failed: u64,
    /// Rows without output: to be redriven.
    pub missing: u64,
    /// Tokens read for the answers that count.
    pub input_tokens: i64,
    /// Tokens written for the answers that count.
    pub output_tokens: i64,
    /// What the output files were like.
    pub outputs: OutputCounts,
}

/// A join of a chunk that takes outputs, and then gives the results.
pub struct Join<R> {
    file: String,
    rows: Shared<R>,
    answers: Answers,
    limits: JoinLimits,
}

impl<R: ChunkReader + 'static> Join<R> {
    /// Reads the ids of a chunk from the Parquet file that was written beside it; `kind` is what the model gives. A record
    /// whose answer is of the other kind has failed with `unreadable_output`.
    ///
    /// # Errors
    /// When the file cannot be read, or its ids are missing, null or not unique.
    pub fn new(file: &str, rows: R, kind: Kind, limits: JoinLimits) -> Result<Self, TableError> {
        let mut join = Self {
            file: file.to_owned(),
            rows: Shared::new(rows),
            answers: Answers::new(kind, limits.answer_bytes),
            limits,
        };
        join.read_ids()?;
        Ok(join)
    }

    /// Reads the output lines of a job. Several files may be read: of several lines for a record, in the order read, the
    /// first success counts, or else the last failure.
    ///
    /// `parse` reads a `modelOutput`. When it cannot, the record has failed with `unreadable_output`, and the others go on.
    ///
    /// # Errors
    /// When the lines cannot be read or are too long, or the temporary file fails.
    pub fn read_outputs<E: fmt::Display>(
        &mut self,
        file: &str,
        job_arn: &str,
        lines: impl BufRead,
        parse: impl Fn(&RawValue) -> Result<Answer, E>,
    ) -> Result<(), TableError> {
        let line_bytes = self.limits.line_bytes;
        self.answers.read(file, job_arn, lines, line_bytes, parse)
    }

    /// Writes the results and gives the output back, whole: `record_id`, the other columns of the input with their types,
    /// `response` or `embedding`, `status`, `error_code`, `error_message`, `stop_reason`, `input_tokens`, `output_tokens`
    /// and `job_arn`.
    ///
    /// # Errors
    /// When rows cannot be read again or results cannot be written.
    pub fn write<W: Write + Send>(
        self,
        name: &str,
        output: W,
        format: ResultFormat,
    ) -> Result<(W, ChunkCounts), TableError> {
        let table = Batches::open(&self.file, self.rows.clone(), self.limits.rows)?;
        let schema = result_schema(table.schema(), self.answers.kind);
        let mut file = ResultFile::new(format, name, output, &schema, self.limits.row_group_bytes)?;
        let mut counts = ChunkCounts {
            outputs: self.answers.counts,
            ..ChunkCounts::default()
        };
        let mut row = 0;
        for batch in table {
            let mut batch = batch?;
            while batch.num_rows() > 0 {
                let rows = self.fitting(row, batch.num_rows());
                let mut columns = batch.slice(0, rows).columns().to_vec();
                columns.extend(columns::columns(&self.answers, row..row + rows)?);
                file.write(&RecordBatch::try_new(SchemaRef::clone(&schema), columns)?)?;
                self.count(row..row + rows, &mut counts);
                row += rows;
                batch = batch.slice(rows, batch.num_rows() - rows);
            }
        }
        Ok((file.finish()?, counts))
    }

    fn read_ids(&mut self) -> Result<(), TableError> {
        let failed = |cause: ParquetError| TableError::Parquet {
            file: self.file.clone(),
            cause,
        };
        let builder =
            ParquetRecordBatchReaderBuilder::try_new(self.rows.clone()).map_err(failed)?;
        Fields::find(builder.schema(), [RECORD_ID])?;
        let id = parquet::arrow::ProjectionMask::columns(builder.parquet_schema(), [RECORD_ID]);
        let reader = builder.with_projection(id).build().map_err(failed)?;
        let mut row = 0;
        for batch in reader {
            let batch = batch?;
            let Some(ids) = batch.column(0).as_any().downcast_ref::<StringArray>() else {
                return Err(TableError::NotText {
                    column: RECORD_ID.to_owned(),
                    data_type: batch.column(0).data_type().to_string(),
                });
            };
            for id in ids {
                row += 1;
                let id = id.ok_or(TableError::EmptyRecordId { row })?;
                if !self.answers.add_row(id) {
                    let id = id.to_owned();
                    return Err(TableError::DuplicateRecordId { id, row });
                }
            }
        }
        Ok(())
    }

    /// How many of `rows` rows have answers that fit in a batch together; at least one.
    fn fitting(&self, first: usize, rows: usize) -> usize {
        let mut bytes = 0;
        let fit = (first..first + rows).take_while(|&row| {
            let payload = self.answers.outcome(row).payload;
            bytes += payload.map_or(0, Place::len);
            bytes <= self.limits.rows.batch_bytes
        });
        fit.count().max(1)
    }

    fn count(&self, rows: std::ops::Range<usize>, counts: &mut ChunkCounts) {
        for outcome in rows.map(|row| self.answers.outcome(row)) {
            counts.records += 1;
            counts.input_tokens += outcome.input_tokens.unwrap_or(0);
            counts.output_tokens += outcome.output_tokens.unwrap_or(0);
            *match outcome.status {
                Status::Succeeded => &mut counts.succeeded,
                Status::Failed => &mut counts.failed,
                Status::Missing => &mut counts.missing,
            } += 1;
        }
    }
}

fn result_schema(rows: &Schema, kind: Kind) -> SchemaRef {
    let added = kind.fields().into_iter().map(Arc::new);
    let fields: Vec<_> = rows.fields().iter().cloned().chain(added).collect();
    Arc::new(Schema::new(fields))
}
