//! Parquet: types, nulls, and text of cells by the written rules.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BinaryArray, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int64Array,
    LargeStringArray, ListArray, RecordBatch, StringArray, TimestampMillisecondArray,
};
use arrow::datatypes::Int32Type;
use tables::chunks::{ChunkPlan, write_chunks};
use tables::{Fields, TableError};

use crate::memory::{Memory, from_parquet, open, to_parquet, write_json};

fn table(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable(
        columns
            .into_iter()
            .map(|(name, column)| (name, column, true)),
    )
    .unwrap()
}

fn scalars() -> RecordBatch {
    let moments = || TimestampMillisecondArray::from(vec![Some(1_767_225_599_500), None]);
    table(vec![
        (
            "text",
            Arc::new(StringArray::from(vec![Some("a\"b"), None])),
        ),
        (
            "long",
            Arc::new(LargeStringArray::from(vec![Some("é"), None])),
        ),
        ("int", Arc::new(Int64Array::from(vec![Some(-7), None]))),
        ("real", Arc::new(Float64Array::from(vec![Some(1.0), None]))),
        (
            "truth",
            Arc::new(BooleanArray::from(vec![Some(true), None])),
        ),
        ("day", Arc::new(Date32Array::from(vec![Some(20_454), None]))),
        ("moment", Arc::new(moments())),
        ("zoned", Arc::new(moments().with_timezone("Europe/Berlin"))),
        (
            "money",
            Arc::new(
                Decimal128Array::from(vec![Some(1250), None])
                    .with_precision_and_scale(10, 2)
                    .unwrap(),
            ),
        ),
    ])
}

#[test]
fn cells_become_text_by_the_written_rules_and_columns_keep_their_types() {
    let scalars = scalars();
    let schema = scalars.schema();
    let batches = open("t.parquet", to_parquet(&scalars)).unwrap();
    let names: Vec<&str> = schema
        .fields()
        .iter()
        .map(|field| field.name().as_str())
        .collect();
    let fields = Fields::find(batches.schema(), names).unwrap();
    let mut files = Memory::default();
    let plan = ChunkPlan {
        run_id: "run",
        sizes: &[2],
        row_group_bytes: 1 << 20,
    };
    write_chunks(batches, &fields, &plan, &mut files, |row, out| {
        let texts: Vec<_> = row.cells().map(|(_, text)| text).collect();
        write_json(&serde_json::json!(texts), out);
        Ok::<_, String>(())
    })
    .unwrap();
    let lines: Vec<_> = files.text("0000.jsonl").lines().collect();
    assert!(lines[0].ends_with(
        r#""modelInput":["a\"b","é","-7","1","true","2026-01-01","2025-12-31T23:59:59.500","2025-12-31T23:59:59.500Z","12.50"]}"#
    ), "{}", lines[0]);
    assert!(
        lines[1].contains(r#""modelInput":[null,null,null,"#),
        "{}",
        lines[1]
    );
    let rows = from_parquet(&files.0["0000.parquet"]);
    assert_eq!(&rows.columns()[1..], scalars.columns());
}

#[test]
fn nested_columns_are_refused_only_where_they_are_used() {
    let list = ListArray::from_iter_primitive::<Int32Type, _, _>([Some([Some(1)])]);
    let batch = table(vec![
        ("list", Arc::new(list)),
        ("raw", Arc::new(BinaryArray::from(vec![&b"x"[..]]))),
        ("text", Arc::new(StringArray::from(vec!["x"]))),
    ]);
    let batches = open("t.parquet", to_parquet(&batch)).unwrap();
    assert!(Fields::find(batches.schema(), ["text"]).is_ok());
    for column in ["list", "raw"] {
        let error = Fields::find(batches.schema(), [column]).unwrap_err();
        assert!(
            error.to_string().contains(&format!("`{column}`")),
            "{error}"
        );
    }
}

#[test]
fn missing_columns_are_listed_with_those_there_are() {
    let batches = open("t.parquet", to_parquet(&scalars())).unwrap();
    let error = Fields::find(batches.schema(), ["topic", "int", "tone"]).unwrap_err();
    let message = error.to_string();
    assert!(
        message.starts_with("the table has no column `topic`, `tone`; it has `text`, `long`"),
        "{message}"
    );
}

#[test]
fn a_damaged_file_is_an_error() {
    let bytes = to_parquet(&scalars());
    let error = open("t.parquet", bytes.slice(..bytes.len() - 20))
        .err()
        .unwrap();
    assert!(matches!(error, TableError::Parquet { .. }), "{error}");
}
