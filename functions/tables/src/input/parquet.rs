//! Parquet files.

use arrow::datatypes::SchemaRef;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::metadata::ParquetMetaData;
use parquet::file::reader::ChunkReader;

use super::{Batches, Limits, check_names};
use crate::error::TableError;

pub(super) fn open<R: ChunkReader + 'static>(
    file: &str,
    source: R,
    keeps: impl Fn(&str) -> bool,
    limits: Limits,
) -> Result<Batches, TableError> {
    let name = file.to_owned();
    let failed = move |cause| TableError::Parquet {
        file: name.clone(),
        cause,
    };
    let builder = ParquetRecordBatchReaderBuilder::try_new(source).map_err(&failed)?;
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
    let reader = builder
        .with_projection(projection)
        .with_batch_size(rows)
        .build()
        .map_err(&failed)?;
    let schema = SchemaRef::clone(&arrow::array::RecordBatchReader::schema(&reader));
    let batches = reader.map(move |batch| batch.map_err(|cause| failed(cause.into())));
    Ok(Batches {
        schema,
        batches: Box::new(batches),
    })
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
