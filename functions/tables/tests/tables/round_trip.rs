//! Whatever the cells and whatever the outputs: each row comes back exactly once, with its own answer.

use bytes::Bytes;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};
use shared::batch::processor::Kind;
use tables::Fields;
use tables::chunks::{ChunkPlan, write_chunks};
use tables::input::{Batches, Limits};
use tables::join::{Join, JoinLimits, ResultFormat};

use crate::memory::{
    Memory, cells, claude, error_line, from_parquet, read_csv, text_line, write_json,
};

/// What happens to a row: rejected; or its line lost, cut off, failed, answered, answered twice, failed and then answered.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Rejected,
    Lost,
    CutOff,
    Failed,
    Answered,
    Twice,
    Redriven,
}

fn fate() -> impl Strategy<Value = Fate> {
    use Fate::{Answered, CutOff, Failed, Lost, Redriven, Rejected, Twice};
    proptest::sample::select(vec![
        Rejected, Lost, CutOff, Failed, Answered, Twice, Redriven,
    ])
}

impl Fate {
    /// Output lines for a record; the answer repeats the input.
    fn lines(self, id: &str, input: &str) -> Vec<String> {
        let (answer, failure) = (
            text_line(id, &format!("{input}!")),
            error_line(id, 500, "no"),
        );
        match self {
            Self::Rejected | Self::Lost => vec![],
            // Two bytes less are no JSON, and no prefix of a line is a line.
            Self::CutOff => vec![answer[..answer.len() - 2].to_owned()],
            Self::Failed => vec![failure],
            Self::Answered => vec![answer],
            Self::Twice => vec![answer.clone(), answer],
            Self::Redriven => vec![failure, answer],
        }
    }

    fn status(self) -> &'static str {
        match self {
            Self::Rejected => "rejected",
            Self::Lost | Self::CutOff => "missing",
            Self::Failed => "failed",
            Self::Answered | Self::Twice | Self::Redriven => "succeeded",
        }
    }
}

/// Cells with everything that a CSV reader can stumble over.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~\n\r\t\",é日😀\u{feff}\u{2028}]{0,12}",
        Just(String::new()),
        Just("\"".to_owned()),
        Just("\r\n".to_owned()),
        "[^\0]{0,8}",
    ]
}

fn as_csv(header: &[&str], rows: &[[String; 2]]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(header).unwrap();
    for row in rows {
        writer.write_record(row).unwrap();
    }
    writer.into_inner().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn csv_cells_survive(rows in vec([cell(), cell()], 0..20)) {
        let (names, read) = read_csv(as_csv(&["a", "b"], &rows)).unwrap();
        prop_assert_eq!(names, ["a", "b"]);
        let written: Vec<Vec<_>> = rows.into_iter().map(|row| row.map(Some).to_vec()).collect();
        prop_assert_eq!(read, written);
    }

    #[test]
    fn every_row_comes_back_once_with_its_own_answer(
        records in vec(([cell(), cell()], fate(), any::<u32>()), 1..40),
        first_chunk in 0_usize..40,
        answer_bytes in 0_usize..200,
        row_group_bytes in prop_oneof![Just(0), Just(100), Just(8 << 20)],
    ) {
        let rows: Vec<_> = records.iter().map(|(row, ..)| row.clone()).collect();
        let few = Limits { batch_rows: 7, ..Limits::default() };
        let table = Batches::open("t.csv", Bytes::from(as_csv(&["topic", "other"], &rows)), few).unwrap();
        let fields = Fields::find(table.schema(), ["topic"]).unwrap();
        let first = first_chunk.min(rows.len() - 1);
        let sizes: Vec<u64> = [first, rows.len() - first]
            .into_iter()
            .filter(|&size| size > 0)
            .map(|size| size as u64)
            .collect();
        let plan = ChunkPlan { run_id: "run", sizes: &sizes, row_group_bytes };
        let mut files = Memory::default();
        let chunks = write_chunks(table, &fields, &plan, &mut files, |row, out| {
            let number = usize::try_from(row.number).unwrap();
            if matches!(records[number].1, Fate::Rejected) {
                return Err("not this one");
            }
            write_json(&json!({"inputText": row.text("topic")}), out);
            Ok(())
        }).unwrap();

        let mut number = 0;
        for chunk in chunks {
            let mut lines = Vec::new();
            let mut records_of_chunk = records[number..].iter().filter(|(_, fate, _)| !matches!(fate, Fate::Rejected));
            for input in files.text(&chunk.inputs).split('\n').filter(|line| !line.is_empty()) {
                let (_, fate, order) = records_of_chunk.next().unwrap();
                let record: Value = serde_json::from_str(input).unwrap();
                let (id, text) = (record["recordId"].as_str().unwrap(), record["modelInput"]["inputText"].as_str().unwrap());
                lines.extend(fate.lines(id, text).into_iter().map(|line| (*order, line)));
            }
            lines.sort();
            let text: Vec<_> = lines.into_iter().map(|(_, line)| line).collect();
            let limits = JoinLimits { answer_bytes, row_group_bytes, rows: few, ..JoinLimits::default() };
            let mut join = Join::new(&chunk.rows, files.0[&chunk.rows].clone(), Kind::Text, limits).unwrap();
            join.read_outputs("o", "job", text.join("\n").as_bytes(), claude()).unwrap();
            if let Some(name) = &chunk.rejected {
                join.read_rejected(name, files.text(name).as_bytes()).unwrap();
            }
            let (bytes, joined) = join.write("r", Vec::new(), ResultFormat::Parquet).unwrap();
            let counts = joined.counts;
            prop_assert_eq!(counts.records, chunk.records);
            prop_assert_eq!(counts.succeeded + counts.failed + counts.missing + counts.rejected, chunk.records);
            prop_assert_eq!(counts.records - counts.rejected, chunk.sent);
            for row in cells(&from_parquet(&bytes.into())) {
                let ([topic, other], fate, _) = &records[number];
                prop_assert_eq!(row[1].as_ref(), Some(topic));
                prop_assert_eq!(row[2].as_ref(), Some(other));
                prop_assert_eq!(row[4].as_deref().unwrap(), fate.status());
                let answer = (fate.status() == "succeeded").then(|| format!("{topic}!"));
                prop_assert_eq!(row[3].as_ref(), answer.as_ref());
                number += 1;
            }
        }
        prop_assert_eq!(number, records.len());
    }
}
