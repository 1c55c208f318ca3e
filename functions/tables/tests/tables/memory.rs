//! Files in memory, and short ways to make and read them.

use std::collections::BTreeMap;
use std::io;

use arrow::array::{Array as _, RecordBatch};
use arrow::compute::concat_batches;
use arrow::util::display::array_value_to_string;
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::{Value, json};
use shared::batch::processor::{Processor, processor_of};
use tables::input::{Batches, Limits};
use tables::{Files, TableError};

/// Finished files by name.
#[derive(Default)]
pub(crate) struct Memory(pub(crate) BTreeMap<String, Bytes>);

impl Files for Memory {
    type File = Vec<u8>;

    fn create(&mut self, _name: &str) -> io::Result<Vec<u8>> {
        Ok(Vec::new())
    }

    fn finish(&mut self, name: &str, file: Vec<u8>) -> io::Result<()> {
        self.0.insert(name.to_owned(), file.into());
        Ok(())
    }
}

impl Memory {
    pub(crate) fn text(&self, name: &str) -> &str {
        std::str::from_utf8(&self.0[name]).unwrap()
    }
}

pub(crate) fn open(name: &str, bytes: impl Into<Bytes>) -> Result<Batches, TableError> {
    Batches::open(name, bytes.into(), Limits::default())
}

/// Column names and rows of cells; null is `None`.
pub(crate) type Grid = (Vec<String>, Vec<Vec<Option<String>>>);

pub(crate) fn grid(batches: Batches) -> Result<Grid, TableError> {
    let names = batches
        .schema()
        .fields()
        .iter()
        .map(|field| field.name().clone())
        .collect();
    let mut rows = Vec::new();
    for batch in batches {
        rows.extend(cells(&batch?));
    }
    Ok((names, rows))
}

pub(crate) fn cells(batch: &RecordBatch) -> Vec<Vec<Option<String>>> {
    let cell = |column: &arrow::array::ArrayRef, row| {
        let value = array_value_to_string(column, row).unwrap();
        column.is_valid(row).then_some(value)
    };
    (0..batch.num_rows())
        .map(|row| {
            batch
                .columns()
                .iter()
                .map(|column| cell(column, row))
                .collect()
        })
        .collect()
}

/// What CSV bytes are read as, or the message of why not.
pub(crate) fn read_csv(bytes: impl Into<Bytes>) -> Result<Grid, String> {
    open("t.csv", bytes)
        .and_then(grid)
        .map_err(|error| error.to_string())
}

pub(crate) fn to_parquet(batch: &RecordBatch) -> Bytes {
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), None).unwrap();
    writer.write(batch).unwrap();
    writer.into_inner().unwrap().into()
}

pub(crate) fn from_parquet(bytes: &Bytes) -> RecordBatch {
    let builder = ParquetRecordBatchReaderBuilder::try_new(bytes.clone()).unwrap();
    let schema = builder.schema().clone();
    let batches: Vec<_> = builder.build().unwrap().map(Result::unwrap).collect();
    concat_batches(&schema, &batches).unwrap()
}

/// Reads what Claude and Titan answer.
pub(crate) fn claude() -> &'static dyn Processor {
    processor_of(&"anthropic.claude-haiku-4-5-20251001-v1:0".parse().unwrap()).unwrap()
}

pub(crate) fn titan() -> &'static dyn Processor {
    processor_of(&"amazon.titan-embed-text-v2:0".parse().unwrap()).unwrap()
}

/// An output line with a text.
pub(crate) fn text_line(id: &str, text: &str) -> String {
    line(
        id,
        &json!({"content": [{"type": "text", "text": text}], "stop_reason": "end_turn", "usage": {"input_tokens": 5, "output_tokens": 2}}),
    )
}

/// An output line with a vector.
pub(crate) fn vector_line(id: &str, vector: &[f32]) -> String {
    line(id, &json!({"embedding": vector, "inputTextTokenCount": 3}))
}

/// An output line with an error.
pub(crate) fn error_line(id: &str, code: u16, message: &str) -> String {
    json!({"recordId": id, "modelInput": {}, "error": {"errorCode": code, "errorMessage": message}})
        .to_string()
}

fn line(id: &str, output: &Value) -> String {
    json!({"recordId": id, "modelInput": {}, "modelOutput": output}).to_string()
}

/// Appends a body.
pub(crate) fn write_json(value: &Value, out: &mut Vec<u8>) {
    serde_json::to_writer(out, value).unwrap();
}
