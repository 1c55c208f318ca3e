//! Parquet files that are read twice, and written with bounded memory.

use std::collections::HashSet;
use std::io::Write;
use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, RecordBatch};
use arrow::datatypes::{FieldRef, SchemaRef};
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::{ArrowColumnWriter, ArrowRowGroupWriterFactory, compute_leaves};
use parquet::basic::Compression;
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::Result as ParquetResult;
use parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::reader::{ChunkReader, Length};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{ColumnPath, SchemaDescriptor};

use crate::error::TableError;

/// A source of byte ranges that several readers share.
pub(crate) struct Shared<R>(Arc<R>);

impl<R> Shared<R> {
    pub(crate) fn new(source: R) -> Self {
        Self(Arc::new(source))
    }
}

impl<R> Clone for Shared<R> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<R: ChunkReader> Length for Shared<R> {
    fn len(&self) -> u64 {
        self.0.len()
    }
}

impl<R: ChunkReader> ChunkReader for Shared<R> {
    type T = R::T;

    fn get_read(&self, start: u64) -> ParquetResult<Self::T> {
        self.0.get_read(start)
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        self.0.get_bytes(start, length)
    }
}

/// Bytes of a page before compression. One of each column is in memory.
const PAGE_BYTES: usize = 256 << 10;

/// Writes batches as Snappy Parquet, a row group whenever `row_group_bytes` have gathered.
pub(crate) struct ParquetFile<W: Write + Send> {
    name: String,
    file: SerializedFileWriter<W>,
    columns: ArrowRowGroupWriterFactory,
    schema: SchemaRef,
    /// The columns of the row group that gathers; none before its first batch.
    group: Vec<ArrowColumnWriter>,
    row_group_bytes: usize,
}

impl<W: Write + Send> ParquetFile<W> {
    /// `unique` are columns whose values hardly repeat, see [`unique_columns`].
    pub(crate) fn new(
        name: &str,
        output: W,
        schema: &SchemaRef,
        unique: &[ColumnPath],
        row_group_bytes: usize,
    ) -> Result<Self, TableError> {
        let mut properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_data_page_size_limit(PAGE_BYTES)
            .set_statistics_enabled(EnabledStatistics::Chunk);
        for path in unique {
            properties = properties
                .set_column_dictionary_enabled(path.clone(), false)
                .set_column_statistics_enabled(path.clone(), EnabledStatistics::None);
        }
        let schema = SchemaRef::clone(schema);
        let writer =
            ArrowWriter::try_new(output, SchemaRef::clone(&schema), Some(properties.build()));
        let (file, columns) = writer
            .and_then(ArrowWriter::into_serialized_writer)
            .map_err(|cause| write_error(name, cause))?;
        Ok(Self {
            name: name.to_owned(),
            file,
            columns,
            schema,
            group: Vec::new(),
            row_group_bytes,
        })
    }

    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<(), TableError> {
        let written = self.gather(batch);
        written.map_err(|cause| write_error(&self.name, cause))
    }

    fn gather(&mut self, batch: &RecordBatch) -> ParquetResult<()> {
        if self.group.is_empty() {
            self.group = self.new_columns()?;
        }
        append(&mut self.group, self.schema.fields(), batch.columns())?;
        let sizes = self.group.iter();
        let bytes: usize = sizes
            .map(ArrowColumnWriter::get_estimated_total_bytes)
            .sum();
        if bytes < self.row_group_bytes {
            return Ok(());
        }
        self.flush()
    }

    fn new_columns(&self) -> ParquetResult<Vec<ArrowColumnWriter>> {
        let number = self.file.flushed_row_groups().len();
        self.columns.create_column_writers(number)
    }

    fn flush(&mut self) -> ParquetResult<()> {
        let group = std::mem::take(&mut self.group);
        if group.is_empty() {
            return Ok(());
        }
        let mut row_group = self.file.next_row_group()?;
        for column in group {
            column.close()?.append_to_row_group(&mut row_group)?;
        }
        row_group.close()?;
        Ok(())
    }

    /// Whether the first columns of this file are just these, so that they can be copied from a file that has them.
    pub(crate) fn begins_with(&self, columns: &SchemaDescriptor) -> bool {
        let ours = self.file.schema_descr().columns();
        ours.starts_with(columns.columns())
    }

    /// Writes a row group whose first columns are those of a row group of another file, copied as they are, compressed and
    /// all: they are neither decoded nor encoded. `added` are the other columns, in batches, all of which is in memory,
    /// compressed, until the end.
    pub(crate) fn write_beside<R: ChunkReader>(
        &mut self,
        source: &R,
        rows: &RowGroupMetaData,
        added: impl Iterator<Item = Result<Vec<ArrayRef>, TableError>>,
    ) -> Result<(), TableError> {
        let name = self.name.clone();
        let failed = |cause| write_error(&name, cause);
        self.flush().map_err(failed)?;
        let mut group = self.new_columns().map_err(failed)?;
        let mut group = group.split_off(rows.num_columns());
        for arrays in added {
            let arrays = arrays?;
            let fields = &self.schema.fields()[self.schema.fields().len() - arrays.len()..];
            append(&mut group, fields, &arrays).map_err(failed)?;
        }
        self.splice(source, rows, group).map_err(failed)
    }

    fn splice<R: ChunkReader>(
        &mut self,
        source: &R,
        rows: &RowGroupMetaData,
        added: Vec<ArrowColumnWriter>,
    ) -> ParquetResult<()> {
        let mut row_group = self.file.next_row_group()?;
        for column in rows.columns() {
            row_group.append_column(source, as_closed(column, rows)?)?;
        }
        for column in added {
            column.close()?.append_to_row_group(&mut row_group)?;
        }
        row_group.close()?;
        Ok(())
    }

    /// Writes the footer and gives the output back.
    pub(crate) fn finish(mut self) -> Result<W, TableError> {
        self.flush()
            .and_then(|()| self.file.into_inner())
            .map_err(|cause| write_error(&self.name, cause))
    }
}

fn append(
    columns: &mut [ArrowColumnWriter],
    fields: &[FieldRef],
    arrays: &[ArrayRef],
) -> ParquetResult<()> {
    let mut columns = columns.iter_mut();
    for (field, array) in fields.iter().zip(arrays) {
        // A nested field has several columns.
        for (leaf, column) in compute_leaves(field, array)?.iter().zip(&mut columns) {
            column.write(leaf)?;
        }
    }
    Ok(())
}

/// A column that was read, as if it had just been written. Indexes are left out: where they point to has changed.
fn as_closed(
    column: &ColumnChunkMetaData,
    rows: &RowGroupMetaData,
) -> ParquetResult<ColumnCloseResult> {
    Ok(ColumnCloseResult {
        bytes_written: u64::try_from(column.compressed_size())?,
        rows_written: u64::try_from(rows.num_rows())?,
        metadata: column.clone(),
        bloom_filter: None,
        column_index: None,
        offset_index: None,
    })
}

/// The text columns of a table whose values hardly repeat, judged by its first rows. A dictionary of them and statistics
/// about them would cost a fifth of the time of writing, and save nothing.
pub(crate) fn unique_columns(first: &RecordBatch) -> Vec<ColumnPath> {
    let columns = first.schema_ref().fields().iter().zip(first.columns());
    columns
        .filter(|(_, column)| hardly_repeats(column))
        .map(|(field, _)| ColumnPath::new(vec![field.name().clone()]))
        .collect()
}

fn hardly_repeats(column: &ArrayRef) -> bool {
    let Some(texts) = column.as_string_opt::<i32>() else {
        return false;
    };
    let distinct: HashSet<&str> = texts.iter().flatten().collect();
    distinct.len() > texts.len() / 2
}

fn write_error(name: &str, cause: parquet::errors::ParquetError) -> TableError {
    TableError::WriteParquet {
        file: name.to_owned(),
        cause,
    }
}
