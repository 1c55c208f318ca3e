//! The table that a source names.

use runs::{MemoryBucket, StoreError, TableFailure};
use shared::contracts::batch::RunFailure;
use tables::input::Limits;

use super::support::{first_column, gzip, inputs, parquet, s3};

const CSV: &str = "topic,number\ncats,1\n\"dogs,\nsmall\",2\n";

fn rows(bucket: &MemoryBucket, key: &str) -> Vec<String> {
    let table = inputs(bucket).find(&s3(key)).unwrap();
    let count = table.count(Limits::default(), u64::MAX).unwrap();
    let cells = first_column(table.rows(Limits::default()).unwrap());
    assert_eq!(count, cells.len() as u64);
    cells
}

#[test]
fn an_object_is_csv_gzipped_csv_or_parquet() {
    let bucket = MemoryBucket::new("data");
    bucket.put("a.csv", CSV);
    bucket.put("A.CSV.GZ", gzip(CSV.as_bytes()));
    bucket.put("b.parquet", parquet(&["cats", "dogs"]));
    assert_eq!(rows(&bucket, "a.csv"), ["cats", "dogs,\nsmall"]);
    assert_eq!(rows(&bucket, "A.CSV.GZ"), ["cats", "dogs,\nsmall"]);
    assert_eq!(rows(&bucket, "b.parquet"), ["cats", "dogs"]);
}

#[test]
fn a_prefix_is_all_its_tables_in_order() {
    let bucket = MemoryBucket::new("data");
    bucket.put("in/b.csv", "topic\nb\n");
    bucket.put("in/a.csv", "topic\na1\na2\n");
    bucket.put("in/sub/c.csv.gz", gzip(b"topic\nc\n"));
    for ignored in [
        "in/",
        "in/_SUCCESS",
        "in/_delta_log/0.json",
        "in/.a.csv.crc",
        "in/sub/",
        "in/empty.csv",
    ] {
        let content = if ignored.ends_with('/') || ignored.contains("empty") {
            ""
        } else {
            "x"
        };
        bucket.put(ignored, content);
    }
    bucket.put("inputs.csv", "topic\nelsewhere\n");
    assert_eq!(rows(&bucket, "in/"), ["a1", "a2", "b", "c"]);
    // A prefix may itself be below something that begins with `_`.
    bucket.put("_private/in/a.csv", "topic\np\n");
    assert_eq!(rows(&bucket, "_private/in/"), ["p"]);
}

#[test]
fn files_of_a_prefix_are_of_one_table() {
    let bucket = MemoryBucket::new("data");
    bucket.put("in/a.csv", "topic\na\n");
    bucket.put("in/b.csv", "subject\nb\n");
    let table = inputs(&bucket).find(&s3("in/")).unwrap();
    let mut rows = table.rows(Limits::default()).unwrap();
    assert!(rows.next().unwrap().is_ok());
    let error = rows.next().unwrap().map(drop).unwrap_err().to_string();
    assert!(
        error.contains("`s3://data/in/b.csv` has the columns"),
        "{error}"
    );
}

#[test]
fn what_is_not_there_says_what_to_do() {
    let bucket = MemoryBucket::new("data");
    bucket.put("in/a.csv", CSV);
    bucket.put("empty.csv", "");
    for (key, message) in [
        ("in", "`s3://data/in` is a folder: write `s3://data/in/`"),
        ("on", "there is no object `s3://data/on`"),
        ("empty.csv", "`s3://data/empty.csv` is empty"),
        ("out/", "there is no table below `s3://data/out/`"),
    ] {
        let Err(error) = inputs(&bucket).find(&s3(key)) else {
            panic!("`{key}` was found");
        };
        assert_eq!(error.failure, RunFailure::InvalidRequest);
        assert!(error.message.starts_with(message), "{error}");
    }
}

#[test]
fn counting_stops_when_there_is_enough() {
    let bucket = MemoryBucket::new("data");
    bucket.put("in/a.csv", "topic\na\na\na\n");
    // Nobody looks at it.
    bucket.put("in/b.csv", "topic\n\"never closed");
    let table = inputs(&bucket).find(&s3("in/")).unwrap();
    assert_eq!(table.count(Limits::default(), 2).unwrap(), 2);
    assert!(table.count(Limits::default(), 4).is_err());
}

#[test]
fn a_bucket_that_fails_is_told_as_such() {
    let bucket = MemoryBucket::new("data");
    bucket.put("a.csv", CSV);
    let table = inputs(&bucket).find(&s3("a.csv")).unwrap();
    let slow = StoreError::new(RunFailure::Throttled, "slow down");
    bucket.fail("a.csv", slow.clone());
    let Err(TableFailure::Store(error)) = table.rows(Limits::default()).map(drop) else {
        panic!("the bucket did not fail");
    };
    assert_eq!(error, slow);
}
