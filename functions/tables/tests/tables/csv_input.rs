//! CSV as people have it.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use tables::input::{Batches, Limits};
use tables::{CsvProblem, TableError};

use crate::memory::{grid, open, read_csv};

fn texts(rows: &[&[&str]]) -> Vec<Vec<Option<String>>> {
    let cell = |cell: &&str| Some((*cell).to_owned());
    rows.iter()
        .map(|row| row.iter().map(cell).collect())
        .collect()
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn quotes_line_breaks_and_empty_cells_are_kept() {
    let text = "topic,tone\r\n\"a \"\"b\"\", c\",\"x\r\ny\"\r\n,\"\"\r\nüñ😀,last";
    let (names, rows) = read_csv(text).unwrap();
    assert_eq!(names, ["topic", "tone"]);
    assert_eq!(
        rows,
        texts(&[&["a \"b\", c", "x\r\ny"], &["", ""], &["üñ😀", "last"]])
    );
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_first_name() {
    assert_eq!(read_csv("\u{feff}topic\ncats\n").unwrap().0, ["topic"]);
}

#[test]
fn gzip_is_seen_by_its_bytes_even_in_several_members() {
    let mut bytes = gzip("topic\ncats\n");
    bytes.extend(gzip("dogs\n"));
    for name in ["t.csv.gz", "T.CSV.GZ", "t.csv"] {
        let (_, rows) = grid(open(name, bytes.clone()).unwrap()).unwrap();
        assert_eq!(rows, texts(&[&["cats"], &["dogs"]]), "{name}");
    }
}

#[test]
fn damaged_gzip_is_an_error() {
    let mut bytes = gzip(&"topic\ncats and dogs\n".repeat(1000));
    bytes.truncate(bytes.len() / 2);
    let error = open("t.csv.gz", bytes).and_then(grid).unwrap_err();
    assert!(matches!(error, TableError::Read { .. }), "{error}");
}

#[test]
fn row_numbers_of_pandas_are_left_out() {
    let (names, rows) = read_csv("Unnamed: 0,topic\n0,cats\n").unwrap();
    assert_eq!(
        (names, rows),
        (vec!["topic".to_owned()], texts(&[&["cats"]]))
    );
}

#[test]
fn a_header_alone_is_a_table_without_rows() {
    for text in ["a,b", "a,b\n"] {
        assert_eq!(
            read_csv(text).unwrap(),
            (vec!["a".into(), "b".into()], vec![])
        );
    }
}

#[test]
fn every_broken_rule_is_named_with_its_line() {
    let cases: [(&[u8], u64, CsvProblem); 11] = [
        (b"", 1, CsvProblem::NoHeader),
        (b"a,,c\n", 1, CsvProblem::EmptyName { column: 2 }),
        (
            b"a,b,a\n",
            1,
            CsvProblem::DuplicateName { name: "a".into() },
        ),
        (
            b"a,b\n1,2\n3\n",
            3,
            CsvProblem::Ragged {
                found: 1,
                expected: 2,
            },
        ),
        (
            b"a,b\n\"1\n1\",2\n3,4,5\n",
            4,
            CsvProblem::Ragged {
                found: 3,
                expected: 2,
            },
        ),
        (
            b"a,b\n1,\xe9\n",
            2,
            CsvProblem::NotUtf8 { column: "b".into() },
        ),
        (b"a,b\n1\0,2\n", 2, CsvProblem::Nul { column: "a".into() }),
        (b"a\n\"1", 2, CsvProblem::OpenQuote),
        (b"\"a,b\n1,2\n", 1, CsvProblem::OpenQuote),
        (b"a\n1\n\"2\n3\n4\n", 3, CsvProblem::OpenQuote),
        (b"a\n1\n\0end\n", 3, CsvProblem::Nul { column: "a".into() }),
    ];
    for (bytes, expected_line, expected) in cases {
        let error = open("t.csv", bytes).and_then(grid).unwrap_err();
        let TableError::Csv { line, problem, .. } = error else {
            panic!("{error}");
        };
        assert_eq!(
            (line, problem),
            (expected_line, expected),
            "{}",
            bytes.escape_ascii()
        );
    }
}

#[test]
fn an_open_quote_does_not_take_all_the_memory() {
    let limits = Limits {
        record_bytes: 100_000,
        ..Limits::default()
    };
    let endless = std::io::Read::chain(&b"a\n\"open\n"[..], std::io::repeat(b'x'));
    let error = Batches::csv("t.csv", endless, limits)
        .and_then(grid)
        .unwrap_err();
    let limit = 100_000;
    assert!(
        matches!(&error, TableError::Csv { problem, .. } if *problem == CsvProblem::TooLong { limit }),
        "{error}"
    );
}

#[test]
fn batches_are_bounded_by_rows_and_by_bytes() {
    let text = format!("a\n{}", format!("{}\n", "x".repeat(100)).repeat(50));
    let sizes = |batch_rows, batch_bytes| -> Vec<usize> {
        let limits = Limits {
            batch_rows,
            batch_bytes,
            ..Limits::default()
        };
        let batches = Batches::open("t.csv", bytes::Bytes::from(text.clone()), limits).unwrap();
        batches.map(|batch| batch.unwrap().num_rows()).collect()
    };
    assert_eq!(sizes(20, 1 << 20), [20, 20, 10]);
    assert_eq!(sizes(1_000, 2_000), [20, 20, 10]);
}

#[test]
fn other_files_are_refused_with_what_to_do() {
    let cases: [(&str, &[u8], &str); 5] = [
        ("t.xlsx", b"PK\x03\x04...", "Excel"),
        ("t.csv", b"\xff\xfea\0", "UTF-16"),
        ("t.csv", b"\x28\xb5\x2f\xfd...", "Zstandard"),
        ("t.parquet", b"a,b\n", "called Parquet"),
        ("t.json", b"{\"a\":1}", "neither CSV nor Parquet"),
    ];
    for (name, bytes, expected) in cases {
        let message = open(name, bytes).err().unwrap().to_string();
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn files_of_a_prefix_are_one_table_and_must_agree() {
    let table = |second: &'static str| {
        let files = [("1.csv", "a,b\n1,2\n"), ("2.csv", second)];
        let files = files.map(|(name, text)| Ok((name.to_owned(), bytes::Bytes::from(text))));
        Batches::of_files(files, Limits::default()).and_then(grid)
    };
    assert_eq!(
        table("a,b\n3,4\n").unwrap().1,
        texts(&[&["1", "2"], &["3", "4"]])
    );
    let error = table("b,a\n3,4\n").unwrap_err();
    assert!(matches!(error, TableError::OtherColumns { .. }), "{error}");
}

#[test]
fn a_letter_torn_apart_by_a_comma_is_not_utf8() {
    let error = open("t.csv", &b"a,b\n\xc3,\xa9\n"[..]).and_then(grid);
    assert!(
        error
            .unwrap_err()
            .to_string()
            .contains("column `a` is not UTF-8"),
    );
}

#[test]
fn rows_are_counted_as_they_are_read_in_every_format() {
    let text = "a,b\n\"1\n2\",x\n3,\n\"\"\"\",\"\"\n";
    assert_eq!(open("t.csv", text).unwrap().count_rows().unwrap(), 3);
    let batch = open("t.csv", text).unwrap().next().unwrap().unwrap();
    let parquet = || Ok(("t.parquet".to_owned(), crate::memory::to_parquet(&batch)));
    let files = [parquet(), parquet()];
    let table = Batches::of_files(files, Limits::default()).unwrap();
    assert_eq!(table.count_rows().unwrap(), 6);
    let open_quote = open("t.csv", "a\n1\n\"2\n").unwrap().count_rows();
    assert!(open_quote.unwrap_err().to_string().contains("line 3"));
}
