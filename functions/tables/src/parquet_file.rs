//! Parquet files that are read twice, and written with bounded memory.

use std::collections::HashSet;
use std::io::Write;
use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, RecordBatch};
use arrow::datatypes::SchemaRef;
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::errors::Result as ParquetResult;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::reader::{ChunkReader, Length};
use parquet::schema::types::ColumnPath;

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
    writer: ArrowWriter<W>,
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
        let writer =
            ArrowWriter::try_new(output, SchemaRef::clone(schema), Some(properties.build()))
                .map_err(|cause| write_error(name, cause))?;
        Ok(Self {
            name: name.to_owned(),
            writer,
            row_group_bytes,
        })
    }

    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<(), TableError> {
        let mut written = self.writer.write(batch);
        if written.is_ok() && self.writer.in_progress_size() >= self.row_group_bytes {
            written = self.writer.flush();
        }
        written.map_err(|cause| write_error(&self.name, cause))
    }

    /// Writes the footer and gives the output back.
    pub(crate) fn finish(self) -> Result<W, TableError> {
        let Self { name, writer, .. } = self;
        writer
            .into_inner()
            .map_err(|cause| write_error(&name, cause))
    }
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
