//! Archives too large to commit: made here, by the writer of the `zip` crate, or byte by byte where no tool would.

use std::io::{Cursor, Write as _};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use shared::contracts::ArchiveLimits;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::memory::{BUCKET, Memory, fixture, record, run};

pub(crate) fn archive_of<'a>(entries: impl IntoIterator<Item = (&'a str, Vec<u8>)>) -> Vec<u8> {
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        writer.start_file(name, stored).unwrap();
        writer.write_all(&bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// An archive of so many images of so many bytes.
pub(crate) fn archive_of_noise(images: usize, bytes: usize) -> Vec<u8> {
    let names: Vec<String> = (0..images)
        .map(|number| format!("{number:05}.jpg"))
        .collect();
    archive_of(names.iter().map(|name| (name.as_str(), vec![0xA5; bytes])))
}

fn refusal(archive: Vec<u8>, limits: ArchiveLimits) -> (String, String) {
    let mut store = Memory::with("in.zip", archive);
    store.limits = limits;
    let store = Arc::new(store);
    run(&store, vec![record(BUCKET, "in.zip")]).unwrap();
    assert!(store.image_keys().is_empty());
    let failures = store.failures.lock().unwrap();
    assert_eq!(failures.len(), 1);
    (failures[0].reason.clone(), failures[0].message.clone())
}

#[test]
fn zip64_with_70_000_entries_is_refused_by_default_and_read_where_the_limit_allows_it() {
    let names: Vec<String> = (0..70_000)
        .map(|number| format!("{number:05}.jpg"))
        .collect();
    let archive = archive_of(names.iter().map(|name| (name.as_str(), Vec::new())));
    let (reason, message) = refusal(archive.clone(), ArchiveLimits::default());
    assert_eq!(reason, "too_many_entries");
    assert_eq!(
        message,
        "the archive has 70000 entries, more than the limit of 10000; split it"
    );

    let mut store = Memory::with("in.zip", archive);
    store.limits.entries = 100_000;
    let store = Arc::new(store);
    run(&store, vec![record(BUCKET, "in.zip")]).unwrap();
    assert_eq!(store.image_keys().len(), 70_000);
}

#[test]
fn the_images_together_must_not_exceed_the_total() {
    let limits = |total_bytes| ArchiveLimits {
        entry_bytes: 1_000,
        total_bytes,
        ..ArchiveLimits::default()
    };
    let (reason, message) = refusal(archive_of_noise(10, 1_000), limits(9_999));
    assert_eq!(reason, "archive_too_large");
    assert_eq!(
        message,
        "the images of the archive are 10000 bytes, more than the limit of 9999; split it"
    );

    let mut store = Memory::with("in.zip", archive_of_noise(10, 1_000));
    store.limits = limits(10_000);
    let store = Arc::new(store);
    run(&store, vec![record(BUCKET, "in.zip")]).unwrap();
    assert_eq!(store.image_keys().len(), 10);
}

#[test]
fn an_entry_over_its_limit_is_left_out_and_the_others_are_not() {
    let archive = archive_of([("small.jpg", vec![1; 100]), ("large.jpg", vec![2; 101])]);
    let mut store = Memory::with("in.zip", archive);
    store.limits.entry_bytes = 100;
    let store = Arc::new(store);
    let processed = run(&store, vec![record(BUCKET, "in.zip")]).unwrap();
    assert_eq!(processed[0].skipped[0].reason, "entry_too_large");
    assert_eq!(
        processed[0].skipped[0].message,
        "its 101 bytes exceed the limit of 100 for one entry"
    );
    assert_eq!(processed[0].report.images, 1);
}

/// A parser would hold this record in memory: 40 MB that no archiver has ever written.
#[test]
fn an_oversized_zip64_record_is_not_read() {
    const SECTOR: usize = 40 << 20;
    let mut archive = fixture("one");
    let end = archive.len() - 22;
    let classic_end = archive.split_off(end);
    let record_at = archive.len() as u64;
    let directory_at = u64::from(u32::from_le_bytes(classic_end[16..20].try_into().unwrap()));
    archive.extend(b"PK\x06\x06");
    archive.extend((44 + SECTOR as u64).to_le_bytes());
    archive.extend([45, 0, 45, 0]);
    archive.extend([0; 8]);
    for value in [1, 1, record_at - directory_at, directory_at] {
        archive.extend(value.to_le_bytes());
    }
    archive.extend(std::iter::repeat_n(0, SECTOR));
    archive.extend(b"PK\x06\x07\0\0\0\0");
    archive.extend(record_at.to_le_bytes());
    archive.extend(1u32.to_le_bytes());
    archive.extend(b"PK\x05\x06\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\0");
    let (reason, message) = refusal(archive, ArchiveLimits::default());
    assert_eq!(reason, "damaged_archive");
    assert!(message.contains("larger than any honest one"), "{message}");
}

#[test]
fn requests_are_few_and_never_larger_than_the_window() {
    let archive = archive_of_noise(300, 100_000);
    let size = archive.len() as u64;
    let store = Arc::new(Memory::with("in.zip", archive));
    run(&store, vec![record(BUCKET, "in.zip")]).unwrap();
    assert_eq!(store.image_keys().len(), 300);
    let reads = store.reads.lock().unwrap();
    assert!(reads.iter().all(|read| read.end - read.start <= 8 << 20));
    let read: u64 = reads.iter().map(|read| read.end - read.start).sum();
    assert!(read < size + (1 << 20), "{read} bytes read of {size}");
    assert!(reads.len() <= 8, "{reads:?}");
}

#[test]
fn uploads_run_side_by_side_but_not_all_at_once() {
    let mut store = Memory::with("in.zip", archive_of_noise(200, 1_000));
    store.limits.entry_bytes = 100_000;
    store.write_time = Duration::from_millis(5);
    let store = Arc::new(store);
    run(&store, vec![record(BUCKET, "in.zip")]).unwrap();
    assert_eq!(store.image_keys().len(), 200);
    let most = store.most_writing.load(Ordering::SeqCst);
    assert!((2..=16).contains(&most), "{most} at a time");
}

/// Two images fill what one entry may take; a third has to wait.
#[test]
fn uploads_are_bounded_in_bytes() {
    let mut store = Memory::with("in.zip", archive_of_noise(20, 8 << 10));
    store.limits.entry_bytes = 16 << 10;
    store.write_time = Duration::from_millis(5);
    let store = Arc::new(store);
    run(&store, vec![record(BUCKET, "in.zip")]).unwrap();
    assert_eq!(store.image_keys().len(), 20);
    assert_eq!(store.most_writing.load(Ordering::SeqCst), 2);
}
