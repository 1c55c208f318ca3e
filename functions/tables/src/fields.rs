//! Cells as text, by written rules.

use arrow::array::{ArrayRef, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Schema};
use arrow::util::display::{ArrayFormatter, FormatOptions};

use crate::error::{TableError, listed};

/// The columns that model inputs are made of, found in a table.
///
/// How a cell becomes text: text as it is; integers and decimals in digits; floating point numbers in the fewest digits that
/// read back as the same number (`1.0`, `0.1`, `1e21`); booleans `true` and `false`; dates `2026-01-31`, times `23:59:59`,
/// times of a day `2026-01-31T23:59:59`, those with a time zone in UTC with a `Z` behind; null is `None`. Lists, structs,
/// maps and bytes have no text: asking for such a column is an error, having one is not.
#[derive(Clone, Debug)]
pub struct Fields {
    columns: Vec<(String, usize)>,
}

impl Fields {
    /// Finds the columns `names` in a table.
    ///
    /// # Errors
    /// [`TableError::MissingColumns`] with all that are missing, and [`TableError::NotText`].
    pub fn find<'a>(
        schema: &Schema,
        names: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, TableError> {
        let (mut columns, mut missing) = (Vec::new(), Vec::new());
        for name in names {
            let Ok(place) = schema.index_of(name) else {
                missing.push(name);
                continue;
            };
            let data_type = schema.field(place).data_type();
            if !has_text(data_type) {
                return Err(TableError::NotText {
                    column: name.to_owned(),
                    data_type: data_type.to_string(),
                });
            }
            columns.push((name.to_owned(), place));
        }
        if missing.is_empty() {
            return Ok(Self { columns });
        }
        let available = schema.fields().iter().map(|field| field.name().as_str());
        Err(TableError::MissingColumns {
            missing: listed(missing),
            available: listed(available),
        })
    }

    /// Text columns of a batch, ready to be read row by row.
    pub(crate) fn columns(&self, batch: &RecordBatch) -> Result<Vec<ArrayRef>, TableError> {
        self.columns
            .iter()
            .map(|&(_, place)| in_utc(batch.column(place)))
            .collect()
    }
}

/// A row, as far as its model input needs it.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// Id of the row in model inputs and outputs.
    pub record_id: &'a str,
    /// Number of the row in the whole table, from 0.
    pub number: u64,
    fields: &'a Fields,
    cells: &'a [Cell],
}

impl<'a> Row<'a> {
    pub(crate) fn new(
        record_id: &'a str,
        number: u64,
        fields: &'a Fields,
        cells: &'a [Cell],
    ) -> Self {
        Self {
            record_id,
            number,
            fields,
            cells,
        }
    }

    /// The text of column `name`; `None` for null, and for a column that [`Fields::find`] was not asked for.
    pub fn text(&self, name: &str) -> Option<&'a str> {
        let columns = &self.fields.columns;
        let place = columns.iter().position(|(column, _)| column == name)?;
        self.cells[place].text()
    }

    /// Names and texts, in the order in which [`Fields::find`] was given them.
    pub fn cells(&self) -> impl Iterator<Item = (&'a str, Option<&'a str>)> + use<'a> {
        let names = self.fields.columns.iter().map(|(name, _)| name.as_str());
        names.zip(self.cells.iter().map(Cell::text))
    }
}

/// A cell whose room for text is used again for the next row.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cell {
    text: String,
    null: bool,
}

impl Cell {
    pub(crate) fn text(&self) -> Option<&str> {
        (!self.null).then_some(self.text.as_str())
    }
}

/// Columns of a batch that are read as text.
pub(crate) struct Texts<'a> {
    columns: Vec<(&'a ArrayRef, ArrayFormatter<'a>)>,
}

impl<'a> Texts<'a> {
    pub(crate) fn new(columns: &'a [ArrayRef]) -> Result<Self, TableError> {
        let columns = columns
            .iter()
            .map(|column| Ok((column, formatter(column)?)))
            .collect::<Result<_, TableError>>()?;
        Ok(Self { columns })
    }

    /// Puts the texts of row `row` into `cells`, of which there are as many as columns afterwards.
    pub(crate) fn read(&self, row: usize, cells: &mut Vec<Cell>) -> Result<(), TableError> {
        cells.resize_with(self.columns.len(), Cell::default);
        for ((column, formatter), cell) in self.columns.iter().zip(cells) {
            cell.text.clear();
            cell.null = column.is_null(row);
            if !cell.null {
                formatter.value(row).write(&mut cell.text)?;
            }
        }
        Ok(())
    }
}

/// Writes values of `column` as text, by the rules of [`Fields`].
pub(crate) fn formatter(column: &ArrayRef) -> Result<ArrayFormatter<'_>, TableError> {
    const OPTIONS: FormatOptions<'static> = FormatOptions::new().with_display_error(false);
    Ok(ArrayFormatter::try_new(column, &OPTIONS)?)
}

/// The same moments, in UTC: names of time zones would need their tables at run time.
pub(crate) fn in_utc(column: &ArrayRef) -> Result<ArrayRef, TableError> {
    let DataType::Timestamp(unit, Some(_)) = column.data_type() else {
        return Ok(ArrayRef::clone(column));
    };
    let utc = DataType::Timestamp(*unit, Some("+00:00".into()));
    Ok(cast(column, &utc)?)
}

fn has_text(data_type: &DataType) -> bool {
    match data_type {
        DataType::Dictionary(_, values) => has_text(values),
        DataType::Null
        | DataType::Boolean
        | DataType::Utf8
        | DataType::LargeUtf8
        | DataType::Utf8View => true,
        other => other.is_numeric() || other.is_temporal(),
    }
}
