//! Rows become chunks: `0000.jsonl` for the model, and beside it `0000.parquet` with the rows for the join.

use std::io::Write;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use serde::{Deserialize, Serialize};

use crate::error::TableError;
use crate::fields::{Cell, Fields, Row, Texts};
use crate::files::Files;
use crate::input::Batches;
use crate::parquet_file::ParquetFile;
use crate::record_ids::{RECORD_ID, RecordIds};

/// Columns that results add, which an input therefore must not have.
pub const RESULT_COLUMNS: [&str; 9] = [
    "response",
    "embedding",
    "status",
    "error_code",
    "error_message",
    "stop_reason",
    "input_tokens",
    "output_tokens",
    "job_arn",
];

/// How a table is cut.
#[derive(Clone, Copy, Debug)]
pub struct ChunkPlan<'a> {
    /// Id of the run: with the number of a row it makes the row's id, where the table brings none.
    pub run_id: &'a str,
    /// Records of each chunk. Rows behind the last chunk are not read.
    pub sizes: &'a [u64],
    /// Bytes of a row group of the rows' Parquet, and so about the memory that writing takes.
    pub row_group_bytes: usize,
}

/// A chunk that has been written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chunk {
    /// Number of the chunk, from 0.
    pub number: u32,
    /// Records in it.
    pub records: u64,
    /// Number of its first row in the table, from 0.
    pub first_row: u64,
    /// Name of the file for the model.
    pub inputs: String,
    /// Bytes of that file.
    pub input_bytes: u64,
    /// Name of the file with the rows.
    pub rows: String,
}

/// Why chunks could not be written; `E` is what the model inputs may fail with.
#[derive(Debug, thiserror::Error)]
pub enum ChunkError<E> {
    /// The table or the destination.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A row has no model input.
    #[error("row {row} (`{record_id}`): {cause}")]
    Row {
        /// Number of the row, from 1.
        row: u64,
        /// Its id.
        record_id: String,
        /// Why.
        cause: E,
    },
}

/// Writes the chunks of a table, one after the other.
///
/// `model_input` makes what the model is given for a row, out of the columns `fields`.
///
/// # Errors
/// When a row cannot be read or has no model input, an id is empty or twice in a chunk, the table is too short, or a file
/// cannot be written.
pub fn write_chunks<F: Files, T: Serialize, E>(
    mut table: Batches,
    fields: &Fields,
    plan: &ChunkPlan<'_>,
    files: &mut F,
    model_input: impl Fn(&Row<'_>) -> Result<T, E>,
) -> Result<Vec<Chunk>, ChunkError<E>> {
    let schema = chunk_schema(table.schema())?;
    let mut ids = RecordIds::of(table.schema(), plan.run_id)?;
    let mut pending: Option<RecordBatch> = None;
    let (mut chunks, mut first_row) = (Vec::new(), 0);
    for (number, &size) in (0..).zip(plan.sizes) {
        ids.begin_chunk();
        let mut chunk = ChunkFiles::create(files, number, first_row, &schema, plan)?;
        while chunk.summary.records < size {
            let next = pending.take().map(Ok).or_else(|| table.next());
            let Some(batch) = next.transpose()? else {
                return Err(too_few(plan, first_row + chunk.summary.records).into());
            };
            let wanted = usize::try_from(size - chunk.summary.records).unwrap_or(usize::MAX);
            let (batch, rest) = split(batch, wanted);
            pending = rest;
            chunk.write(&batch, &mut ids, fields, &model_input)?;
        }
        first_row += size;
        chunks.push(chunk.finish(files)?);
    }
    Ok(chunks)
}

/// The schema of the rows beside a chunk: the id, then the columns of the table.
fn chunk_schema(table: &Schema) -> Result<SchemaRef, TableError> {
    let names = table.fields().iter().map(|field| field.name().as_str());
    if let Some(column) = names.into_iter().find(|name| RESULT_COLUMNS.contains(name)) {
        return Err(TableError::ReservedColumn {
            column: column.to_owned(),
        });
    }
    let id = Arc::new(Field::new(RECORD_ID, DataType::Utf8, false));
    let others = table
        .fields()
        .iter()
        .filter(|field| field.name() != RECORD_ID);
    let fields: Vec<_> = std::iter::once(id).chain(others.cloned()).collect();
    Ok(Arc::new(Schema::new(fields)))
}

fn too_few(plan: &ChunkPlan<'_>, found: u64) -> TableError {
    TableError::TooFewRows {
        expected: plan.sizes.iter().sum(),
        found,
    }
}

fn split(batch: RecordBatch, wanted: usize) -> (RecordBatch, Option<RecordBatch>) {
    let rows = batch.num_rows();
    if rows <= wanted {
        return (batch, None);
    }
    let rest = batch.slice(wanted, rows - wanted);
    (batch.slice(0, wanted), Some(rest))
}

/// A line of the file for the model.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line<'a, T> {
    record_id: &'a str,
    model_input: &'a T,
}

/// The two files of a chunk.
struct ChunkFiles<W: Write + Send> {
    inputs: W,
    rows: ParquetFile<W>,
    schema: SchemaRef,
    summary: Chunk,
    cells: Vec<Cell>,
    line: Vec<u8>,
}

impl<W: Write + Send> ChunkFiles<W> {
    fn create<F: Files<File = W>>(
        files: &mut F,
        number: u32,
        first_row: u64,
        schema: &SchemaRef,
        plan: &ChunkPlan<'_>,
    ) -> Result<Self, TableError> {
        let summary = Chunk {
            number,
            records: 0,
            first_row,
            inputs: format!("{number:04}.jsonl"),
            input_bytes: 0,
            rows: format!("{number:04}.parquet"),
        };
        let mut create = |name: &str| files.create(name).map_err(|cause| write_error(name, cause));
        let inputs = create(&summary.inputs)?;
        let rows = create(&summary.rows)?;
        let rows = ParquetFile::new(
            &summary.rows,
            rows,
            schema,
            &[RECORD_ID],
            plan.row_group_bytes,
        )?;
        Ok(Self {
            inputs,
            rows,
            schema: SchemaRef::clone(schema),
            summary,
            cells: Vec::new(),
            line: Vec::new(),
        })
    }

    fn write<T: Serialize, E>(
        &mut self,
        batch: &RecordBatch,
        ids: &mut RecordIds,
        fields: &Fields,
        model_input: impl Fn(&Row<'_>) -> Result<T, E>,
    ) -> Result<(), ChunkError<E>> {
        let first = self.summary.first_row + self.summary.records;
        let ids = ids.of_batch(batch, first)?;
        let columns = fields.columns(batch)?;
        let texts = Texts::new(&columns)?;
        for (place, number) in (0..batch.num_rows()).zip(first..) {
            let record_id = ids.value(place);
            texts.read(place, &mut self.cells)?;
            let input = model_input(&Row::new(record_id, number, fields, &self.cells)).map_err(
                |cause| ChunkError::Row {
                    row: number + 1,
                    record_id: record_id.to_owned(),
                    cause,
                },
            )?;
            self.write_line(record_id, &input)?;
        }
        let kept = (batch.schema_ref().fields().iter().zip(batch.columns()))
            .filter(|(field, _)| field.name() != RECORD_ID)
            .map(|(_, column)| ArrayRef::clone(column));
        let columns = std::iter::once(ids as ArrayRef).chain(kept).collect();
        let rows = RecordBatch::try_new(SchemaRef::clone(&self.schema), columns)
            .map_err(TableError::from)?;
        self.rows.write(&rows)?;
        Ok(())
    }

    /// Lines are parted by line feeds; there is none behind the last.
    fn write_line<T: Serialize>(&mut self, record_id: &str, input: &T) -> Result<(), TableError> {
        self.line.clear();
        if self.summary.records > 0 {
            self.line.push(b'\n');
        }
        let line = Line {
            record_id,
            model_input: input,
        };
        serde_json::to_writer(&mut self.line, &line)
            .map_err(std::io::Error::from)
            .and_then(|()| self.inputs.write_all(&self.line))
            .map_err(|cause| write_error(&self.summary.inputs, cause))?;
        self.summary.records += 1;
        self.summary.input_bytes += self.line.len() as u64;
        Ok(())
    }

    fn finish<F: Files<File = W>>(self, files: &mut F) -> Result<Chunk, TableError> {
        let mut finish = |name: &str, file| {
            files
                .finish(name, file)
                .map_err(|cause| write_error(name, cause))
        };
        finish(&self.summary.inputs, self.inputs)?;
        finish(&self.summary.rows, self.rows.finish()?)?;
        Ok(self.summary)
    }
}

fn write_error(name: &str, cause: std::io::Error) -> TableError {
    TableError::Write {
        file: name.to_owned(),
        cause,
    }
}
