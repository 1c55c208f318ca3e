//! Another try: which rows, and which lines.

use std::collections::BTreeSet;

use bytes::Bytes;
use proptest::collection::vec;
use proptest::prelude::*;
use shared::batch::processor::Kind;
use tables::join::{Join, JoinLimits, ResultFormat};
use tables::redrive::{filter_lines, unfinished};

use crate::join::rows;
use crate::memory::{claude, error_line, text_line, to_parquet};

fn set(ids: &[&str]) -> BTreeSet<String> {
    ids.iter().map(|&id| id.to_owned()).collect()
}

fn filtered(lines: &str, ids: &[&str]) -> (u64, String) {
    let mut out = Vec::new();
    let kept = filter_lines("0000.jsonl", lines.as_bytes(), &set(ids), &mut out).unwrap();
    (kept, String::from_utf8(out).unwrap())
}

#[test]
fn missing_rows_and_those_of_a_busy_service_are_worth_another_try() {
    let ids = ["ok", "busy", "down", "wrong", "refused", "lost", "odd"];
    let outputs = [
        text_line("ok", "yes"),
        error_line("busy", 429, "slow down"),
        error_line("down", 503, "unwell"),
        error_line("wrong", 400, "no"),
        text_line("odd", ""),
    ];
    let mut join = Join::new("r", rows(&ids), Kind::Text, JoinLimits::default()).unwrap();
    join.read_outputs("o", "job", outputs.join("\n").as_bytes(), claude())
        .unwrap();
    let rejected = br#"{"recordId":"refused","message":"empty"}"#;
    join.read_rejected("r", &rejected[..]).unwrap();
    let (result, joined) = join.write("r", Vec::new(), ResultFormat::Parquet).unwrap();
    let again = unfinished("r", Bytes::from(result)).unwrap();
    assert_eq!(again, set(&["busy", "down", "lost"]));
    assert_eq!(joined.counts.redrivable, 3);
}

#[test]
fn another_file_is_no_result() {
    let error = unfinished("rows.parquet", rows(&["a"])).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("no column `status`, `error_code`"),
        "{error}"
    );
    let columns = ["record_id", "status", "error_code"].map(|name| {
        let text = std::sync::Arc::new(arrow::array::StringArray::from(vec!["x"]));
        (name, text as arrow::array::ArrayRef)
    });
    let batch = arrow::array::RecordBatch::try_from_iter(columns).unwrap();
    let error = unfinished("r", to_parquet(&batch)).unwrap_err();
    assert!(error.to_string().contains("`x` is not a status"), "{error}");
}

#[test]
fn lines_are_copied_as_they_are() {
    let first = r#"{ "modelInput" : {"x":1.0e2, "y": "\u00e9"}, "recordId":"a" }"#;
    let second = r#"{"recordId":"b","modelInput":{}}"#;
    let escaped = r#"{"recordId":"c\"\u00e9","modelInput":{}}"#;
    let all = [first, second, escaped].join("\n");
    assert_eq!(
        filtered(&all, &["a", "c\"é"]),
        (2, [first, escaped].join("\n"))
    );
    assert_eq!(filtered(&all, &["b", "unknown"]), (1, second.to_owned()));
    assert_eq!(filtered(&format!("{all}\n\n"), &[]), (0, String::new()));
}

#[test]
fn a_damaged_input_is_refused_with_its_line() {
    let lines = "{\"recordId\":\"a\",\"modelInput\":{}}\n{\"recordId\":\"b\",\"mod";
    let error = filter_lines("0000.jsonl", lines.as_bytes(), &set(&["a"]), Vec::new()).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("`0000.jsonl`: line 2 is not a record"),
        "{error}"
    );
}

proptest! {
    #[test]
    fn exactly_the_lines_asked_for_are_kept_in_order(
        lines in vec(("[a-e]{1,2}", "[ -~é😀]{0,20}"), 0..30),
        wanted in proptest::collection::btree_set("[a-e]{1,2}", 0..10),
        buffer in 1_usize..64,
    ) {
        let lines: Vec<_> = lines
            .iter()
            .map(|(id, text)| (id, serde_json::json!({"recordId": id, "modelInput": {"t": text}}).to_string()))
            .collect();
        let all: Vec<&str> = lines.iter().map(|(_, line)| line.as_str()).collect();
        let all = all.join("\n");
        let expected: Vec<&str> = lines
            .iter()
            .filter(|(id, _)| wanted.contains(*id))
            .map(|(_, line)| line.as_str())
            .collect();
        let mut out = Vec::new();
        // Small buffers: lines begin and end everywhere in them.
        let reader = std::io::BufReader::with_capacity(buffer, all.as_bytes());
        let kept = filter_lines("f", reader, &wanted, &mut out).unwrap();
        prop_assert_eq!(kept, expected.len() as u64);
        prop_assert_eq!(String::from_utf8(out).unwrap(), expected.join("\n"));
    }
}
