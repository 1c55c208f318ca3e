//! Results as Parquet or CSV.

use std::io::Write;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::{DataType, SchemaRef};
use parquet::schema::types::ColumnPath;

use crate::error::TableError;
use crate::fields::{formatter, in_utc};
use crate::parquet_file::ParquetFile;

/// The format of results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResultFormat {
    /// Snappy Parquet; input columns keep their types.
    Parquet,
    /// RFC 4180, UTF-8, header first. Null is an empty cell, a vector `[0.1, 0.2]`.
    Csv,
}

/// A file of results that is being written.
pub(crate) enum ResultFile<W: Write + Send> {
    Parquet(ParquetFile<W>),
    Csv {
        name: String,
        writer: csv::Writer<W>,
    },
}

impl<W: Write + Send> ResultFile<W> {
    pub(crate) fn new(
        format: ResultFormat,
        name: &str,
        output: W,
        schema: &SchemaRef,
        unique: &[ColumnPath],
        row_group_bytes: usize,
    ) -> Result<Self, TableError> {
        if format == ResultFormat::Parquet {
            let file = ParquetFile::new(name, output, schema, unique, row_group_bytes)?;
            return Ok(Self::Parquet(file));
        }
        let mut writer = csv::Writer::from_writer(output);
        let header = schema.fields().iter().map(|field| field.name());
        writer
            .write_record(header)
            .map_err(|cause| write_error(name, cause.into()))?;
        Ok(Self::Csv {
            name: name.to_owned(),
            writer,
        })
    }

    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<(), TableError> {
        match self {
            Self::Parquet(file) => file.write(batch),
            Self::Csv { name, writer } => write_csv(name, writer, batch),
        }
    }

    pub(crate) fn finish(self) -> Result<W, TableError> {
        match self {
            Self::Parquet(file) => file.finish(),
            Self::Csv { name, writer } => writer
                .into_inner()
                .map_err(|error| write_error(&name, error.into_error())),
        }
    }
}

fn write_csv<W: Write>(
    name: &str,
    writer: &mut csv::Writer<W>,
    batch: &RecordBatch,
) -> Result<(), TableError> {
    let columns: Vec<ArrayRef> = batch.columns().iter().map(in_utc).collect();
    let formatters = columns
        .iter()
        .map(formatter)
        .collect::<Result<Vec<_>, _>>()?;
    let mut cell = String::new();
    for row in 0..batch.num_rows() {
        for (column, formatter) in columns.iter().zip(&formatters) {
            cell.clear();
            if column.data_type() != &DataType::Null && column.is_valid(row) {
                formatter.value(row).write(&mut cell)?;
            }
            writer
                .write_field(&cell)
                .map_err(|cause| write_error(name, cause.into()))?;
        }
        writer
            .write_record(None::<&[u8]>)
            .map_err(|cause| write_error(name, cause.into()))?;
    }
    Ok(())
}

fn write_error(name: &str, cause: std::io::Error) -> TableError {
    TableError::Write {
        file: name.to_owned(),
        cause,
    }
}
