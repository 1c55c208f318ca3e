//! Results: every case of an output line.

use std::sync::Arc;

use arrow::array::{
    Array as _, ArrayRef, DictionaryArray, Float32Array, Int64Array, ListArray, RecordBatch,
    StringArray,
};
use arrow::datatypes::{Int8Type, Int64Type};
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaDataReader};
use parquet::file::properties::WriterProperties;
use shared::batch::processor::Kind;
use tables::TableError;
use tables::join::{Join, JoinLimits, Joined, ResultFormat};

use crate::memory::{
    cells, claude, error_line, from_parquet, text_line, titan, to_parquet, vector_line,
};

const MISSING: &str = "the job wrote no output for this record: redrive the run";

pub(crate) fn rows(ids: &[&str]) -> Bytes {
    let numbers = Int64Array::from_iter_values(0..ids.len().try_into().unwrap());
    let batch = RecordBatch::try_from_iter([
        ("record_id", Arc::new(StringArray::from(ids.to_vec())) as _),
        ("n", Arc::new(numbers) as _),
    ]);
    to_parquet(&batch.unwrap())
}

fn join(ids: &[&str], outputs: &[&str], kind: Kind) -> Join<Bytes> {
    let processor = match kind {
        Kind::Text => claude(),
        Kind::Embedding => titan(),
    };
    let mut join = Join::new("0000.parquet", rows(ids), kind, JoinLimits::default()).unwrap();
    for (number, lines) in outputs.iter().enumerate() {
        let job = format!("job{number}");
        join.read_outputs("0000.jsonl.out", &job, lines.as_bytes(), processor)
            .unwrap();
    }
    join
}

fn written(join: &Join<Bytes>, format: ResultFormat) -> (Bytes, Joined) {
    let (bytes, joined) = join.write("results", Vec::new(), format).unwrap();
    (bytes.into(), joined)
}

fn text_rows(join: &Join<Bytes>) -> (Vec<String>, Joined) {
    let (bytes, joined) = written(join, ResultFormat::Parquet);
    let rows = cells(&from_parquet(&bytes));
    let line = |row: Vec<Option<String>>| {
        let cells: Vec<_> = row
            .into_iter()
            .map(|cell| cell.unwrap_or("-".into()))
            .collect();
        cells.join("|")
    };
    (rows.into_iter().map(line).collect(), joined)
}

#[test]
fn each_kind_of_line_gives_its_row() {
    let outputs = [
        r#"{"recordId":"d","modelInput":{},"modelOutput":{"odd":1}}"#.to_owned(),
        String::new(),
        error_line("b", 400, "bad \"request\"") + "\r",
        text_line("zz", "whose?"),
        text_line("a", "é\n"),
        r#"{"recordId":"e"}"#.to_owned(),
        r#"{"recordId":"c","modelOu"#.to_owned(),
    ];
    let mut join = join(
        &["a", "b", "c", "d", "e", "f"],
        &[&outputs.join("\n")],
        Kind::Text,
    );
    let rejected = br#"{"recordId":"f","message":"the text is empty"}"#;
    join.read_rejected("0000.rejected.jsonl", &rejected[..])
        .unwrap();
    let (rows, joined) = text_rows(&join);
    assert_eq!(rows[0], "a|0|é\n|succeeded|-|-|end_turn|5|2|job0");
    assert_eq!(rows[1], "b|1|-|failed|400|bad \"request\"|-|-|-|job0");
    assert_eq!(rows[2], format!("c|2|-|missing|-|{MISSING}|-|-|-|-"));
    let unknown = "d|3|-|no_answer|-|the output is not one of Anthropic Messages: missing field";
    assert!(rows[3].starts_with(unknown), "{}", rows[3]);
    assert!(
        rows[4].starts_with("e|4|-|no_answer|-|the line has neither"),
        "{}",
        rows[4]
    );
    assert_eq!(rows[5], "f|5|-|rejected|-|the text is empty|-|-|-|-");
    let counts = joined.counts;
    assert_eq!(
        (
            counts.records,
            counts.succeeded,
            counts.failed,
            counts.no_answer
        ),
        (6, 1, 1, 2)
    );
    assert_eq!(
        (counts.rejected, counts.missing, counts.redrivable),
        (1, 1, 1)
    );
    assert_eq!((counts.input_tokens, counts.output_tokens), (5, 2));
    let outputs = joined.outputs;
    assert_eq!(
        (outputs.lines, outputs.unknown_ids, outputs.unreadable),
        (6, 1, 1)
    );
}

#[test]
fn the_first_success_counts_and_replaces_failures() {
    let failure = &error_line("a", 429, "slow");
    let (one, two) = (&text_line("a", "one"), &text_line("a", "two"));
    for (outputs, expected) in [
        ([one, two], "a|0|one|succeeded|-|-|end_turn|5|2|job0"),
        ([failure, two], "a|0|two|succeeded|-|-|end_turn|5|2|job1"),
        ([one, failure], "a|0|one|succeeded|-|-|end_turn|5|2|job0"),
        ([failure, failure], "a|0|-|failed|429|slow|-|-|-|job1"),
    ] {
        let outputs = outputs.map(String::as_str);
        let (rows, joined) = text_rows(&join(&["a"], &outputs, Kind::Text));
        assert_eq!(rows, [expected]);
        assert_eq!(joined.outputs.duplicates, 1);
    }
}

#[test]
fn rejected_rows_may_be_read_before_or_after_outputs() {
    let rejected = br#"{"recordId":"a","message":"no"}"#;
    let mut first = join(&["a"], &[], Kind::Text);
    first.read_rejected("r", &rejected[..]).unwrap();
    first
        .read_outputs("o", "job0", text_line("a", "one").as_bytes(), claude())
        .unwrap();
    let mut last = join(&["a"], &[&text_line("a", "one")], Kind::Text);
    last.read_rejected("r", &rejected[..]).unwrap();
    assert_eq!(text_rows(&first), text_rows(&last));
    assert_eq!(
        text_rows(&last).0,
        ["a|0|one|succeeded|-|-|end_turn|5|2|job0"]
    );
}

#[test]
fn a_changed_file_of_rejected_rows_is_refused() {
    for (line, expected) in [
        (
            r#"{"recordId":"b","message":"no"}"#,
            "line 1 has an id that no row of the chunk has",
        ),
        (r#"{"recordId":"a","mess"#, "line 1 is not a record"),
    ] {
        let mut join = join(&["a"], &[], Kind::Text);
        let error = join
            .read_rejected("r", line.as_bytes())
            .unwrap_err()
            .to_string();
        assert!(error.starts_with(&format!("`r`: {expected}")), "{error}");
    }
}

#[test]
fn vectors_are_lists_of_floats_and_errors_are_null() {
    let outputs = vector_line("b", &[0.5, -1e-3]);
    let join = join(&["a", "b"], &[&outputs], Kind::Embedding);
    let batch = from_parquet(&written(&join, ResultFormat::Parquet).0);
    let lists = batch.column_by_name("embedding").unwrap();
    let lists = lists.as_any().downcast_ref::<ListArray>().unwrap();
    assert!(lists.is_null(0));
    let vector = lists.value(1);
    let vector = vector.as_any().downcast_ref::<Float32Array>().unwrap();
    assert_eq!(vector.values(), &[0.5, -1e-3]);
}

#[test]
fn an_answer_of_the_other_kind_is_no_answer_and_its_tokens_count() {
    let mut join = join(&["a"], &[], Kind::Text);
    let line = vector_line("a", &[0.5]);
    join.read_outputs("o", "job0", line.as_bytes(), titan())
        .unwrap();
    assert_eq!(
        text_rows(&join).0,
        ["a|0|-|no_answer|-|the model gave a vector for a text, or a text for a vector|-|3|-|job0"]
    );
}

#[test]
fn csv_has_the_same_rows_as_parquet_of_the_same_join() {
    let outputs = text_line("b", "x, \"y\"\nz");
    let join = join(&["a", "b"], &[&outputs], Kind::Text);
    assert_eq!(written(&join, ResultFormat::Parquet).1.counts.succeeded, 1);
    let (bytes, _) = written(&join, ResultFormat::Csv);
    let header = "record_id,n,response,status,error_code,error_message,stop_reason,input_tokens,output_tokens,job_arn";
    let first = format!("a,0,,missing,,{MISSING},,,,");
    let second = "b,1,\"x, \"\"y\"\"\nz\",succeeded,,,end_turn,5,2,job0";
    assert_eq!(
        std::str::from_utf8(&bytes).unwrap(),
        format!("{header}\n{first}\n{second}\n")
    );
}

#[test]
fn vectors_in_csv_are_json() {
    let outputs = vector_line("a", &[0.5, 1.0]);
    let join = join(&["a"], &[&outputs], Kind::Embedding);
    let (bytes, _) = written(&join, ResultFormat::Csv);
    assert!(
        std::str::from_utf8(&bytes)
            .unwrap()
            .contains("\na,0,\"[0.5, 1.0]\",succeeded,")
    );
}

#[test]
fn rows_and_lines_that_break_the_rules_are_refused() {
    let error = Join::new(
        "0000.parquet",
        rows(&["a", "a"]),
        Kind::Text,
        JoinLimits::default(),
    )
    .err()
    .unwrap();
    assert!(
        matches!(error, TableError::DuplicateRecordId { row: 2, .. }),
        "{error}"
    );
    let limits = JoinLimits {
        line_bytes: 10,
        ..JoinLimits::default()
    };
    let mut join = Join::new("0000.parquet", rows(&["a"]), Kind::Text, limits).unwrap();
    let error = join
        .read_outputs("o", "job", &b"{}\n12345678901\n"[..], claude())
        .unwrap_err();
    assert!(
        matches!(error, TableError::LineTooLong { line: 2, .. }),
        "{error}"
    );
}

#[test]
fn rows_without_output_say_why_where_it_is_known() {
    let lines = text_line("a", "yes");
    let mut join = join(&["a", "b"], &[&lines], Kind::Text);
    join.explain_missing("the job failed: no access").unwrap();
    let (rows, joined) = text_rows(&join);
    assert!(rows[0].contains("|succeeded|-|-|"), "{rows:?}");
    assert!(
        rows[1].contains("|missing|-|the job failed: no access|"),
        "{rows:?}"
    );
    assert!(!rows[1].contains(MISSING));
    assert_eq!((joined.counts.missing, joined.counts.redrivable), (1, 1));
}

/// Two row groups of two rows, with what is easily lost: nulls, a nested column, a type that only Arrow knows.
fn nested_rows() -> Bytes {
    let lists = [
        Some(vec![Some(1), None]),
        None,
        Some(vec![]),
        Some(vec![Some(2)]),
    ];
    let lists = ListArray::from_iter_primitive::<Int64Type, _, _>(lists);
    let languages: DictionaryArray<Int8Type> = [Some("de"), None, Some("de"), Some("en")]
        .into_iter()
        .collect();
    let batch = RecordBatch::try_from_iter_with_nullable([
        (
            "record_id",
            Arc::new(StringArray::from(vec!["a", "b", "c", "d"])) as ArrayRef,
            false,
        ),
        ("lists", Arc::new(lists), true),
        ("language", Arc::new(languages), true),
    ])
    .unwrap();
    let groups = WriterProperties::builder()
        .set_max_row_group_row_count(Some(2))
        .build();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(groups)).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap().into()
}

#[test]
fn columns_of_the_rows_are_copied_unless_answers_are_long_and_read_the_same() {
    let results = |row_group_bytes, rows| {
        let limits = JoinLimits {
            row_group_bytes,
            ..JoinLimits::default()
        };
        let mut join = Join::new("0000.parquet", rows, Kind::Text, limits).unwrap();
        let lines = [text_line("d", "four"), text_line("a", "one")].join("\n");
        join.read_outputs("o", "job0", lines.as_bytes(), claude())
            .unwrap();
        let bytes = written(&join, ResultFormat::Parquet).0;
        let metadata = ParquetMetaDataReader::new()
            .parse_and_finish(&bytes)
            .unwrap();
        let sizes = metadata.row_groups().iter().map(|group| {
            let columns = group.columns()[..3].iter();
            columns
                .map(ColumnChunkMetaData::compressed_size)
                .collect::<Vec<_>>()
        });
        (from_parquet(&bytes), sizes.collect::<Vec<_>>())
    };
    let rows = ParquetMetaDataReader::new()
        .parse_and_finish(&nested_rows())
        .unwrap();
    let sizes: Vec<Vec<_>> = (rows.row_groups().iter())
        .map(|group| {
            group
                .columns()
                .iter()
                .map(ColumnChunkMetaData::compressed_size)
                .collect()
        })
        .collect();
    let (copied, sizes_of_copies) = results(1 << 20, nested_rows());
    assert_eq!(sizes_of_copies, sizes);
    // One byte a group is less than the answers have.
    let (encoded, sizes_of_encoded) = results(1, nested_rows());
    assert_ne!(sizes_of_encoded, sizes);
    assert_eq!(copied, encoded);
    let of_rows = copied.project(&[0, 1, 2]).unwrap();
    assert_eq!(of_rows.columns(), from_parquet(&nested_rows()).columns());
    assert_eq!(cells(&copied)[3][3].as_deref(), Some("four"));
}
