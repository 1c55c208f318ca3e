//! Rows as Parquet: one schema for all files of a table, whatever a row leaves empty.
//!
//! The schema follows from the record's columns, never from a row's values: a file whose year is null still declares a
//! 64-bit integer. Every column is optional, so that columns can be added later.

use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as PhysicalType};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesPtr};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{Type, TypePtr};
use serde_json::{Map, Value};
use shared::record::{Column, ColumnKind, Record, Row, row_columns};

/// Writes rows of one record type. Made once: deriving the columns costs more than writing a row.
#[derive(Debug)]
pub struct Table {
    columns: Vec<Column>,
    schema: TypePtr,
    properties: WriterPropertiesPtr,
}

/// Why a row could not be written: a bug in a record's definition.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The row is no JSON object.
    #[error("the row is no JSON object: {0}")]
    Row(#[from] serde_json::Error),
    /// The value of a column is of another type than the column.
    #[error(
        "column `{column}` holds {value}, which is not of its type; mend the record's definition"
    )]
    Value {
        /// The column.
        column: &'static str,
        /// The value.
        value: Value,
    },
    /// The Parquet library refused.
    #[error("the row cannot be written as Parquet: {0}")]
    Parquet(#[from] ParquetError),
}

impl Table {
    /// The table of a record.
    ///
    /// # Errors
    /// When the columns make no schema: two of them have the same name.
    pub fn of<R: Record>() -> Result<Self, TableError> {
        let columns = row_columns::<R>();
        let fields = columns.iter().map(field).collect::<Result<_, _>>()?;
        let schema = Type::group_type_builder(R::NAME)
            .with_fields(fields)
            .build()?;
        // One row has nothing that dictionaries, statistics or an index could save a reader: they would only repeat it.
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_dictionary_enabled(false)
            .set_statistics_enabled(EnabledStatistics::None)
            .set_offset_index_disabled(true)
            .build();
        Ok(Self {
            columns,
            schema: Arc::new(schema),
            properties: Arc::new(properties),
        })
    }

    /// The schema in Parquet's own notation.
    #[must_use]
    pub fn schema_text(&self) -> String {
        let mut text = Vec::new();
        parquet::schema::printer::print_schema(&mut text, &self.schema);
        String::from_utf8_lossy(&text).into_owned()
    }

    /// A file with one row.
    ///
    /// # Errors
    /// When the row does not keep to its columns.
    pub fn file<R: Record>(&self, row: &Row<R>) -> Result<Vec<u8>, TableError> {
        let mut values: Map<String, Value> = serde_json::from_value(serde_json::to_value(row)?)?;
        let mut file = Vec::with_capacity(4096);
        let mut writer = SerializedFileWriter::new(
            &mut file,
            Arc::clone(&self.schema),
            Arc::clone(&self.properties),
        )?;
        let mut group = writer.next_row_group()?;
        for column in &self.columns {
            let value = values.remove(column.name).unwrap_or(Value::Null);
            if let Some(cell) = group.next_column()? {
                write(cell, column, value)?;
            }
        }
        group.close()?;
        writer.close()?;
        Ok(file)
    }
}

fn field(column: &Column) -> Result<TypePtr, ParquetError> {
    let (physical, logical) = match column.kind {
        ColumnKind::Text => (PhysicalType::BYTE_ARRAY, Some(LogicalType::String)),
        ColumnKind::Integer => (PhysicalType::INT64, None),
        ColumnKind::Number => (PhysicalType::DOUBLE, None),
        ColumnKind::Boolean => (PhysicalType::BOOLEAN, None),
    };
    let field = Type::primitive_type_builder(column.name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(logical)
        .build()?;
    Ok(Arc::new(field))
}

/// Writes one value, or none, into a column.
fn write(
    mut cell: SerializedColumnWriter<'_>,
    column: &Column,
    value: Value,
) -> Result<(), TableError> {
    let mismatch = |value| TableError::Value {
        column: column.name,
        value,
    };
    macro_rules! write_cell {
        ($writer:ident, $value:expr) => {
            match $value {
                _ if value.is_null() => $writer.write_batch(&[], Some(&[0]), None)?,
                Some(present) => $writer.write_batch(&[present], Some(&[1]), None)?,
                None => return Err(mismatch(value)),
            }
        };
    }
    match cell.untyped() {
        ColumnWriter::ByteArrayColumnWriter(writer) => {
            write_cell!(writer, value.as_str().map(ByteArray::from))
        }
        ColumnWriter::Int64ColumnWriter(writer) => write_cell!(writer, value.as_i64()),
        ColumnWriter::DoubleColumnWriter(writer) => write_cell!(writer, value.as_f64()),
        ColumnWriter::BoolColumnWriter(writer) => write_cell!(writer, value.as_bool()),
        _ => return Err(mismatch(value)),
    };
    cell.close()?;
    Ok(())
}
