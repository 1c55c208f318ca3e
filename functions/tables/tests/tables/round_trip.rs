//! Whatever the cells and whatever the outputs: each row comes back exactly once, with its own answer.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};
use tables::Fields;
use tables::chunks::{ChunkPlan, write_chunks};
use tables::join::{Join, JoinLimits, Kind, ResultFormat};

use crate::join::parse;
use crate::memory::{Memory, cells, from_parquet, open, read_csv};

/// What happens to a record's line: lost, failed, answered, answered twice, failed and then answered.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Lost,
    Failed,
    Answered,
    Twice,
    Redriven,
}

fn fate() -> impl Strategy<Value = Fate> {
    use Fate::{Answered, Failed, Lost, Redriven, Twice};
    prop_oneof![
        Just(Lost),
        Just(Failed),
        Just(Answered),
        Just(Twice),
        Just(Redriven)
    ]
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

/// The line of an answer, or of a failure; the answer repeats the input.
fn line(record: &Value, answered: bool) -> String {
    let (id, input) = (&record["recordId"], &record["modelInput"]);
    let line = if answered {
        json!({"recordId": id, "modelInput": input, "modelOutput": {"text": input["inputText"]}})
    } else {
        json!({"recordId": id, "modelInput": input, "error": {"errorCode": 500, "errorMessage": "no"}})
    };
    line.to_string()
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
    ) {
        let rows: Vec<_> = records.iter().map(|(row, ..)| row.clone()).collect();
        let table = open("t.csv", as_csv(&["topic", "other"], &rows)).unwrap();
        let fields = Fields::find(table.schema(), ["topic"]).unwrap();
        let first = first_chunk.min(rows.len() - 1);
        let sizes: Vec<u64> = [first, rows.len() - first]
            .into_iter()
            .filter(|&size| size > 0)
            .map(|size| size as u64)
            .collect();
        let plan = ChunkPlan { run_id: "run", sizes: &sizes, row_group_bytes: 1 << 20 };
        let mut files = Memory::default();
        let chunks = write_chunks(table, &fields, &plan, &mut files, |row| {
            Ok::<_, String>(json!({"inputText": row.text("topic")}))
        }).unwrap();

        let mut number = 0;
        for chunk in chunks {
            let mut lines = Vec::new();
            let inputs = files.text(&chunk.inputs).split('\n');
            for (input, (_, fate, order)) in inputs.zip(&records[number..]) {
                let record: Value = serde_json::from_str(input).unwrap();
                let answers: &[bool] = match fate {
                    Fate::Lost => &[],
                    Fate::Failed => &[false],
                    Fate::Answered => &[true],
                    Fate::Twice => &[true, true],
                    Fate::Redriven => &[false, true],
                };
                lines.extend(answers.iter().map(|&answered| (*order, line(&record, answered))));
            }
            lines.sort();
            let text: Vec<_> = lines.into_iter().map(|(_, line)| line).collect();
            let limits = JoinLimits { answer_bytes, ..JoinLimits::default() };
            let mut join = Join::new(&chunk.rows, files.0[&chunk.rows].clone(), Kind::Text, limits).unwrap();
            join.read_outputs("o", "job", text.join("\n").as_bytes(), parse).unwrap();
            let (bytes, counts) = join.write("r", Vec::new(), ResultFormat::Parquet).unwrap();
            prop_assert_eq!(counts.records, chunk.records);
            prop_assert_eq!(counts.succeeded + counts.failed + counts.missing, chunk.records);
            for row in cells(&from_parquet(&bytes.into())) {
                let ([topic, other], fate, _) = &records[number];
                let expected = match fate {
                    Fate::Lost => ("missing", None),
                    Fate::Failed => ("failed", None),
                    Fate::Answered | Fate::Twice | Fate::Redriven => ("succeeded", Some(topic)),
                };
                prop_assert_eq!(row[1].as_ref(), Some(topic));
                prop_assert_eq!(row[2].as_ref(), Some(other));
                prop_assert_eq!((row[4].as_deref().unwrap(), row[3].as_ref()), expected);
                number += 1;
            }
        }
        prop_assert_eq!(number, records.len());
    }
}
