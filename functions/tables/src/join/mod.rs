//! A chunk's rows with what the model answered: one row out for each row in, in their order, whatever the outputs are.
//!
//! Outputs are read once, as a stream, and may come in any order. Of each record only its answer is kept: in memory up to
//! [`JoinLimits::answer_bytes`], the rest in a temporary file. Ids and what is known of a record take about 150 bytes a row, so
//! a chunk of 50,000 takes 8 MB whatever its answers.

mod answers;
mod columns;
mod output;
mod spill;

use std::io::{BufRead, Write};
use std::sync::Arc;

use arrow::array::{Array as _, RecordBatch, StringArray};
use arrow::datatypes::{Schema, SchemaRef};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::errors::ParquetError;
use parquet::file::reader::ChunkReader;
use shared::batch::outcome::RecordCounts;
use shared::batch::processor::{Kind, Processor};

use self::answers::Answers;
pub use self::answers::OutputCounts;
pub(crate) use self::columns::{ERROR_CODE, STATUS};
use self::output::ResultFile;
pub use self::output::ResultFormat;
use self::spill::Place;
use crate::error::TableError;
use crate::fields::Fields;
use crate::input::{Batches, Limits};
use crate::parquet_file::{Shared, unique_columns};
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
            answer_bytes: 24 << 20,
            line_bytes: 64 << 20,
            row_group_bytes: 8 << 20,
        }
    }
}

/// What was joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Joined {
    /// What became of the rows.
    pub counts: RecordCounts,
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
    /// Reads the ids of a chunk from the Parquet file that was written beside it; `kind` is what the model gives.
    ///
    /// # Errors
    /// When the file cannot be read, or its ids are missing, null or not unique.
    pub fn new(file: &str, rows: R, kind: Kind, limits: JoinLimits) -> Result<Self, TableError> {
        let mut join = Self {
            file: file.to_owned(),
            rows: Shared::new(rows),
            answers: Answers::new(kind, limits.answer_bytes)?,
            limits,
        };
        join.read_ids()?;
        Ok(join)
    }

    /// Reads the output lines of a job. Several files may be read: of several lines for a record, in the order read, the
    /// first success counts, or else the last line. What `processor` cannot read is an outcome of its record, and the others
    /// go on; a line that is no record at all is counted, and its row stays missing.
    ///
    /// # Errors
    /// When the lines cannot be read or are too long, or the temporary file fails.
    pub fn read_outputs(
        &mut self,
        file: &str,
        job_arn: &str,
        lines: impl BufRead,
        processor: &dyn Processor,
    ) -> Result<(), TableError> {
        let line_bytes = self.limits.line_bytes;
        self.answers
            .read(file, job_arn, lines, line_bytes, processor)
    }

    /// Reads the rows that were not sent, from the file that was written beside the chunk.
    ///
    /// # Errors
    /// When the lines cannot be read, or are not rejected rows of this chunk.
    pub fn read_rejected(&mut self, file: &str, lines: impl BufRead) -> Result<(), TableError> {
        self.answers.read_rejected(file, lines)
    }

    /// Says, in the rows without output, why they have none; otherwise they say that the job wrote none.
    ///
    /// # Errors
    /// When the temporary file fails.
    pub fn explain_missing(&mut self, message: &str) -> Result<(), TableError> {
        self.answers.explain_missing(message)
    }

    /// Writes the results and gives the output back, whole: `record_id`, the other columns of the input with their types,
    /// `response` or `embedding`, `status`, `error_code`, `error_message`, `stop_reason`, `input_tokens`, `output_tokens`
    /// and `job_arn`. May be called again, for another format.
    ///
    /// # Errors
    /// When rows cannot be read again or results cannot be written.
    pub fn write<W: Write + Send>(
        &self,
        name: &str,
        output: W,
        format: ResultFormat,
    ) -> Result<(W, Joined), TableError> {
        let table = Batches::open(&self.file, self.rows.clone(), self.limits.rows)?;
        let schema = result_schema(table.schema(), self.answers.kind);
        let mut table = table.peekable();
        let mut unique = columns::unique_columns(self.answers.kind);
        if let Some(Ok(first)) = table.peek() {
            unique.extend(unique_columns(first));
        }
        let group = self.limits.row_group_bytes;
        let mut file = ResultFile::new(format, name, output, &schema, &unique, group)?;
        let mut counts = RecordCounts::default();
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
        let outputs = self.answers.counts;
        Ok((file.finish()?, Joined { counts, outputs }))
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
            let payload = self.answers.known(row).payload;
            bytes += payload.map_or(0, Place::len);
            bytes <= self.limits.rows.batch_bytes
        });
        fit.count().max(1)
    }

    fn count(&self, rows: std::ops::Range<usize>, counts: &mut RecordCounts) {
        for known in rows.map(|row| self.answers.known(row)) {
            counts.count(known.status, known.error_code);
            counts.input_tokens += known.input_tokens.unwrap_or_default();
            counts.output_tokens += known.output_tokens.unwrap_or_default();
        }
    }
}

fn result_schema(rows: &Schema, kind: Kind) -> SchemaRef {
    let added = columns::fields(kind).into_iter().map(Arc::new);
    let fields: Vec<_> = rows.fields().iter().cloned().chain(added).collect();
    Arc::new(Schema::new(fields))
}
