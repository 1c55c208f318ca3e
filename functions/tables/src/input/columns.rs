//! Other names, fewer columns.

use std::collections::BTreeMap;
use std::sync::Arc;

use ::parquet::file::reader::ChunkReader;
use arrow::array::RecordBatch;
use arrow::datatypes::{Schema, SchemaRef};

use super::source::Source;
use super::{Batches, Limits, check_names, parquet};
use crate::error::{TableError, listed};

impl Batches {
    /// The table with other names for some columns: `names` leads from the name in the table to the new one. Names may be
    /// exchanged.
    ///
    /// # Errors
    /// [`TableError::MissingColumns`] when a column to be renamed is not there, [`TableError::Renamed`] when two columns
    /// would have one name, or one none.
    pub fn renamed(self, names: &BTreeMap<String, String>) -> Result<Self, TableError> {
        self.must_have(names.keys().map(String::as_str))?;
        let fields: Vec<_> = self
            .schema
            .fields()
            .iter()
            .map(|field| match names.get(field.name()) {
                Some(name) => Arc::new(field.as_ref().clone().with_name(name)),
                None => Arc::clone(field),
            })
            .collect();
        check_names(fields.iter().map(|field| field.name().as_str()))
            .map_err(|problem| TableError::Renamed { problem })?;
        let schema = Arc::new(Schema::new(fields));
        Ok(self.mapped(SchemaRef::clone(&schema), move |batch| {
            let columns = batch.columns().to_vec();
            Ok(RecordBatch::try_new(SchemaRef::clone(&schema), columns)?)
        }))
    }

    /// The table without some columns. Names that it has not are passed over.
    ///
    /// # Errors
    /// [`TableError::NoColumns`] when none would be left.
    pub fn without(self, names: &[&str]) -> Result<Self, TableError> {
        let fields = self.schema.fields();
        let kept: Vec<usize> = (0..fields.len())
            .filter(|&place| !names.contains(&fields[place].name().as_str()))
            .collect();
        if kept.is_empty() {
            return Err(TableError::NoColumns);
        }
        let schema = Arc::new(self.schema.project(&kept)?);
        Ok(self.mapped(schema, move |batch| Ok(batch.project(&kept)?)))
    }

    /// Some columns of a Parquet file, in the file's order; the others are not read.
    pub(crate) fn of_columns<R: ChunkReader + 'static>(
        file: &str,
        source: R,
        names: &[&str],
        limits: Limits,
    ) -> Result<Self, TableError> {
        let table = parquet::open(file, source, |name| names.contains(&name), limits)?;
        table.must_have(names.iter().copied())?;
        Ok(table)
    }

    fn must_have<'a>(&self, names: impl Iterator<Item = &'a str>) -> Result<(), TableError> {
        let missing: Vec<&str> = names
            .filter(|name| self.schema.index_of(name).is_err())
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        let available = self
            .schema
            .fields()
            .iter()
            .map(|field| field.name().as_str());
        Err(TableError::MissingColumns {
            missing: listed(missing),
            available: listed(available),
        })
    }

    fn mapped(
        self,
        schema: SchemaRef,
        change: impl Fn(RecordBatch) -> Result<RecordBatch, TableError> + 'static,
    ) -> Self {
        let source = self.source;
        Self::new(schema, Mapped { source, change })
    }
}

/// Batches of another source, changed.
struct Mapped<F> {
    source: Box<dyn Source>,
    change: F,
}

impl<F: Fn(RecordBatch) -> Result<RecordBatch, TableError>> Source for Mapped<F> {
    fn next_batch(&mut self) -> Result<Option<RecordBatch>, TableError> {
        self.source.next_batch()?.map(&self.change).transpose()
    }

    fn count_rows(&mut self) -> Result<u64, TableError> {
        self.source.count_rows()
    }
}
