//! Cells as text, by written rules.

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, RecordBatch, StringArray};
use arrow::datatypes::{
    ArrowTimestampType, DataType, Float32Type, Float64Type, Schema, TimeUnit,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType,
};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use shared::batch::prompt::Cell;

use crate::error::{TableError, listed};

/// The columns that model inputs are made of, found in a table.
///
/// How a cell becomes text: text as it is; integers and decimals in digits; floating point numbers in the fewest digits that
/// read back as the same number, whole ones without `.0` and NaN as nothing, by the rules of
/// [`Cell`](shared::batch::prompt::Cell); booleans `true` and `false`; dates `2026-01-31`, times `23:59:59`,
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
    pub(crate) fn columns(&self, batch: &RecordBatch) -> Vec<ArrayRef> {
        let places = self.columns.iter();
        places
            .map(|&(_, place)| in_utc(batch.column(place)))
            .collect()
    }
}

/// A row, as far as its model input needs it.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    /// Id of the row in model inputs and outputs.
    pub record_id: &'a str,
    /// Number of the row in the whole table, from 0.
    pub number: u64,
    fields: &'a Fields,
    texts: &'a Texts<'a>,
}

impl<'a> Row<'a> {
    pub(crate) fn new(
        record_id: &'a str,
        number: u64,
        fields: &'a Fields,
        texts: &'a Texts<'a>,
    ) -> Self {
        Self {
            record_id,
            number,
            fields,
            texts,
        }
    }

    /// The text of column `name`; `None` for null, and for a column that [`Fields::find`] was not asked for.
    pub fn text(&self, name: &str) -> Option<&'a str> {
        let columns = &self.fields.columns;
        let place = columns.iter().position(|(column, _)| column == name)?;
        self.texts.get(place)
    }

    /// Names and texts, in the order in which [`Fields::find`] was given them.
    pub fn cells(&self) -> impl Iterator<Item = (&'a str, Option<&'a str>)> + use<'a> {
        let texts = self.texts;
        let names = self.fields.columns.iter().enumerate();
        names.map(move |(place, (name, _))| (name.as_str(), texts.get(place)))
    }
}

/// Columns of a batch that are read as text, row by row.
pub(crate) struct Texts<'a> {
    columns: Vec<Column<'a>>,
    row: usize,
}

/// Text is read where it is; everything else is written into room that is used again for the next row.
enum Column<'a> {
    Text(&'a StringArray),
    Other(Written<'a>),
}

struct Written<'a> {
    column: &'a ArrayRef,
    formatter: ArrayFormatter<'a>,
    text: String,
}

impl<'a> Texts<'a> {
    pub(crate) fn new(columns: &'a [ArrayRef]) -> Result<Self, TableError> {
        let columns = columns.iter().map(Column::new).collect::<Result<_, _>>()?;
        Ok(Self { columns, row: 0 })
    }

    /// Goes to row `row`.
    pub(crate) fn read(&mut self, row: usize) -> Result<(), TableError> {
        self.row = row;
        self.columns.iter_mut().try_for_each(|column| match column {
            Column::Text(_) => Ok(()),
            Column::Other(written) => written.read(row),
        })
    }

    /// The text of a column in the row that was read; `None` for null.
    pub(crate) fn get(&self, place: usize) -> Option<&str> {
        match &self.columns[place] {
            Column::Text(texts) => texts.is_valid(self.row).then(|| texts.value(self.row)),
            Column::Other(written) => {
                (!written.column.is_null(self.row)).then_some(written.text.as_str())
            }
        }
    }
}

impl<'a> Column<'a> {
    fn new(column: &'a ArrayRef) -> Result<Self, TableError> {
        if let Some(texts) = column.as_string_opt() {
            return Ok(Self::Text(texts));
        }
        Ok(Self::Other(Written {
            column,
            formatter: formatter(column)?,
            text: String::new(),
        }))
    }
}

impl Written<'_> {
    fn read(&mut self, row: usize) -> Result<(), TableError> {
        self.text.clear();
        if self.column.is_null(row) {
            return Ok(());
        }
        let number = match self.column.data_type() {
            DataType::Float64 => Cell::Float(self.column.as_primitive::<Float64Type>().value(row)),
            DataType::Float32 => Cell::Single(self.column.as_primitive::<Float32Type>().value(row)),
            _ => return Ok(self.formatter.value(row).write(&mut self.text)?),
        };
        self.text.push_str(&number.to_string());
        Ok(())
    }
}

/// Writes values of `column` as text, by the rules of [`Fields`].
pub(crate) fn formatter(column: &ArrayRef) -> Result<ArrayFormatter<'_>, TableError> {
    const OPTIONS: FormatOptions<'static> = FormatOptions::new().with_display_error(false);
    Ok(ArrayFormatter::try_new(column, &OPTIONS)?)
}

/// The same moments, in UTC: names of time zones would need their tables at run time. Arrow keeps moments in UTC whatever the
/// zone, so that only the zone changes; its kernels for casts, of any type to any other, would be megabytes of every function.
pub(crate) fn in_utc(column: &ArrayRef) -> ArrayRef {
    let DataType::Timestamp(unit, Some(_)) = column.data_type() else {
        return ArrayRef::clone(column);
    };
    match unit {
        TimeUnit::Second => moments::<TimestampSecondType>(column),
        TimeUnit::Millisecond => moments::<TimestampMillisecondType>(column),
        TimeUnit::Microsecond => moments::<TimestampMicrosecondType>(column),
        TimeUnit::Nanosecond => moments::<TimestampNanosecondType>(column),
    }
}

fn moments<Moments: ArrowTimestampType>(column: &ArrayRef) -> ArrayRef {
    let moments = column.as_primitive::<Moments>().clone();
    Arc::new(moments.with_timezone("+00:00"))
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
