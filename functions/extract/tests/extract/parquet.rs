//! The files: one schema whatever a row holds, small, and the same bytes for the same row.

use crate::support::rows::read;
use extract::table::{Table, TableError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::record::{Provenance, Record, Row, row_columns};
use shared::records::BookMetadata;

fn full() -> Row<BookMetadata> {
    Row {
        record: BookMetadata {
            title: "Ünïcode: 書名".to_owned(),
            author: "A. One, B. Two".to_owned(),
            published_year: Some(1925),
            confidence: Some(0.5),
            ..BookMetadata::default()
        },
        provenance: Provenance {
            id: "b6f0c1de-0000-5000-8000-000000000001".to_owned(),
            filename: "covers/cover_0001.jpg".to_owned(),
            processed_at: "2026-03-09T15:05:30.123Z".to_owned(),
            source_bucket: "vision-raw-123456789012-eu-west-2".to_owned(),
            etag: "9b2cf535f27731c974343645a3985328".to_owned(),
            model_id: "eu.anthropic.claude-haiku-4-5-20251001-v1:0".to_owned(),
            parse_stage: "direct".to_owned(),
            validation_errors: None,
            input_tokens: Some(i64::MAX),
            output_tokens: Some(0),
        },
    }
}

#[test]
fn what_is_written_is_read() {
    let table = Table::of::<BookMetadata>().unwrap();
    let row = read(&table.file(&full()).unwrap());
    assert_eq!(row, serde_json::to_value(full()).unwrap());
}

#[test]
fn an_empty_row_keeps_the_schema() {
    let table = Table::of::<BookMetadata>().unwrap();
    let empty = table.file(&Row::<BookMetadata>::default()).unwrap();
    let row = read(&empty);
    assert_eq!(row["published_year"], Value::Null);
    assert_eq!(row["confidence"], Value::Null);
    assert_eq!(row["title"], "");
    let schema = |file: &[u8]| {
        let file = bytes::Bytes::copy_from_slice(file);
        let reader = ::parquet::file::serialized_reader::SerializedFileReader::new(file).unwrap();
        let metadata = ::parquet::file::reader::FileReader::metadata(&reader);
        let mut text = Vec::new();
        ::parquet::schema::printer::print_schema(&mut text, metadata.file_metadata().schema());
        String::from_utf8(text).unwrap()
    };
    assert_eq!(schema(&empty), schema(&table.file(&full()).unwrap()));
    assert_eq!(schema(&empty), table.schema_text());
}

#[test]
fn the_same_row_is_the_same_bytes() {
    let table = Table::of::<BookMetadata>().unwrap();
    let other = Table::of::<BookMetadata>().unwrap();
    assert_eq!(table.file(&full()).unwrap(), other.file(&full()).unwrap());
}

#[test]
fn every_column_is_optional_and_in_order() {
    let schema = Table::of::<BookMetadata>().unwrap().schema_text();
    let columns = row_columns::<BookMetadata>();
    let lines: Vec<&str> = schema
        .lines()
        .filter(|line| line.starts_with("  "))
        .collect();
    assert_eq!(lines.len(), columns.len());
    for (line, column) in lines.iter().zip(&columns) {
        assert!(
            line.starts_with("  OPTIONAL") && line.contains(&format!(" {}", column.name)),
            "{line}"
        );
    }
}

/// A record whose field does not serialize as its column says.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
struct Odd {
    /// A number that serializes as text
    #[serde(serialize_with = "as_text")]
    count: Option<i64>,
}

#[expect(clippy::ref_option, reason = "the signature that serde calls")]
fn as_text<S: serde::Serializer>(count: &Option<i64>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{count:?}"))
}

impl Record for Odd {
    const NAME: &'static str = "odd";
    const TASK: &'static str = "";
    const RULES: &'static [&'static str] = &[];

    fn confidence(&self) -> Option<f64> {
        None
    }
}

#[test]
fn a_value_of_another_type_than_its_column_is_an_error() {
    let table = Table::of::<Odd>().unwrap();
    let error = table.file(&Row::<Odd>::default()).unwrap_err();
    assert!(
        matches!(
            error,
            TableError::Value {
                column: "count",
                ..
            }
        ),
        "{error}"
    );
}
