//! The schema of results, as a reviewer should see it change, and as other readers are told it.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, RecordBatch, StringArray};
use bytes::Bytes;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::schema::printer::print_schema;
use shared::batch::processor::Kind;
use tables::join::{Join, JoinLimits, ResultFormat};

use crate::memory::to_parquet;

fn schema(kind: Kind) -> String {
    let columns: [(&str, ArrayRef, bool); 3] = [
        ("record_id", Arc::new(StringArray::from(vec!["a"])), false),
        ("topic", Arc::new(StringArray::from(vec!["b"])), true),
        ("score", Arc::new(Float64Array::from(vec![1.5])), true),
    ];
    let rows = to_parquet(&RecordBatch::try_from_iter_with_nullable(columns).unwrap());
    let join = Join::new("r", rows, kind, JoinLimits::default()).unwrap();
    let (result, _) = join.write("r", Vec::new(), ResultFormat::Parquet).unwrap();
    let reader = SerializedFileReader::new(Bytes::from(result)).unwrap();
    let mut text = Vec::new();
    print_schema(&mut text, reader.metadata().file_metadata().schema());
    String::from_utf8(text).unwrap()
}

fn assert_schema(name: &str, kind: Kind) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../../snapshots/tables");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, schema(kind)));
}

#[test]
fn results_with_texts() {
    assert_schema("text_result", Kind::Text);
}

#[test]
fn results_with_vectors() {
    assert_schema("embedding_result", Kind::Embedding);
}
