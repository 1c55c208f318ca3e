//! Results: every case of an output line.

use std::sync::Arc;

use arrow::array::{Array as _, Float32Array, Int64Array, ListArray, RecordBatch, StringArray};
use bytes::Bytes;
use serde_json::Value;
use serde_json::value::RawValue;
use tables::TableError;
use tables::join::{Answer, ChunkCounts, Content, Join, JoinLimits, Kind, ResultFormat};

use crate::memory::{cells, from_parquet, to_parquet};

fn rows(ids: &[&str]) -> Bytes {
    let numbers = Int64Array::from_iter_values(0..ids.len().try_into().unwrap());
    let batch = RecordBatch::try_from_iter([
        ("record_id", Arc::new(StringArray::from(ids.to_vec())) as _),
        ("n", Arc::new(numbers) as _),
    ]);
    to_parquet(&batch.unwrap())
}

pub(crate) fn parse(output: &RawValue) -> Result<Answer, String> {
    let output: Value = serde_json::from_str(output.get()).map_err(|error| error.to_string())?;
    let content = match (&output["text"], &output["embedding"]) {
        (Value::String(text), _) => Content::Text(text.clone()),
        (_, Value::Array(_)) => {
            let vector = serde_json::from_value(output["embedding"].clone());
            Content::Embedding(vector.map_err(|error| error.to_string())?)
        }
        _ => return Err("no content".to_owned()),
    };
    Ok(Answer {
        content,
        stop_reason: output["stop"].as_str().map(str::to_owned),
        input_tokens: output["in"].as_i64(),
        output_tokens: output["out"].as_i64(),
    })
}

fn joined(
    ids: &[&str],
    outputs: &[&str],
    kind: Kind,
    format: ResultFormat,
) -> (Bytes, ChunkCounts) {
    let mut join = Join::new("0000.parquet", rows(ids), kind, JoinLimits::default()).unwrap();
    for (number, lines) in outputs.iter().enumerate() {
        let job = format!("job{number}");
        join.read_outputs("0000.jsonl.out", &job, lines.as_bytes(), parse)
            .unwrap();
    }
    let (bytes, counts) = join.write("results", Vec::new(), format).unwrap();
    (bytes.into(), counts)
}

fn text_rows(ids: &[&str], outputs: &[&str]) -> (Vec<String>, ChunkCounts) {
    let (bytes, counts) = joined(ids, outputs, Kind::Text, ResultFormat::Parquet);
    let rows = cells(&from_parquet(&bytes));
    let line = |row: Vec<Option<String>>| {
        let cells: Vec<_> = row
            .into_iter()
            .map(|cell| cell.unwrap_or("-".into()))
            .collect();
        cells.join("|")
    };
    (rows.into_iter().map(line).collect(), counts)
}

#[test]
fn each_kind_of_line_gives_its_row() {
    let outputs = concat!(
        r#"{"recordId":"d","modelInput":{},"modelOutput":{"odd":1}}"#,
        "\n\n",
        r#"{"recordId":"b","modelInput":{},"error":{"errorCode":400,"errorMessage":"bad \"request\""}}"#,
        "\r\n",
        r#"{"recordId":"zz","modelInput":{},"modelOutput":{"text":"whose?"}}"#,
        "\n",
        r#"{"recordId":"a","modelInput":{},"modelOutput":{"text":"é\n","stop":"end_turn","in":5,"out":2}}"#,
        "\n",
        r#"{"recordId":"e"}"#,
        "\n",
        r#"{"recordId":"c","modelOu"#,
    );
    let (rows, counts) = text_rows(&["a", "b", "c", "d", "e"], &[outputs]);
    assert_eq!(
        rows,
        [
            "a|0|é\n|succeeded|-|-|end_turn|5|2|job0",
            "b|1|-|failed|400|bad \"request\"|-|-|-|job0",
            "c|2|-|missing|-|-|-|-|-|-",
            "d|3|-|failed|unreadable_output|no content|-|-|-|job0",
            "e|4|-|failed|no_output|the line has neither modelOutput nor error|-|-|-|job0",
        ]
    );
    assert_eq!(
        (
            counts.records,
            counts.succeeded,
            counts.failed,
            counts.missing
        ),
        (5, 1, 3, 1)
    );
    assert_eq!(
        (
            counts.outputs.lines,
            counts.outputs.unknown_ids,
            counts.outputs.unreadable
        ),
        (6, 1, 1)
    );
    assert_eq!((counts.input_tokens, counts.output_tokens), (5, 2));
}

#[test]
fn the_first_success_counts_and_replaces_failures() {
    let failure = r#"{"recordId":"a","error":{"errorCode":"Throttled","errorMessage":"slow"}}"#;
    let one = r#"{"recordId":"a","modelOutput":{"text":"one"}}"#;
    let two = r#"{"recordId":"a","modelOutput":{"text":"two"}}"#;
    for (outputs, expected) in [
        ([one, two], "a|0|one|succeeded|-|-|-|-|-|job0"),
        ([failure, two], "a|0|two|succeeded|-|-|-|-|-|job1"),
        ([one, failure], "a|0|one|succeeded|-|-|-|-|-|job0"),
        ([failure, failure], "a|0|-|failed|Throttled|slow|-|-|-|job1"),
    ] {
        let (rows, counts) = text_rows(&["a"], &outputs);
        assert_eq!(rows, [expected]);
        assert_eq!(counts.outputs.duplicates, 1);
    }
}

#[test]
fn vectors_are_lists_of_floats_and_errors_are_null() {
    let outputs = r#"{"recordId":"b","modelOutput":{"embedding":[0.5,-1e-3]}}"#;
    let (bytes, _) = joined(
        &["a", "b"],
        &[outputs],
        Kind::Embedding,
        ResultFormat::Parquet,
    );
    let batch = from_parquet(&bytes);
    let lists = batch.column_by_name("embedding").unwrap();
    let lists = lists.as_any().downcast_ref::<ListArray>().unwrap();
    assert!(lists.is_null(0));
    let vector = lists.value(1);
    let vector = vector.as_any().downcast_ref::<Float32Array>().unwrap();
    assert_eq!(vector.values(), &[0.5, -1e-3]);
}

#[test]
fn an_answer_of_the_other_kind_is_a_failure() {
    let outputs = r#"{"recordId":"a","modelOutput":{"embedding":[0.5]}}"#;
    let (rows, _) = text_rows(&["a"], &[outputs]);
    assert_eq!(
        rows,
        ["a|0|-|failed|unreadable_output|text and vectors are mixed up|-|-|-|job0"]
    );
}

#[test]
fn csv_has_the_same_rows() {
    let outputs = r#"{"recordId":"b","modelOutput":{"text":"x, \"y\"\nz"}}"#;
    let (bytes, _) = joined(&["a", "b"], &[outputs], Kind::Text, ResultFormat::Csv);
    assert_eq!(
        std::str::from_utf8(&bytes).unwrap(),
        "record_id,n,response,status,error_code,error_message,stop_reason,input_tokens,output_tokens,job_arn\n\
         a,0,,missing,,,,,,\n\
         b,1,\"x, \"\"y\"\"\nz\",succeeded,,,,,,job0\n"
    );
}

#[test]
fn vectors_in_csv_are_json() {
    let outputs = r#"{"recordId":"a","modelOutput":{"embedding":[0.5,1.0]}}"#;
    let (bytes, _) = joined(&["a"], &[outputs], Kind::Embedding, ResultFormat::Csv);
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
        .read_outputs("o", "job", &b"{}\n12345678901\n"[..], parse)
        .unwrap_err();
    assert!(
        matches!(error, TableError::LineTooLong { line: 2, .. }),
        "{error}"
    );
}
