//! Prompts by the values of a column: a row becomes as many rows as its value leads to prompts.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray, UInt32Array};
use arrow::compute::take;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};

use shared::batch::PROMPT_ID;

use super::{BatchIterator, Batches, source};
use crate::error::TableError;
use crate::fields::{Fields, Texts};
use crate::record_ids::{RECORD_ID, RecordIds};

/// Most prompts of one row: ids have room for three digits.
const MOST_PROMPTS: usize = 999;

/// Which prompts a row is sent with, by its value in a column.
///
/// - The value is compared as text, exactly. Without `prompts` the value itself is the id of the prompt.
/// - A value that `prompts` does not know, and an empty or missing value that it does not know, leads to `default`.
/// - A row that leads to several prompts becomes as many rows, in the order of the list. Their column `prompt_id` tells them
///   apart, and is empty (null) where a value leads nowhere: such a row stays, so that it can be rejected with a reason.
/// - When some value leads to several prompts, the ids of *all* rows get the place in the list behind them: `<id>-001`,
///   `<id>-002`, ... Otherwise two rows could come to have one id. When none does, ids stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Routing {
    /// The column that decides.
    pub column: String,
    /// Ids of prompts by value.
    pub prompts: BTreeMap<String, Vec<String>>,
    /// Ids of prompts for all other values.
    pub default: Vec<String>,
}

impl Routing {
    /// The prompts that a value leads to.
    pub fn prompts_of<'a>(&'a self, value: Option<&'a str>) -> Vec<&'a str> {
        let value = value.filter(|value| !value.is_empty());
        let known = self.prompts.get(value.unwrap_or_default());
        match (known, value) {
            (Some(prompts), _) => prompts.iter().map(String::as_str).collect(),
            (None, Some(value)) if self.prompts.is_empty() => vec![value],
            (None, _) => self.default.iter().map(String::as_str).collect(),
        }
    }

    /// Whether some value leads to several prompts, so that rows become several.
    #[must_use]
    pub fn expands(&self) -> bool {
        self.lists().any(|prompts| prompts.len() > 1)
    }

    fn lists(&self) -> impl Iterator<Item = &Vec<String>> {
        self.prompts.values().chain([&self.default])
    }

    fn check(&self, table: &Schema) -> Result<(), TableError> {
        let longest = self.lists().map(Vec::len).max().unwrap_or_default();
        if longest > MOST_PROMPTS {
            return Err(TableError::TooManyPrompts {
                column: self.column.clone(),
                found: longest,
                limit: MOST_PROMPTS,
            });
        }
        // Without `prompts` the column may be the one that would be added.
        let added = self.column != PROMPT_ID || !self.prompts.is_empty();
        if added && table.index_of(PROMPT_ID).is_ok() {
            return Err(TableError::ReservedColumn {
                column: PROMPT_ID.to_owned(),
            });
        }
        Ok(())
    }
}

impl Batches {
    /// The table with a row for each prompt of each row, and with the columns `record_id` and `prompt_id`. Ids follow from
    /// `run_id` and the number of the row where the table brings none, as in [`ChunkPlan`](crate::chunks::ChunkPlan).
    ///
    /// # Errors
    /// When the column that decides is not there or has no text, the table has a column `prompt_id` already, or a value leads
    /// to more than 999 prompts.
    pub fn expanded(self, routing: &Routing, run_id: &str) -> Result<Self, TableError> {
        routing.check(&self.schema)?;
        let mut rows = Expansion::new(&self.schema, routing, run_id)?;
        let schema = SchemaRef::clone(&rows.schema);
        let batches = self.flat_map(move |batch| -> BatchIterator {
            match batch.and_then(|batch| rows.expand(&batch)) {
                Ok(parts) => Box::new(parts),
                Err(error) => Box::new(std::iter::once(Err(error))),
            }
        });
        Ok(Self::new(schema, source::Counted(batches)))
    }
}

struct Expansion {
    routing: Routing,
    ids: RecordIds,
    value: Fields,
    /// Places of the columns that stay, beside those that are made.
    kept: Vec<usize>,
    schema: SchemaRef,
    /// Rows of the table that were expanded.
    rows: u64,
}

impl Expansion {
    fn new(table: &SchemaRef, routing: &Routing, run_id: &str) -> Result<Self, TableError> {
        let made = [RECORD_ID, PROMPT_ID];
        let kept: Vec<usize> = (0..table.fields().len())
            .filter(|&place| !made.contains(&table.field(place).name().as_str()))
            .collect();
        let fields = std::iter::once(Arc::new(Field::new(RECORD_ID, DataType::Utf8, false)))
            .chain(kept.iter().map(|&place| Arc::clone(&table.fields()[place])))
            .chain([Arc::new(Field::new(PROMPT_ID, DataType::Utf8, true))]);
        Ok(Self {
            routing: routing.clone(),
            ids: RecordIds::of(table, run_id)?,
            value: Fields::find(table, [routing.column.as_str()])?,
            schema: Arc::new(Schema::new(fields.collect::<Vec<_>>())),
            kept,
            rows: 0,
        })
    }

    /// The rows of a batch for each of their prompts, in parts that have no more rows than the batch.
    fn expand(
        &mut self,
        batch: &RecordBatch,
    ) -> Result<impl Iterator<Item = Result<RecordBatch, TableError>> + use<>, TableError> {
        self.ids.begin_chunk();
        let ids = self.ids.of_batch(batch, self.rows)?;
        self.rows += batch.num_rows() as u64;
        let expands = self.routing.expands();
        let value = self.value.columns(batch);
        let mut values = Texts::new(&value)?;
        let (mut places, mut new_ids, mut prompt_ids) = (Vec::new(), Vec::new(), Vec::new());
        for (place, row) in (0..).zip(0..batch.num_rows()) {
            values.read(row)?;
            let prompts = self.routing.prompts_of(values.get(0));
            let nowhere = prompts.is_empty().then_some(None);
            let prompts = prompts.into_iter().map(Some).chain(nowhere);
            for (number, prompt) in (1..).zip(prompts) {
                places.push(place);
                prompt_ids.push(prompt.map(str::to_owned));
                new_ids.push(numbered(ids.value(row), expands.then_some(number)));
            }
        }
        let columns: Vec<_> = (self.kept.iter())
            .map(|&place| ArrayRef::clone(batch.column(place)))
            .collect();
        let places = UInt32Array::from(places);
        let (new_ids, prompt_ids) = (StringArray::from(new_ids), StringArray::from(prompt_ids));
        let schema = SchemaRef::clone(&self.schema);
        let size = batch.num_rows().max(1);
        let parts = (0..places.len()).step_by(size).map(move |start| {
            let rows = size.min(places.len() - start);
            let places = places.slice(start, rows);
            let taken = columns.iter().map(|column| take(column, &places, None));
            let id: ArrayRef = Arc::new(new_ids.slice(start, rows));
            let prompt_id: ArrayRef = Arc::new(prompt_ids.slice(start, rows));
            let columns = std::iter::once(Ok(id)).chain(taken).chain([Ok(prompt_id)]);
            let columns = columns.collect::<Result<Vec<_>, _>>()?;
            Ok(RecordBatch::try_new(SchemaRef::clone(&schema), columns)?)
        });
        Ok(parts)
    }
}

fn numbered(id: &str, number: Option<u32>) -> String {
    match number {
        Some(number) => format!("{id}-{number:03}"),
        None => id.to_owned(),
    }
}
