//! A chunk's rows with what the model answered: one row out for each row in, in their order, whatever the outputs are.
//!
//! Outputs are read once, as a stream, and may come in any order. Of each record only its answer is kept: in memory up to
//! [`JoinLimits::answer_bytes`], the rest in a temporary file. Ids and what is known of a record take about 150 bytes a row, so
//! a chunk of 50,000 takes 8 MB whatever its answers.

mod answers;
mod columns;
mod output;
mod rows;
mod spill;

use std::io::{BufRead, Write};
use std::ops::Range;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::{Schema, SchemaRef};
use parquet::file::reader::ChunkReader;
use shared::batch::outcome::RecordCounts;
use shared::batch::processor::{Kind, Processor};

use self::answers::Answers;
pub use self::answers::OutputCounts;
pub(crate) use self::columns::{ERROR_CODE, STATUS};
use self::output::ResultFile;
pub use self::output::ResultFormat;
use self::rows::Rows;
use self::spill::Place;
use crate::error::TableError;
use crate::input::Limits;
use crate::parquet_file::ParquetFile;

/// Most bytes of answers beside columns that are copied, in row groups: text halves when it is compressed.
const COPIED_GROUPS: usize = 2;

/// How much of a chunk is in memory at once.
#[derive(Clone, Copy, Debug)]
pub struct JoinLimits {
    /// Batches of rows.
    pub rows: Limits,
    /// Bytes of answers in memory; more go to a temporary file.
    pub answer_bytes: usize,
    /// Most bytes of an output line, which repeats the model's input.
    pub line_bytes: u64,
    /// Bytes of a row group of Parquet results, where it is not one of the rows.
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
    rows: Rows<R>,
    answers: Answers,
    limits: JoinLimits,
}

impl<R: ChunkReader + 'static> Join<R> {
    /// Reads the ids of a chunk from the Parquet file that was written beside it; `kind` is what the model gives.
    ///
    /// # Errors
    /// When the file cannot be read, or its ids are missing, null or not unique.
    pub fn new(file: &str, rows: R, kind: Kind, limits: JoinLimits) -> Result<Self, TableError> {
        let rows = Rows::open(file, rows, limits.rows)?;
        let mut answers = Answers::new(kind, limits.answer_bytes)?;
        rows.each_id(|row, id| {
            if answers.add_row(id) {
                return Ok(());
            }
            let id = id.to_owned();
            Err(TableError::DuplicateRecordId { id, row })
        })?;
        Ok(Self {
            rows,
            answers,
            limits,
        })
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
        let schema = result_schema(self.rows.schema(), self.answers.kind);
        let mut unique = columns::unique_columns(self.answers.kind);
        unique.extend(self.rows.unique_columns());
        let group_bytes = self.limits.row_group_bytes;
        let mut file = ResultFile::new(format, name, output, &schema, &unique, group_bytes)?;
        let mut first = 0;
        for (number, group) in self.rows.groups().iter().enumerate() {
            let count = usize::try_from(group.num_rows()).unwrap_or_default();
            let rows = first..first + count;
            match &mut file {
                ResultFile::Parquet(file) if self.can_copy(file, rows.clone()) => {
                    let added = self.added(rows.clone());
                    file.write_beside(&self.rows.source, group, added)?;
                }
                file => self.write_decoded(number, rows.clone(), file, &schema)?,
            }
            first = rows.end;
        }
        let joined = Joined {
            counts: self.counts(0..first),
            outputs: self.answers.counts,
        };
        Ok((file.finish()?, joined))
    }

    /// Whether the columns of a row group can stay as they are: the answers beside them, which are in memory together then,
    /// compressed, must not be long.
    fn can_copy<W: Write + Send>(&self, file: &ParquetFile<W>, rows: Range<usize>) -> bool {
        let bytes: usize = rows.map(|row| self.answer_bytes(row)).sum();
        bytes <= COPIED_GROUPS * self.limits.row_group_bytes
            && file.begins_with(self.rows.columns())
    }

    fn write_decoded<W: Write + Send>(
        &self,
        group: usize,
        rows: Range<usize>,
        file: &mut ResultFile<W>,
        schema: &SchemaRef,
    ) -> Result<(), TableError> {
        let mut first = rows.start;
        for batch in self.rows.batches(group)? {
            let mut batch = batch?;
            while batch.num_rows() > 0 {
                let count = self.fitting(first..first + batch.num_rows());
                let mut columns = batch.slice(0, count).columns().to_vec();
                columns.extend(columns::columns(&self.answers, first..first + count)?);
                file.write(&RecordBatch::try_new(SchemaRef::clone(schema), columns)?)?;
                first += count;
                batch = batch.slice(count, batch.num_rows() - count);
            }
        }
        Ok(())
    }

    /// The added columns of the rows, in batches.
    fn added(&self, rows: Range<usize>) -> impl Iterator<Item = Result<Vec<ArrayRef>, TableError>> {
        let mut rest = rows;
        std::iter::from_fn(move || {
            let most = rest.len().min(self.limits.rows.batch_rows);
            let count = self.fitting(rest.start..rest.start + most);
            let rows = rest.start..rest.start + count.min(rest.len());
            rest.start = rows.end;
            (!rows.is_empty()).then(|| columns::columns(&self.answers, rows))
        })
    }

    /// How many of the rows have answers that fit in a batch together; at least one.
    fn fitting(&self, rows: Range<usize>) -> usize {
        let mut bytes = 0;
        let fit = rows.take_while(|&row| {
            bytes += self.answer_bytes(row);
            bytes <= self.limits.rows.batch_bytes
        });
        fit.count().max(1)
    }

    fn answer_bytes(&self, row: usize) -> usize {
        self.answers.known(row).payload.map_or(0, Place::len)
    }

    fn counts(&self, rows: Range<usize>) -> RecordCounts {
        let mut counts = RecordCounts::default();
        for known in rows.map(|row| self.answers.known(row)) {
            counts.count(known.status, known.error_code);
            counts.input_tokens += known.input_tokens.unwrap_or_default();
            counts.output_tokens += known.output_tokens.unwrap_or_default();
        }
        counts
    }
}

fn result_schema(rows: &Schema, kind: Kind) -> SchemaRef {
    let added = columns::fields(kind).into_iter().map(Arc::new);
    let fields: Vec<_> = rows.fields().iter().cloned().chain(added).collect();
    Arc::new(Schema::new(fields))
}
