//! The rows beside a chunk, row group by row group.

use arrow::array::{Array as _, StringArray};
use arrow::datatypes::Schema;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
    ParquetRecordBatchReaderBuilder,
};
use parquet::errors::ParquetError;
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::reader::ChunkReader;
use parquet::schema::types::{ColumnPath, SchemaDescriptor};

use crate::error::TableError;
use crate::fields::Fields;
use crate::input::{Limits, rows_per_batch};
use crate::lines::damaged;
use crate::parquet_file::Shared;
use crate::record_ids::RECORD_ID;

/// A file of rows.
pub(super) struct Rows<R> {
    file: String,
    pub(super) source: Shared<R>,
    metadata: ArrowReaderMetadata,
    at_once: usize,
}

impl<R: ChunkReader + 'static> Rows<R> {
    pub(super) fn open(file: &str, source: R, limits: Limits) -> Result<Self, TableError> {
        let metadata = ArrowReaderMetadata::load(&source, ArrowReaderOptions::new());
        let metadata = metadata.map_err(|cause| failed(file, cause))?;
        Ok(Self {
            file: file.to_owned(),
            source: Shared::new(source),
            at_once: rows_per_batch(metadata.metadata(), limits),
            metadata,
        })
    }

    pub(super) fn schema(&self) -> &Schema {
        self.metadata.schema()
    }

    pub(super) fn columns(&self) -> &SchemaDescriptor {
        self.metadata.parquet_schema()
    }

    pub(super) fn groups(&self) -> &[RowGroupMetaData] {
        self.metadata.metadata().row_groups()
    }

    /// The columns that were written without a dictionary, because their values hardly repeat.
    pub(super) fn unique_columns(&self) -> Vec<ColumnPath> {
        let columns = self.groups().first().map(RowGroupMetaData::columns);
        let columns = columns.unwrap_or_default().iter();
        columns
            .filter(|column| column.dictionary_page_offset().is_none())
            .map(|column| column.column_path().clone())
            .collect()
    }

    /// The rows of a row group.
    pub(super) fn batches(&self, group: usize) -> Result<ParquetRecordBatchReader, TableError> {
        let reader = self.builder().with_row_groups(vec![group]);
        let reader = reader.with_batch_size(self.at_once).build();
        reader.map_err(|cause| failed(&self.file, cause))
    }

    /// Gives every id to `take`, with the number of its row from 1.
    pub(super) fn each_id(
        &self,
        mut take: impl FnMut(u64, &str) -> Result<(), TableError>,
    ) -> Result<(), TableError> {
        Fields::find(self.schema(), [RECORD_ID])?;
        let id = ProjectionMask::columns(self.columns(), [RECORD_ID]);
        let reader = self.builder().with_projection(id).build();
        let mut row = 0;
        for batch in reader.map_err(|cause| failed(&self.file, cause))? {
            let batch = batch?;
            let Some(ids) = batch.column(0).as_any().downcast_ref::<StringArray>() else {
                return Err(TableError::NotText {
                    column: RECORD_ID.to_owned(),
                    data_type: batch.column(0).data_type().to_string(),
                });
            };
            for id in ids {
                row += 1;
                take(row, id.ok_or(TableError::EmptyRecordId { row })?)?;
            }
        }
        let promised: i64 = self.groups().iter().map(RowGroupMetaData::num_rows).sum();
        if u64::try_from(promised) == Ok(row) {
            return Ok(());
        }
        let problem = format!("its footer promises {promised} rows, and there are {row}");
        Err(damaged(&self.file, &problem))
    }

    fn builder(&self) -> ParquetRecordBatchReaderBuilder<Shared<R>> {
        ParquetRecordBatchReaderBuilder::new_with_metadata(
            self.source.clone(),
            self.metadata.clone(),
        )
    }
}

fn failed(file: &str, cause: ParquetError) -> TableError {
    TableError::Parquet {
        file: file.to_owned(),
        cause,
    }
}
