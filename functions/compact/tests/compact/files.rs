//! Parquet files as the extractor writes them, and their rows.

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, Int64Array, RecordBatch, StringArray};
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

/// A row, as far as the tests look at it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) processed_at: String,
    pub(crate) title: String,
    /// A column that was added later; older files lack it.
    pub(crate) pages: Option<i64>,
}

impl Row {
    pub(crate) fn new(id: &str, processed_at: &str, title: &str) -> Self {
        Self {
            id: id.into(),
            processed_at: processed_at.into(),
            title: title.into(),
            pages: None,
        }
    }

    pub(crate) fn with_pages(self, pages: i64) -> Self {
        Self {
            pages: Some(pages),
            ..self
        }
    }

    /// The file of this row alone.
    pub(crate) fn file(&self) -> Vec<u8> {
        let mut columns = vec![
            ("title", text([self.title.as_str()])),
            ("id", text([self.id.as_str()])),
            ("processed_at", text([self.processed_at.as_str()])),
        ];
        if let Some(pages) = self.pages {
            columns.insert(1, ("pages", Arc::new(Int64Array::from(vec![pages]))));
        }
        file(columns)
    }
}

pub(crate) fn text<'a>(values: impl IntoIterator<Item = &'a str>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(values))
}

/// A file of these columns.
pub(crate) fn file(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    let columns = columns
        .into_iter()
        .map(|(name, values)| (name, values, true));
    let batch = RecordBatch::try_from_iter_with_nullable(columns).unwrap();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap()
}

pub(crate) fn batches(bytes: &[u8]) -> Vec<RecordBatch> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(Bytes::copy_from_slice(bytes)).unwrap();
    reader.build().unwrap().map(Result::unwrap).collect()
}

/// The rows of a file; none when it is no Parquet file or lacks a column.
pub(crate) fn rows(bytes: &[u8]) -> Vec<Row> {
    let Ok(reader) = ParquetRecordBatchReaderBuilder::try_new(Bytes::copy_from_slice(bytes)) else {
        return Vec::new();
    };
    let mut rows = Vec::new();
    for batch in reader.build().unwrap() {
        let batch = batch.unwrap();
        let strings = |name: &str| {
            let column = batch.column_by_name(name)?.as_any();
            column.downcast_ref::<StringArray>().cloned()
        };
        let (Some(ids), Some(times), Some(titles)) =
            (strings("id"), strings("processed_at"), strings("title"))
        else {
            return Vec::new();
        };
        let pages = batch
            .column_by_name("pages")
            .and_then(|column| column.as_any().downcast_ref::<Int64Array>())
            .cloned();
        for row in 0..batch.num_rows() {
            let pages = pages.as_ref().filter(|pages| pages.is_valid(row));
            rows.push(Row {
                id: ids.value(row).into(),
                processed_at: times.value(row).into(),
                title: titles.value(row).into(),
                pages: pages.map(|pages| pages.value(row)),
            });
        }
    }
    rows
}
