//! The dataset of a run.

use shared::batch::outcome::RecordCounts;
use tables::merge::{ChunkResult, merge};

fn result(number: u64, records: u64, succeeded: u64) -> ChunkResult {
    ChunkResult {
        number,
        file: format!("{number:04}.snappy.parquet"),
        counts: RecordCounts {
            records,
            succeeded,
            missing: records - succeeded,
            redrivable: records - succeeded,
            output_tokens: 10,
            ..RecordCounts::default()
        },
    }
}

#[test]
fn files_are_in_order_and_counts_are_sums() {
    let dataset = merge(vec![result(1, 3, 1), result(0, 5, 5)], &[5, 3]).unwrap();
    assert_eq!(
        dataset.files,
        ["0000.snappy.parquet", "0001.snappy.parquet"]
    );
    assert_eq!(dataset.redrivable, [1]);
    let counts = dataset.counts;
    assert_eq!(
        (counts.records, counts.succeeded, counts.missing),
        (8, 6, 2)
    );
    assert_eq!(counts.output_tokens, 20);
}

#[test]
fn an_incomplete_set_of_chunks_is_no_dataset() {
    let cases = [
        (vec![result(0, 5, 5)], "chunk 0001 has no results"),
        (
            vec![result(0, 5, 5), result(0, 5, 5), result(1, 3, 3)],
            "chunk 0000 has results twice",
        ),
        (
            vec![result(0, 5, 5), result(1, 2, 2)],
            "chunk 0001 has 2 results for 3 rows",
        ),
        (
            vec![result(0, 5, 5), result(1, 3, 3), result(2, 1, 1)],
            "chunk 0002 is not of this run",
        ),
    ];
    for (chunks, expected) in cases {
        let message = merge(chunks, &[5, 3]).unwrap_err().to_string();
        assert!(message.starts_with(expected), "{message}");
    }
}
