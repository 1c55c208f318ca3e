//! Parquet files.

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::errors::ParquetError;
use parquet::file::metadata::ParquetMetaData;
use parquet::file::reader::ChunkReader;

use super::source::Source;
use super::{Batches, Limits, check_names};
use crate::error::TableError;

pub(super) fn open<R: ChunkReader + 'static>(
    file: &str,
    source: R,
    keeps: impl Fn(&str) -> bool,
    limits: Limits,
) -> Result<Batches, TableError> {
    let builder =
        ParquetRecordBatchReaderBuilder::try_new(source).map_err(|cause| failed(file, cause))?;
    let names = builder
        .schema()
        .fields()
        .iter()
        .map(|field| field.name().as_str());
    check_names(names).map_err(|problem| TableError::Columns {
        file: file.to_owned(),
        problem,
    })?;
    let kept = (0..builder.schema().fields().len())
        .filter(|&place| keeps(builder.schema().field(place).name()));
    let projection = ProjectionMask::roots(builder.parquet_schema(), kept);
    let rows = rows_per_batch(builder.metadata(), limits);
    let rows_left = builder.metadata().file_metadata().num_rows();
    let rows_left = u64::try_from(rows_left).unwrap_or_default();
    let reader = builder
        .with_projection(projection)
        .with_batch_size(rows)
        .build()
        .map_err(|cause| failed(file, cause))?;
    let schema = SchemaRef::clone(&arrow::array::RecordBatchReader::schema(&reader));
    let table = ParquetTable {
        file: file.to_owned(),
        reader,
        rows_left,
    };
    Ok(Batches::new(schema, table))
}

struct ParquetTable {
    file: String,
    reader: ParquetRecordBatchReader,
    rows_left: u64,
}

impl Source for ParquetTable {
    fn next_batch(&mut self) -> Result<Option<RecordBatch>, TableError> {
        let batch = self.reader.next().transpose();
        let batch = batch.map_err(|cause| failed(&self.file, cause.into()))?;
        let rows = batch.as_ref().map_or(0, RecordBatch::num_rows);
        self.rows_left = self.rows_left.saturating_sub(rows as u64);
        Ok(batch)
    }

    fn count_rows(&mut self) -> Result<u64, TableError> {
        Ok(self.rows_left)
    }
}

fn failed(file: &str, cause: ParquetError) -> TableError {
    TableError::Parquet {
        file: file.to_owned(),
        cause,
    }
}

/// As many rows as keep a batch within its bytes, by the row group with the longest rows.
pub(crate) fn rows_per_batch(metadata: &ParquetMetaData, limits: Limits) -> usize {
    let longest = metadata
        .row_groups()
        .iter()
        .map(|group| group.total_byte_size() / group.num_rows().max(1))
        .max();
    let longest = longest
        .and_then(|bytes| usize::try_from(bytes).ok())
        .unwrap_or(0);
    (limits.batch_bytes / longest.max(1)).clamp(1, limits.batch_rows.max(1))
}
