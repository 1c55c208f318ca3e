//! What follows from a record's struct: columns, prompt, schema, rows.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use shared::record::{
    Column, ColumnKind, Provenance, Record, Row, columns, prompt, row_columns, schema,
};
use shared::records::{BookMetadata, InvoiceSummary};

fn snapshots(check: impl FnOnce()) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../snapshots/shared");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(check);
}

/// The table as a reviewer reads it.
fn table(columns: &[Column]) -> String {
    let bound =
        |bound: Option<f64>| bound.map_or_else(|| "-".to_owned(), |bound| bound.to_string());
    let lines = columns.iter().map(|column| {
        format!(
            "{:<18}{:<9}{:<9}{:>2} .. {:<3}{}\n",
            column.name,
            column.kind.glue_type(),
            if column.nullable { "null" } else { "" },
            bound(column.minimum),
            bound(column.maximum),
            column.comment
        )
    });
    lines.collect()
}

#[test]
fn columns_follow_the_struct() {
    snapshots(|| {
        insta::assert_snapshot!("books_columns", table(&row_columns::<BookMetadata>()));
        insta::assert_snapshot!("invoices_columns", table(&row_columns::<InvoiceSummary>()));
    });
}

#[test]
fn columns_keep_the_order_of_declaration() {
    let names: Vec<_> = row_columns::<BookMetadata>()
        .iter()
        .map(|column| column.name)
        .collect();
    assert_eq!(
        names,
        [
            "title",
            "author",
            "isbn",
            "publisher",
            "published_year",
            "description",
            "confidence",
            "id",
            "filename",
            "processed_at",
            "source_bucket",
            "etag",
            "model_id",
            "parse_stage",
            "validation_errors",
            "input_tokens",
            "output_tokens"
        ]
    );
}

#[test]
fn prompts_follow_the_struct() {
    snapshots(|| {
        insta::assert_snapshot!("books_prompt", prompt::<BookMetadata>());
        insta::assert_snapshot!("invoices_prompt", prompt::<InvoiceSummary>());
    });
}

#[test]
fn prompts_show_no_confidence_to_copy() {
    for text in [prompt::<BookMetadata>(), prompt::<InvoiceSummary>()] {
        assert!(!text.contains("\"confidence\": 0"), "{text}");
        assert!(!text.contains("\"default\""), "{text}");
        assert!(!text.contains("\"example"), "{text}");
    }
}

#[test]
fn schemas_require_every_field_and_no_other() {
    let schema = schema::<BookMetadata>();
    let required: Vec<_> = schema["required"].as_array().unwrap().iter().collect();
    assert_eq!(required.len(), columns::<BookMetadata>().len());
    assert_eq!(schema["additionalProperties"], false);
    assert_eq!(schema["properties"]["confidence"]["maximum"], 1.0);
}

/// Every column is a key of the row, and every key a column: Parquet files and table cannot disagree.
#[test]
fn rows_have_the_columns_of_the_table() {
    fn check<R: Record>() {
        let row = Row {
            record: R::default(),
            provenance: Provenance::default(),
        };
        let cells = serde_json::to_value(&row).unwrap();
        let names: Vec<_> = row_columns::<R>()
            .iter()
            .map(|column| column.name)
            .collect();
        let keys: Vec<_> = cells
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(keys, names);
        for column in row_columns::<R>() {
            assert_eq!(
                cells[column.name].is_null(),
                column.nullable,
                "{}",
                column.name
            );
        }
    }
    check::<BookMetadata>();
    check::<InvoiceSummary>();
}

/// A field comment of two lines
/// is one comment.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
struct Odd {
    /// Two lines
    /// of comment
    #[serde(rename = "other_name")]
    renamed: Option<bool>,
}

#[test]
fn names_are_those_of_the_wire() {
    assert_eq!(
        columns::<Odd>(),
        [Column {
            name: "other_name",
            kind: ColumnKind::Boolean,
            nullable: true,
            comment: "Two lines of comment".into(),
            minimum: None,
            maximum: None,
        }]
    );
}

#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
struct Nested {
    /// No column can hold this
    tags: Vec<String>,
}

#[test]
#[should_panic(
    expected = "field `tags` of `Nested` has no column type: use String, i64, f64, bool or an Option of one"
)]
fn fields_without_a_column_type_are_refused() {
    let _ = columns::<Nested>();
}

#[test]
#[should_panic(expected = "it must be a struct with named fields")]
fn only_structs_have_columns() {
    let _ = columns::<String>();
}
