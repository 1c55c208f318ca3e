//! A look at a column a few rows before they are used: what they name can be fetched together, and let go of again.

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;

use super::Batches;
use super::source::Source;
use crate::error::TableError;
use crate::fields::{Fields, Texts};

impl Batches {
    /// The table in batches of at most `rows` rows. Before each is given, `look` is shown the texts of `column` in it; nothing
    /// where a cell is null.
    ///
    /// # Errors
    /// When the table has no such column, or it has no text.
    pub fn looked_ahead(
        self,
        column: &str,
        rows: usize,
        look: impl FnMut(&[Option<String>]) -> Result<(), TableError> + 'static,
    ) -> Result<Self, TableError> {
        let column = Fields::find(&self.schema, [column])?;
        let schema = SchemaRef::clone(&self.schema);
        let source = Ahead {
            source: self.source,
            rest: None,
            column,
            rows: rows.max(1),
            look,
        };
        Ok(Self::new(schema, source))
    }
}

struct Ahead<F> {
    source: Box<dyn Source>,
    /// What was read and not given yet.
    rest: Option<RecordBatch>,
    column: Fields,
    rows: usize,
    look: F,
}

impl<F: FnMut(&[Option<String>]) -> Result<(), TableError>> Source for Ahead<F> {
    fn next_batch(&mut self) -> Result<Option<RecordBatch>, TableError> {
        let next = match self.rest.take() {
            Some(batch) => Some(batch),
            None => self.source.next_batch()?,
        };
        let Some(batch) = next else {
            return Ok(None);
        };
        let given = batch.num_rows().min(self.rows);
        if given < batch.num_rows() {
            self.rest = Some(batch.slice(given, batch.num_rows() - given));
        }
        let batch = batch.slice(0, given);
        (self.look)(&texts(&self.column, &batch)?)?;
        Ok(Some(batch))
    }

    fn count_rows(&mut self) -> Result<u64, TableError> {
        let rest = self.rest.take().map_or(0, |rest| rest.num_rows() as u64);
        Ok(rest + self.source.count_rows()?)
    }
}

fn texts(column: &Fields, batch: &RecordBatch) -> Result<Vec<Option<String>>, TableError> {
    let columns = column.columns(batch);
    let mut texts = Texts::new(&columns)?;
    let rows = 0..batch.num_rows();
    rows.map(|row| {
        texts.read(row)?;
        Ok(texts.get(0).map(str::to_owned))
    })
    .collect()
}
