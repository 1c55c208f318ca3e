//! Chunks: sizes, ids, files.

use serde_json::{Value, json};
use tables::chunks::{Chunk, ChunkPlan, write_chunks};
use tables::{Fields, Folder, TableError};

use crate::memory::{Memory, cells, from_parquet, open, write_json};

type Written = Result<(Vec<Chunk>, Memory), TableError>;

fn cut(text: &'static str, sizes: &[u64]) -> Written {
    let batches = open("t.csv", text)?;
    let fields = Fields::find(batches.schema(), ["topic"])?;
    let plan = ChunkPlan {
        run_id: "run-1",
        sizes,
        row_group_bytes: 1 << 20,
    };
    let mut files = Memory::default();
    let chunks = write_chunks(batches, &fields, &plan, &mut files, |row, out| {
        match row.text("topic") {
            Some("bad") => {
                out.extend_from_slice(b"half a body");
                Err("no such \"topic\"")
            }
            topic => {
                write_json(&json!({ "inputText": topic }), out);
                Ok(())
            }
        }
    })?;
    Ok((chunks, files))
}

fn refusal(text: &'static str, sizes: &[u64]) -> String {
    cut(text, sizes).err().unwrap().to_string()
}

#[test]
fn chunks_have_the_planned_sizes_and_lines_without_a_last_line_feed() {
    let (chunks, files) = cut("topic,n\na,1\nb,2\nc,3\nd,4\n", &[2, 1]).unwrap();
    let sizes: Vec<_> = chunks
        .iter()
        .map(|chunk| (chunk.first_row, chunk.records))
        .collect();
    assert_eq!(sizes, [(0, 2), (2, 1)]);
    assert_eq!(chunks[0].input_bytes, files.0["0000.jsonl"].len() as u64);
    let names: Vec<_> = files.0.keys().collect();
    assert_eq!(
        names,
        ["0000.jsonl", "0000.parquet", "0001.jsonl", "0001.parquet"]
    );
    let lines: Vec<&str> = files.text("0000.jsonl").split('\n').collect();
    assert_eq!(lines.len(), 2);
    let line: Value = serde_json::from_str(lines[1]).unwrap();
    let rows = cells(&from_parquet(&files.0["0000.parquet"]));
    assert_eq!(line["recordId"], rows[1][0].clone().unwrap());
    assert_eq!(line["modelInput"], json!({"inputText": "b"}));
    assert_eq!(rows[1][1..], [Some("b".to_owned()), Some("2".to_owned())]);
}

#[test]
fn made_ids_follow_from_run_and_row() {
    let ids = |sizes: &[u64]| -> Vec<String> {
        let (_, files) = cut("topic\na\nb\nc\n", sizes).unwrap();
        let text = files
            .0
            .keys()
            .filter(|name| name.ends_with("jsonl"))
            .map(|name| files.text(name));
        let lines: Vec<Value> = text
            .flat_map(str::lines)
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        lines
            .iter()
            .map(|line| line["recordId"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(ids(&[3]), ids(&[1, 2]), "the cut does not matter");
    assert!(ids(&[3])[2].ends_with("-0000000002"));
}

#[test]
fn ids_of_the_table_are_used_and_come_first() {
    let (_, files) = cut("topic,record_id\na,x1\nb,x2\n", &[2]).unwrap();
    assert!(
        files
            .text("0000.jsonl")
            .starts_with(r#"{"recordId":"x1","modelInput":"#)
    );
    let rows = from_parquet(&files.0["0000.parquet"]);
    let names: Vec<_> = rows
        .schema()
        .fields()
        .iter()
        .map(|field| field.name().clone())
        .collect();
    assert_eq!(names, ["record_id", "topic"]);
}

#[test]
fn what_cannot_be_cut_is_refused_with_the_row() {
    let ids = "topic,record_id\na,x\nb,x\n";
    assert!(refusal(ids, &[2]).starts_with("`record_id` is `x` in row 2"));
    assert!(refusal("topic,record_id\na,\n", &[1]).starts_with("`record_id` is empty in row 1"));
    assert!(refusal("topic,status\na,1\n", &[1]).contains("`status`"));
    assert!(refusal("topic\na\n", &[1, 1]).starts_with("the table has 1 rows, 2 were planned"));
}

#[test]
fn a_folder_shows_files_only_when_they_are_whole() {
    let place = tempfile::tempdir().unwrap();
    let mut folder = Folder(place.path().to_owned());
    let run = |folder: &mut Folder, sizes: &[u64]| {
        let batches = open("t.csv", "topic\na\n")?;
        let fields = Fields::find(batches.schema(), ["topic"])?;
        let plan = ChunkPlan {
            run_id: "run",
            sizes,
            row_group_bytes: 1 << 20,
        };
        write_chunks(batches, &fields, &plan, folder, |_, out| {
            write_json(&Value::Null, out);
            Ok::<_, String>(())
        })
    };
    assert!(run(&mut folder, &[2]).is_err());
    assert!(!place.path().join("0000.jsonl").exists());
    run(&mut folder, &[1]).unwrap();
    assert!(place.path().join("0000.jsonl").exists() && place.path().join("0000.parquet").exists());
}

#[test]
fn a_row_without_a_body_is_rejected_with_its_reason_and_keeps_its_place() {
    let table = "topic,record_id\nbad,x1\na,x2\nbad,x3\nb,x4\nc,x5\n";
    let (chunks, files) = cut(table, &[4, 1]).unwrap();
    let counts: Vec<_> = chunks
        .iter()
        .map(|chunk| (chunk.records, chunk.sent, chunk.rejected.as_deref()))
        .collect();
    assert_eq!(counts, [(4, 2, Some("0000.rejected.jsonl")), (1, 1, None)]);
    assert_eq!(
        files.text("0000.jsonl"),
        concat!(
            r#"{"recordId":"x2","modelInput":{"inputText":"a"}}"#,
            "\n",
            r#"{"recordId":"x4","modelInput":{"inputText":"b"}}"#,
        )
    );
    assert_eq!(chunks[0].input_bytes, files.0["0000.jsonl"].len() as u64);
    assert_eq!(
        files.text("0000.rejected.jsonl"),
        concat!(
            r#"{"recordId":"x1","message":"no such \"topic\""}"#,
            "\n",
            r#"{"recordId":"x3","message":"no such \"topic\""}"#,
            "\n",
        )
    );
    assert_eq!(from_parquet(&files.0["0000.parquet"]).num_rows(), 4);
    assert!(!files.0.contains_key("0001.rejected.jsonl"));
}

#[test]
fn a_chunk_of_rejected_rows_has_an_empty_file_for_the_model() {
    let (chunks, files) = cut("topic\nbad\n", &[1]).unwrap();
    assert_eq!(
        (chunks[0].records, chunks[0].sent, chunks[0].input_bytes),
        (1, 0, 0)
    );
    assert_eq!(files.text("0000.jsonl"), "");
}
