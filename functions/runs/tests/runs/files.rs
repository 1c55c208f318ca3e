//! Objects as files: read by ranges, written whole or not at all.

use std::io::{Read as _, Write as _};
use std::ops::Range;
use std::sync::{Arc, Mutex};

use parquet::file::reader::{ChunkReader as _, Length as _};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use runs::{
    Bucket, Destination, Failures, Fetch, MemoryBucket, RangedFile, RunFile, RunFiles, StoreError,
    open, read_json, write_json,
};
use shared::batch::layout::Layout;
use shared::contracts::batch::RunFailure;
use tables::Files as _;

const MEBIBYTE: usize = 1 << 20;

/// Bytes that tell their place.
fn content(length: usize) -> Vec<u8> {
    (0..=250).cycle().take(length).collect()
}

/// A file in memory that notes what was asked of it.
#[derive(Clone, Default)]
struct Noted {
    content: Arc<Vec<u8>>,
    ranges: Arc<Mutex<Vec<Range<u64>>>>,
}

impl Fetch for Noted {
    fn fetch(&self, range: Range<u64>) -> Result<Vec<u8>, StoreError> {
        self.ranges.lock().unwrap().push(range.clone());
        let place = |position| usize::try_from(position).unwrap();
        Ok(self.content[place(range.start)..place(range.end)].to_vec())
    }
}

fn noted(length: usize) -> (Noted, RangedFile) {
    let noted = Noted {
        content: Arc::new(content(length)),
        ranges: Arc::default(),
    };
    let file = RangedFile::new(length as u64, noted.clone(), &Failures::default());
    (noted, file)
}

#[test]
fn a_file_reads_the_same_in_whatever_pieces() {
    let length = 3 * MEBIBYTE + 17;
    let (noted, file) = noted(length);
    let mut all = Vec::new();
    file.stream(0).read_to_end(&mut all).unwrap();
    assert!(all == *noted.content);
    for (start, count) in [
        (0, 1),
        (MEBIBYTE - 1, 2),
        (5, 2 * MEBIBYTE),
        (length - 1, 1),
        (length, 0),
        (0, length),
    ] {
        let bytes = file.get_bytes(start as u64, count).unwrap();
        assert!(bytes == noted.content[start..start + count], "{start}");
        let mut rest = Vec::new();
        file.stream(start as u64).read_to_end(&mut rest).unwrap();
        assert!(rest == noted.content[start..], "{start}");
    }
    assert!(file.get_bytes(length as u64, 1).is_err());
    assert_eq!(file.len(), length as u64);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn ranges_are_those_of_the_file(
        length in 0..3 * MEBIBYTE,
        reads in vec((any::<Index>(), any::<Index>(), any::<bool>()), 1..8),
    ) {
        let (noted, file) = noted(length);
        for (one, other, streamed) in reads {
            let (one, other) = (one.index(length + 1), other.index(length + 1));
            let range = one.min(other)..one.max(other);
            let bytes = if streamed {
                let mut bytes = vec![0; range.len()];
                file.stream(range.start as u64).read_exact(&mut bytes).unwrap();
                bytes
            } else {
                file.get_bytes(range.start as u64, range.len()).unwrap().to_vec()
            };
            prop_assert!(bytes == noted.content[range]);
        }
    }
}

#[test]
fn reading_on_fetches_more_at_once_and_nothing_twice() {
    let (noted, file) = noted(20 * MEBIBYTE);
    file.stream(0).read_to_end(&mut Vec::new()).unwrap();
    let mebibytes: Vec<_> = (noted.ranges.lock().unwrap().iter())
        .map(|range| (range.end - range.start).div_euclid(1 << 20))
        .collect();
    assert_eq!(mebibytes, [1, 2, 8, 8, 1]);
    file.stream(19 << 20).read_to_end(&mut Vec::new()).unwrap();
    assert_eq!(noted.ranges.lock().unwrap().len(), 5);
}

#[test]
fn what_is_kept_is_bounded() {
    let (noted, file) = noted(64 * MEBIBYTE);
    // A large range goes by without pushing anything out.
    file.get_bytes(0, 10).unwrap();
    file.get_bytes(0, 40 * MEBIBYTE).unwrap();
    file.get_bytes(0, 10).unwrap();
    assert_eq!(noted.ranges.lock().unwrap().len(), 2);
    for block in 0..40 {
        file.get_bytes(block << 20, 10).unwrap();
    }
    let fetched = noted.ranges.lock().unwrap().len();
    file.get_bytes(39 << 20, 10).unwrap();
    assert_eq!(noted.ranges.lock().unwrap().len(), fetched);
    file.get_bytes(0, 10).unwrap();
    assert_eq!(noted.ranges.lock().unwrap().len(), fetched + 1);
}

#[test]
fn a_replaced_object_is_not_read_on() {
    let bucket = MemoryBucket::new("data");
    bucket.put("table.csv", content(2 * MEBIBYTE));
    let (shared, failures) = (
        Arc::new(bucket.clone()) as Arc<dyn Bucket>,
        Failures::default(),
    );
    let found = bucket.find("table.csv").unwrap().unwrap();
    let mut stream = open(&shared, &found, &failures).stream(0);
    stream.read_exact(&mut [0; 10]).unwrap();
    bucket.put("table.csv", content(2 * MEBIBYTE));
    let error = stream.read_to_end(&mut Vec::new()).unwrap_err();
    assert_eq!(error.to_string(), "`s3://data/table.csv` was replaced");
    assert_eq!(bucket.find("other").unwrap(), None);
}

#[test]
fn a_file_appears_whole_or_not_at_all() {
    let bucket = MemoryBucket::new("data");
    let output: Arc<dyn Destination> = Arc::new(bucket.clone());
    let prefix = "jokes".parse().unwrap();
    let layout = Layout {
        prefix: &prefix,
        run: "r1",
    };
    let mut files = RunFiles::new(&output, &layout, &Failures::default());
    let bytes = content(MEBIBYTE);
    for name in ["0003.jsonl", "0003.parquet", "0003.rejected.jsonl"] {
        let mut file = files.create(name).unwrap();
        file.write_all(&bytes).unwrap();
        assert_eq!(bucket.get(&layout.input(3)).is_some(), name != "0003.jsonl");
        files.finish(name, file).unwrap();
    }
    let mut dropped = files.create("0004.jsonl").unwrap();
    dropped.write_all(&bytes).unwrap();
    drop(dropped);
    let keys = [layout.input(3), layout.rejected(3), layout.rows(3)];
    assert_eq!(bucket.keys(), keys);
    assert!(bucket.get(&keys[0]).unwrap() == bytes);
    assert!(files.create("other.txt").is_err());
    let empty = RunFile::begin(&*output, "empty.jsonl", &Failures::default());
    empty.finish().unwrap();
    assert_eq!(bucket.get("empty.jsonl").unwrap(), b"");
}

#[test]
fn a_bucket_that_fails_is_not_taken_for_a_bad_table() {
    let bucket = MemoryBucket::new("data");
    let slow = StoreError::new(RunFailure::Throttled, "slow down");
    bucket.fail("out.jsonl", slow.clone());
    let failures = Failures::default();
    let mut file = RunFile::begin(&bucket, "out.jsonl", &failures);
    let cause = file.write_all(&content(MEBIBYTE)).unwrap_err();
    let file = "out.jsonl".to_owned();
    let explained = failures.explain(tables::TableError::Write { file, cause });
    assert!(matches!(explained, runs::TableFailure::Store(error) if error == slow));
}

#[test]
fn small_objects_are_json() {
    let bucket = MemoryBucket::new("data");
    write_json(&bucket, "a.json", &[1, 2]).unwrap();
    let read: Option<Vec<u8>> = read_json(&bucket, "a.json").unwrap();
    assert_eq!(read, Some(vec![1, 2]));
    assert_eq!(read_json::<Vec<u8>>(&bucket, "b.json").unwrap(), None);
    bucket.put("a.json", "{");
    let error = read_json::<Vec<u8>>(&bucket, "a.json").unwrap_err();
    assert_eq!(error.failure, RunFailure::Broken);
    assert!(
        error
            .message
            .starts_with("`s3://data/a.json` cannot be understood")
    );
}
