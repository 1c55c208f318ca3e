//! Rows become chunks: `0000.jsonl` for the model, and beside it `0000.parquet` with the rows for the join. Rows of which
//! nothing can be made for the model are in the latter all the same, and their reasons in `0000.rejected.jsonl`.

use std::fmt::Display;
use std::io::Write;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use parquet::schema::types::ColumnPath;
use shared::batch::record::{RejectedLine, write_line_with};

use crate::error::TableError;
use crate::fields::{Fields, Row, Texts};
use crate::files::Files;
use crate::input::Batches;
use crate::parquet_file::{ParquetFile, unique_columns};
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
    /// Rows of each chunk. Rows behind the last chunk are not read.
    pub sizes: &'a [u64],
    /// Bytes of a row group of the rows' Parquet, and so about the memory that writing takes.
    pub row_group_bytes: usize,
}

/// A chunk that has been written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Number of the chunk, from 0.
    pub number: u64,
    /// Rows in it.
    pub records: u64,
    /// Records for the model: the rows that are not rejected.
    pub sent: u64,
    /// Number of its first row in the table, from 0.
    pub first_row: u64,
    /// Name of the file for the model.
    pub inputs: String,
    /// Bytes of that file.
    pub input_bytes: u64,
    /// Name of the file with the rows.
    pub rows: String,
    /// Name of the file with the rejected rows, when there are some.
    pub rejected: Option<String>,
}

/// Writes the chunks of a table, one after the other.
///
/// `model_input` appends what the model is given for a row, as JSON, out of the columns `fields`. When it cannot, the row is
/// rejected: it has no line for the model, and a line with the reason in a file of its own.
///
/// # Errors
/// When a row cannot be read, an id is empty or twice in a chunk, the table is too short, or a file cannot be written.
pub fn write_chunks<F: Files, E: Display>(
    table: Batches,
    fields: &Fields,
    plan: &ChunkPlan<'_>,
    files: &mut F,
    model_input: impl FnMut(&Row<'_>, &mut Vec<u8>) -> Result<(), E>,
) -> Result<Vec<Chunk>, TableError> {
    cut(table, fields, plan, files, true, model_input)
}

/// Writes the lines for the model alone, without the rows beside them, where nothing is to be joined. Tells how many there
/// are.
///
/// # Errors
/// Those of [`write_chunks`].
pub fn write_lines<F: Files, E: Display>(
    table: Batches,
    fields: &Fields,
    plan: &ChunkPlan<'_>,
    files: &mut F,
    model_input: impl FnMut(&Row<'_>, &mut Vec<u8>) -> Result<(), E>,
) -> Result<u64, TableError> {
    let chunks = cut(table, fields, plan, files, false, model_input)?;
    Ok(chunks.iter().map(|chunk| chunk.sent).sum())
}

fn cut<F: Files, E: Display>(
    mut table: Batches,
    fields: &Fields,
    plan: &ChunkPlan<'_>,
    files: &mut F,
    with_rows: bool,
    mut model_input: impl FnMut(&Row<'_>, &mut Vec<u8>) -> Result<(), E>,
) -> Result<Vec<Chunk>, TableError> {
    let schema = chunk_schema(table.schema())?;
    let mut ids = RecordIds::of(table.schema(), plan.run_id)?;
    let mut pending = table.next().transpose()?;
    let unique = pending.as_ref().map(unique_columns).unwrap_or_default();
    let form = with_rows.then(|| RowsForm {
        schema,
        unique: unique.into_iter().chain([RECORD_ID.into()]).collect(),
        row_group_bytes: plan.row_group_bytes,
    });
    let (mut chunks, mut first_row) = (Vec::new(), 0);
    for (number, &size) in (0..).zip(plan.sizes) {
        ids.begin_chunk();
        let mut chunk = ChunkFiles::create(files, number, first_row, form.as_ref())?;
        while chunk.summary.records < size {
            let next = pending.take().map(Ok).or_else(|| table.next());
            let Some(batch) = next.transpose()? else {
                return Err(too_few(plan, first_row + chunk.summary.records));
            };
            let wanted = usize::try_from(size - chunk.summary.records).unwrap_or(usize::MAX);
            let (batch, rest) = split(batch, wanted);
            pending = rest;
            chunk.write(files, &batch, &mut ids, fields, &mut model_input)?;
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

/// How the rows of all chunks are written.
struct RowsForm {
    schema: SchemaRef,
    unique: Vec<ColumnPath>,
    row_group_bytes: usize,
}

/// The files of a chunk.
struct ChunkFiles<W: Write + Send> {
    inputs: W,
    /// With the rows' schema, where they are written.
    rows: Option<(ParquetFile<W>, SchemaRef)>,
    /// Created for the first row that is rejected.
    rejected: Option<W>,
    summary: Chunk,
    /// Lines that were not written yet.
    lines: Vec<u8>,
}

/// Bytes of lines that are written at once.
const LINES: usize = 256 * 1024;

impl<W: Write + Send> ChunkFiles<W> {
    fn create<F: Files<File = W>>(
        files: &mut F,
        number: u64,
        first_row: u64,
        form: Option<&RowsForm>,
    ) -> Result<Self, TableError> {
        let summary = Chunk {
            number,
            records: 0,
            sent: 0,
            first_row,
            inputs: format!("{number:04}.jsonl"),
            input_bytes: 0,
            rows: format!("{number:04}.parquet"),
            rejected: None,
        };
        let inputs = create(files, &summary.inputs)?;
        let rows = form.map(|form| {
            let file = create(files, &summary.rows)?;
            let group = form.row_group_bytes;
            let file = ParquetFile::new(&summary.rows, file, &form.schema, &form.unique, group)?;
            Ok::<_, TableError>((file, SchemaRef::clone(&form.schema)))
        });
        Ok(Self {
            inputs,
            rows: rows.transpose()?,
            rejected: None,
            summary,
            lines: Vec::new(),
        })
    }

    fn write<F: Files<File = W>, E: Display>(
        &mut self,
        files: &mut F,
        batch: &RecordBatch,
        ids: &mut RecordIds,
        fields: &Fields,
        mut model_input: impl FnMut(&Row<'_>, &mut Vec<u8>) -> Result<(), E>,
    ) -> Result<(), TableError> {
        let first = self.summary.first_row + self.summary.records;
        let ids = ids.of_batch(batch, first)?;
        let columns = fields.columns(batch);
        let mut texts = Texts::new(&columns)?;
        for (place, number) in (0..batch.num_rows()).zip(first..) {
            let record_id = ids.value(place);
            texts.read(place)?;
            let row = Row::new(record_id, number, fields, &texts);
            let start = self.lines.len();
            if self.summary.sent > 0 {
                // Lines are parted by line feeds; there is none behind the last.
                self.lines.push(b'\n');
            }
            match write_line_with(record_id, &mut self.lines, |out| model_input(&row, out)) {
                Ok(()) => self.summary.sent += 1,
                Err(reason) => {
                    self.lines.truncate(start);
                    self.reject(files, record_id, &reason.to_string())?;
                }
            }
            if self.lines.len() >= LINES {
                self.write_out()?;
            }
        }
        self.summary.records += batch.num_rows() as u64;
        self.write_rows(batch, ids)
    }

    fn write_rows(&mut self, batch: &RecordBatch, ids: ArrayRef) -> Result<(), TableError> {
        let Some((file, schema)) = &mut self.rows else {
            return Ok(());
        };
        let kept = (batch.schema_ref().fields().iter().zip(batch.columns()))
            .filter(|(field, _)| field.name() != RECORD_ID)
            .map(|(_, column)| ArrayRef::clone(column));
        let columns = std::iter::once(ids).chain(kept).collect();
        file.write(&RecordBatch::try_new(SchemaRef::clone(schema), columns)?)
    }

    fn write_out(&mut self) -> Result<(), TableError> {
        self.inputs
            .write_all(&self.lines)
            .map_err(|cause| write_error(&self.summary.inputs, cause))?;
        self.summary.input_bytes += self.lines.len() as u64;
        self.lines.clear();
        Ok(())
    }

    fn reject<F: Files<File = W>>(
        &mut self,
        files: &mut F,
        record_id: &str,
        reason: &str,
    ) -> Result<(), TableError> {
        let name = format!("{:04}.rejected.jsonl", self.summary.number);
        let file = match &mut self.rejected {
            Some(file) => file,
            none => none.insert(create(files, &name)?),
        };
        let line = RejectedLine {
            record_id: record_id.into(),
            message: reason.into(),
        };
        serde_json::to_writer(&mut *file, &line)
            .map_err(std::io::Error::from)
            .and_then(|()| file.write_all(b"\n"))
            .map_err(|cause| write_error(&name, cause))?;
        self.summary.rejected = Some(name);
        Ok(())
    }

    fn finish<F: Files<File = W>>(mut self, files: &mut F) -> Result<Chunk, TableError> {
        self.write_out()?;
        let Self {
            inputs,
            rows,
            rejected,
            summary,
            ..
        } = self;
        finish(files, &summary.inputs, inputs)?;
        if let Some((rows, _)) = rows {
            finish(files, &summary.rows, rows.finish()?)?;
        }
        if let (Some(name), Some(file)) = (&summary.rejected, rejected) {
            finish(files, name, file)?;
        }
        Ok(summary)
    }
}

fn create<F: Files>(files: &mut F, name: &str) -> Result<F::File, TableError> {
    files.create(name).map_err(|cause| write_error(name, cause))
}

fn finish<F: Files>(files: &mut F, name: &str, file: F::File) -> Result<(), TableError> {
    files
        .finish(name, file)
        .map_err(|cause| write_error(name, cause))
}

fn write_error(name: &str, cause: std::io::Error) -> TableError {
    TableError::Write {
        file: name.to_owned(),
        cause,
    }
}
