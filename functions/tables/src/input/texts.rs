//! A table that is no file: a column of texts.

use std::sync::Arc;

use arrow::array::{RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};

use super::source::Source;
use super::{Batches, Limits};
use crate::error::TableError;

impl Batches {
    /// A table of one column, with a row for each text.
    pub fn of_texts(
        column: &str,
        texts: impl IntoIterator<Item = String> + 'static,
        limits: Limits,
    ) -> Self {
        let field = Field::new(column, DataType::Utf8, false);
        let schema = Arc::new(Schema::new(vec![field]));
        let source = TextRows {
            schema: SchemaRef::clone(&schema),
            texts: texts.into_iter(),
            batch_rows: limits.batch_rows,
        };
        Self::new(schema, source)
    }
}

struct TextRows<I> {
    schema: SchemaRef,
    texts: I,
    batch_rows: usize,
}

impl<I: Iterator<Item = String>> Source for TextRows<I> {
    fn next_batch(&mut self) -> Result<Option<RecordBatch>, TableError> {
        let texts: Vec<String> = self.texts.by_ref().take(self.batch_rows).collect();
        if texts.is_empty() {
            return Ok(None);
        }
        let column = Arc::new(StringArray::from(texts));
        let batch = RecordBatch::try_new(SchemaRef::clone(&self.schema), vec![column])?;
        Ok(Some(batch))
    }
}
