//! Parquet files in and out of Arrow: one schema for files of different ages.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray, new_null_array};
use arrow::compute::BatchCoalescer;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::error::ArrowError;
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};

/// Identifies a row within its partition.
pub(crate) const ID: &str = "id";
/// Orders the versions of a row: ISO 8601 in UTC, so that the order of texts is the order of times.
pub(crate) const PROCESSED_AT: &str = "processed_at";

/// Rows that are in memory at a time when a compacted file is read or written.
pub(crate) const BATCH_ROWS: usize = 8_192;
/// Rows of a row group: what a query reads or skips as a whole.
const ROW_GROUP_ROWS: usize = 100_000;

/// Why a file cannot be part of a compacted one.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TableError {
    /// Not Parquet, or broken.
    #[error("not a readable Parquet file: {0}")]
    Parquet(#[from] ParquetError),
    /// Broken inside.
    #[error("not a readable Parquet file: {0}")]
    Arrow(#[from] ArrowError),
    /// Lacks a column that tells rows apart.
    #[error("it has no text column `{0}` without nulls, so its rows cannot be told apart")]
    NoKey(&'static str),
    /// A column of another type than in newer files.
    #[error(
        "its column `{column}` is {found}, newer files have {expected}; rewrite it with the newer type"
    )]
    Type {
        /// The column.
        column: String,
        /// Its type in the file.
        found: DataType,
        /// Its type in newer files.
        expected: DataType,
    },
    /// A compacted file that this function did not write.
    #[error("its rows are not in the order of their ids: it was not written by this function")]
    NotSorted,
}

/// A Parquet file, opened.
pub(crate) fn open(bytes: Bytes) -> Result<ParquetRecordBatchReader, TableError> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(bytes)?;
    for key in [ID, PROCESSED_AT] {
        let field = builder.schema().field_with_name(key);
        if !field.is_ok_and(|field| *field.data_type() == DataType::Utf8) {
            return Err(TableError::NoKey(key));
        }
    }
    Ok(builder.with_batch_size(BATCH_ROWS).build()?)
}

/// The column that holds keys or versions.
pub(crate) fn text<'a>(
    batch: &'a RecordBatch,
    column: &'static str,
) -> Result<&'a StringArray, TableError> {
    batch
        .column_by_name(column)
        .and_then(|values| values.as_any().downcast_ref::<StringArray>())
        .filter(|values| arrow::array::Array::null_count(*values) == 0)
        .ok_or(TableError::NoKey(column))
}

/// One schema for files of different ages, given the newest first: its columns in its order, then those that only older
/// files have. Every column is nullable, because some file may lack it.
#[derive(Debug, Default)]
pub(crate) struct Unified(Vec<Field>);

impl Unified {
    /// Takes the columns of the next older file, unless one has another type than before.
    pub(crate) fn add(&mut self, schema: &Schema) -> Result<(), TableError> {
        let mut fields = self.0.clone();
        for field in schema.fields() {
            let found = field.data_type();
            match fields.iter_mut().find(|known| known.name() == field.name()) {
                None => fields.push(Field::new(field.name(), found.clone(), true)),
                Some(known) if known.data_type() == found || *found == DataType::Null => {}
                // Written by pandas when every value was null: the type was not known then.
                Some(known) if *known.data_type() == DataType::Null => {
                    known.set_data_type(found.clone());
                }
                Some(known) => {
                    return Err(TableError::Type {
                        column: field.name().clone(),
                        found: found.clone(),
                        expected: known.data_type().clone(),
                    });
                }
            }
        }
        self.0 = fields;
        Ok(())
    }

    pub(crate) fn schema(self) -> SchemaRef {
        Arc::new(Schema::new(self.0))
    }
}

/// The batch with the columns of the schema: those it lacks are null.
pub(crate) fn conform(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch, TableError> {
    let column = |field: &Arc<Field>| match batch.column_by_name(field.name()) {
        Some(values) if values.data_type() == field.data_type() => ArrayRef::clone(values),
        _ => new_null_array(field.data_type(), batch.num_rows()),
    };
    let columns = schema.fields().iter().map(column).collect();
    Ok(RecordBatch::try_new(Arc::clone(schema), columns)?)
}

/// A compacted file in the making. Equal rows make equal bytes, however they were cut into batches.
pub(crate) struct Writer {
    file: ArrowWriter<Vec<u8>>,
    /// Pages end where batches do, so batches are made equal.
    batches: BatchCoalescer,
}

impl Writer {
    pub(crate) fn new(schema: &SchemaRef) -> Result<Self, TableError> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_dictionary_enabled(true)
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
            .build();
        let options = ArrowWriterOptions::new()
            .with_properties(properties)
            .with_skip_arrow_metadata(true);
        Ok(Self {
            file: ArrowWriter::try_new_with_options(Vec::new(), Arc::clone(schema), options)?,
            batches: BatchCoalescer::new(Arc::clone(schema), BATCH_ROWS),
        })
    }

    pub(crate) fn write(&mut self, batch: RecordBatch) -> Result<(), TableError> {
        self.batches.push_batch(batch)?;
        self.write_completed()
    }

    pub(crate) fn finish(mut self) -> Result<Vec<u8>, TableError> {
        self.batches.finish_buffered_batch()?;
        self.write_completed()?;
        Ok(self.file.into_inner()?)
    }

    fn write_completed(&mut self) -> Result<(), TableError> {
        while let Some(batch) = self.batches.next_completed_batch() {
            self.file.write(&batch)?;
        }
        Ok(())
    }
}
