//! Single partitions: what is written, what goes when, and what is left alone.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Int64Array, NullArray};
use compact::Side;
use shared::contracts::{CompactReport, UnreadableFile};
use time::macros::datetime;

use crate::files::{Row, batches, file, text};
use crate::memory::Memory;

const DAY: &str = "year=2026/month=03/day=09";
const TODAY: &str = "year=2026/month=03/day=10";

fn bucket() -> Arc<Memory> {
    Memory::new(datetime!(2026-03-10 02:00 UTC), |_| {})
}

fn live(store: &Memory, row: &Row) {
    store.arrive(Side::Live, DAY, &format!("{}.parquet", row.id), row.file());
}

fn compacted_rows(store: &Memory) -> Vec<Row> {
    let bucket = store.bucket();
    assert_eq!(bucket.compacted.len(), 1, "{:?}", bucket.compacted.keys());
    bucket
        .compacted
        .into_values()
        .flat_map(|file| file.rows)
        .collect()
}

#[test]
fn a_closed_day_becomes_one_file_in_the_order_of_ids() {
    let store = bucket();
    let rows: Vec<Row> = ["c", "a", "b"]
        .iter()
        .map(|id| Row::new(id, "2026-03-09T10:00:00Z", "t"))
        .collect();
    for row in &rows {
        live(&store, row);
    }
    store.arrive(Side::Live, TODAY, "d.parquet", rows[0].file());
    let report = store.run(None).unwrap();
    let expected = CompactReport {
        compacted: vec![DAY.into()],
        rows: 3,
        ..CompactReport::default()
    };
    assert_eq!(report, expected);
    let ids: Vec<String> = compacted_rows(&store)
        .into_iter()
        .map(|row| row.id)
        .collect();
    assert_eq!(ids, ["a", "b", "c"]);
    assert_eq!(store.bucket().live.len(), 4, "nothing goes before its time");
}

#[test]
fn replaced_files_go_after_the_grace_and_not_before() {
    let store = bucket();
    live(&store, &Row::new("a", "2026-03-09T10:00:00Z", "t"));
    store.run(None).unwrap();
    store.wait(11);
    assert_eq!(store.run(None).unwrap(), CompactReport::default());
    assert_eq!(store.bucket().live.len(), 1);
    store.wait(1);
    assert_eq!(store.run(None).unwrap().removed, 1);
    assert!(store.bucket().live.is_empty());
    assert_eq!(compacted_rows(&store).len(), 1);
    assert_eq!(
        (store.run(None).unwrap(), store.writes()),
        (CompactReport::default(), 1)
    );
}

#[test]
fn a_row_that_comes_late_is_merged_and_the_older_file_goes() {
    let store = bucket();
    live(&store, &Row::new("a", "2026-03-09T10:00:00Z", "t"));
    store.run(None).unwrap();
    live(&store, &Row::new("b", "2026-03-10T09:00:00Z", "t"));
    store.wait(24);
    assert_eq!(store.run(None).unwrap().rows, 2);
    assert_eq!(store.bucket().compacted.len(), 2);
    store.wait(24);
    assert_eq!(store.run(None).unwrap().removed, 3);
    assert_eq!(compacted_rows(&store).len(), 2);
}

#[test]
fn the_newest_version_of_a_row_is_kept() {
    let store = bucket();
    let new = Row::new("a", "2026-03-09T12:00:00Z", "new");
    store.arrive(Side::Live, DAY, "1.parquet", new.file());
    store.arrive(
        Side::Live,
        DAY,
        "2.parquet",
        Row::new("a", "2026-03-09T11:00:00Z", "old").file(),
    );
    store.run(None).unwrap();
    assert_eq!(compacted_rows(&store), [new]);
    let newer = Row::new("a", "2026-03-11T00:00:00Z", "newer");
    store.arrive(Side::Live, DAY, "2.parquet", newer.file());
    for _ in 0..2 {
        store.wait(24);
        store.run(None).unwrap();
    }
    assert_eq!(compacted_rows(&store), [newer]);
    assert!(store.bucket().live.is_empty());
}

#[test]
fn a_version_that_arrives_between_reading_and_removing_is_not_lost() {
    let store = bucket();
    let newer = Row::new("a", "2026-03-11T00:00:00Z", "newer");
    live(&store, &Row::new("a", "2026-03-09T10:00:00Z", "t"));
    live(&store, &Row::new("b", "2026-03-09T10:00:00Z", "t"));
    store.run(None).unwrap();
    store.wait(24);
    store.arrive_late(DAY, "a.parquet", newer.file());
    assert_eq!(store.run(None).unwrap().removed, 1);
    assert_eq!(store.run(None).unwrap().rows, 2);
    store.wait(24);
    store.run(None).unwrap();
    assert_eq!(compacted_rows(&store)[0], newer);
}

#[test]
fn columns_follow_the_newest_file_and_missing_ones_are_null() {
    let store = bucket();
    let old = Row::new("a", "2026-03-09T10:00:00Z", "t");
    let new = Row::new("b", "2026-03-09T11:00:00Z", "t").with_pages(42);
    live(&store, &old);
    store.wait(1);
    live(&store, &new);
    store.run(None).unwrap();
    assert_eq!(compacted_rows(&store), [old, new]);
    let file = store.bucket().compacted.into_values().next().unwrap();
    let schema = batches(&file.bytes)[0].schema();
    let names: Vec<&str> = schema
        .fields()
        .iter()
        .map(|field| field.name().as_str())
        .collect();
    assert_eq!(names, ["title", "pages", "id", "processed_at"]);
    assert!(schema.fields().iter().all(|field| field.is_nullable()));
}

/// pandas writes a column without a type when all its values are null.
#[test]
fn a_column_of_nulls_takes_the_type_of_the_others() {
    let store = bucket();
    let nulls: ArrayRef = Arc::new(NullArray::new(1));
    let columns = vec![
        ("title", text(["t"])),
        ("pages", nulls),
        ("id", text(["a"])),
        ("processed_at", text(["2026-03-09T10:00:00Z"])),
    ];
    store.arrive(Side::Live, DAY, "a.parquet", file(columns));
    let typed = Row::new("b", "2026-03-09T11:00:00Z", "t").with_pages(42);
    live(&store, &typed);
    store.run(None).unwrap();
    assert_eq!(
        compacted_rows(&store),
        [Row::new("a", "2026-03-09T10:00:00Z", "t"), typed]
    );
}

fn unreadable(report: &CompactReport) -> Vec<(&str, &str)> {
    let files = report.unreadable.iter();
    files
        .map(|UnreadableFile { key, reason }| (key.as_str(), reason.as_str()))
        .collect()
}

#[test]
fn a_live_file_that_cannot_be_read_is_reported_and_never_removed() {
    let store = bucket();
    live(
        &store,
        &Row::new("a", "2026-03-09T10:00:00Z", "t").with_pages(1),
    );
    let wrong_type: ArrayRef = Arc::new(BooleanArray::from(vec![true]));
    let no_id: ArrayRef = Arc::new(Int64Array::from(vec![7]));
    let time = || text(["2026-03-09T10:00:00Z"]);
    store.arrive(
        Side::Live,
        DAY,
        "broken.parquet",
        b"PAR1 and then nothing".to_vec(),
    );
    store.arrive(
        Side::Live,
        DAY,
        "number.parquet",
        file(vec![("id", no_id), ("processed_at", time())]),
    );
    store.wait(-1);
    let columns = vec![
        ("pages", wrong_type),
        ("id", text(["b"])),
        ("title", text(["t"])),
        ("processed_at", time()),
    ];
    store.arrive(Side::Live, DAY, "type.parquet", file(columns));
    store.wait(1);
    let report = store.run(None).unwrap();
    assert_eq!(report.rows, 1);
    let found = unreadable(&report);
    let keys: Vec<&str> = found
        .iter()
        .map(|(key, _)| key.rsplit('/').next().unwrap())
        .collect();
    assert_eq!(keys, ["broken.parquet", "number.parquet", "type.parquet"]);
    assert!(
        found[0].1.starts_with("not a readable Parquet file"),
        "{}",
        found[0].1
    );
    assert_eq!(
        found[1].1,
        "it has no text column `id` without nulls, so its rows cannot be told apart"
    );
    assert_eq!(
        found[2].1,
        "its column `pages` is Boolean, newer files have Int64; rewrite it with the newer type"
    );
    store.wait(48);
    assert_eq!(store.run(None).unwrap().removed, 1);
    assert_eq!(store.bucket().live.len(), 3);
}

#[test]
fn a_compacted_file_that_cannot_be_read_keeps_its_partition_as_it_is() {
    for (bytes, reason) in [
        (
            b"PAR1 and then nothing".to_vec(),
            "not a readable Parquet file",
        ),
        (
            file(vec![
                ("id", text(["b", "a"])),
                ("processed_at", text(["2026-03-09T10:00:00Z"; 2])),
                ("title", text(["t", "t"])),
            ]),
            "its rows are not in the order of their ids",
        ),
    ] {
        let store = bucket();
        live(&store, &Row::new("c", "2026-03-09T10:00:00Z", "t"));
        store.arrive(Side::Compacted, DAY, "foreign.parquet", bytes);
        store.wait(48);
        let report = store.run(None).unwrap();
        assert!(
            report.compacted.is_empty() && report.removed == 0,
            "{report:?}"
        );
        let found = unreadable(&report);
        assert_eq!(found.len(), 1);
        assert!(
            found[0].0.ends_with("foreign.parquet") && found[0].1.starts_with(reason),
            "{found:?}"
        );
    }
}

#[test]
fn a_folder_that_is_no_partition_is_named_and_the_others_are_compacted() {
    let store = bucket();
    let row = Row::new("a", "2026-03-09T10:00:00Z", "t");
    store.arrive(
        Side::Live,
        "year=2026/month=3/day=9",
        "a.parquet",
        row.file(),
    );
    live(&store, &row);
    let error = store.run(None).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("`year=2026/month=3/day=9` is not a partition"),
        "{error}"
    );
    assert_eq!(compacted_rows(&store).len(), 1);
}

/// More rows than a batch, so that compacted files are read and merged piece by piece; the bytes must not depend on
/// where the pieces end.
#[test]
fn large_partitions_are_merged_in_batches_with_the_same_bytes_as_in_one_go() {
    const ROWS: usize = 20_000;
    let id = |number: usize| format!("{number:06}");
    let many = |numbers: Vec<usize>| {
        let ids: Vec<String> = numbers.into_iter().map(id).collect();
        let texts = |value: &'static str| text(std::iter::repeat_n(value, ids.len()));
        file(vec![
            ("title", texts("t")),
            ("id", text(ids.iter().map(String::as_str))),
            ("processed_at", texts("2026-03-09T10:00:00Z")),
        ])
    };
    let at_once = bucket();
    at_once.arrive(
        Side::Live,
        DAY,
        "all.parquet",
        many((0..ROWS).rev().collect()),
    );
    at_once.run(None).unwrap();
    let by_and_by = bucket();
    for part in 0..3 {
        let name = format!("{part}.parquet");
        by_and_by.arrive(
            Side::Live,
            DAY,
            &name,
            many((part..ROWS).step_by(3).collect()),
        );
        by_and_by.run(None).unwrap();
        by_and_by.wait(24);
        by_and_by.run(None).unwrap();
    }
    assert_eq!(compacted_rows(&by_and_by).len(), ROWS);
    let bytes = |store: &Memory| {
        store
            .bucket()
            .compacted
            .into_values()
            .next()
            .map(|file| file.bytes)
    };
    assert_eq!(bytes(&by_and_by), bytes(&at_once));
}
