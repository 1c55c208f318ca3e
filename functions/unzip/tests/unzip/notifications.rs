//! From the notification to the answer: keys, retries, and what is bounded on the way.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use shared::events::s3::Notification;

use crate::memory::{BUCKET, Memory, fixture, record, run};

fn reasons(processed: &[unzip::Processed]) -> Vec<&str> {
    let failures = processed.iter().flat_map(|one| &one.failures);
    failures.map(|failure| failure.reason.as_str()).collect()
}

#[test]
fn keys_are_decoded_and_the_extension_may_be_in_capitals() {
    let store = Arc::new(Memory::with("May 2026/Bücher+1.ZIP", fixture("one")));
    let processed = run(&store, vec![record(BUCKET, "May+2026/B%C3%BCcher%2B1.ZIP")]).unwrap();
    let report = &processed[0].report;
    assert_eq!(report.key, "May 2026/Bücher+1.ZIP");
    assert!(report.folder.starts_with("Bücher_1-"), "{}", report.folder);
    assert_eq!(store.image_keys(), [format!("{}/cover.jpg", report.folder)]);
}

#[test]
fn delivering_an_event_again_writes_the_same_keys() {
    let store = Arc::new(Memory::with("in.zip", fixture("same_base_names")));
    run(&store, vec![record(BUCKET, "in.zip")]).unwrap();
    let once = store.images.lock().unwrap().clone();
    run(
        &store,
        vec![record(BUCKET, "in.zip"), record(BUCKET, "in.zip")],
    )
    .unwrap();
    assert_eq!(*store.images.lock().unwrap(), once);
    assert_eq!(once.len(), 3);
}

#[test]
fn archives_of_the_same_name_in_other_folders_do_not_share_keys() {
    let mut store = Memory::with("a/in.zip", fixture("one"));
    store.archives.insert("b/in.zip".into(), fixture("one"));
    let store = Arc::new(store);
    run(
        &store,
        vec![record(BUCKET, "a/in.zip"), record(BUCKET, "b/in.zip")],
    )
    .unwrap();
    assert_eq!(store.image_keys().len(), 2);
}

#[test]
fn a_test_event_without_records_is_nothing_to_do() {
    let text = r#"{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"landing"}"#;
    let notification: Notification = serde_json::from_str(text).unwrap();
    let processed = run(&Arc::default(), notification.records).unwrap();
    assert!(processed.is_empty());
}

#[test]
fn records_that_no_retry_can_help_go_to_the_failure_queue() {
    let store = Arc::new(Memory::with("in.zip", fixture("one")));
    let records = vec![
        record("elsewhere", "in.zip"),
        record(BUCKET, "in.txt"),
        record(BUCKET, "%FF.zip"),
        record(BUCKET, "gone.zip"),
        record(BUCKET, "in.zip"),
    ];
    let processed = run(&store, records.clone()).unwrap();
    let expected = [
        "unexpected_location",
        "unexpected_key",
        "malformed_key",
        "archive_missing",
    ];
    assert_eq!(reasons(&processed), expected);
    assert_eq!(processed[4].report.images, 1);
    let sent = store.failures.lock().unwrap();
    let redrive: Notification = serde_json::from_value(sent[3].event.clone()).unwrap();
    assert_eq!(redrive.records, [records[3].clone()]);
    assert_eq!(
        (sent[3].function.as_str(), sent[3].key.as_str()),
        ("unzip", "gone.zip")
    );
}

#[test]
fn a_throttled_upload_fails_the_invocation_and_a_retry_completes_it() {
    let mut store = Memory::with("in.zip", fixture("same_base_names"));
    store.archives.insert("other.zip".into(), fixture("one"));
    store.writes_left = Some(AtomicUsize::new(1));
    let store = Arc::new(store);
    let records = vec![record(BUCKET, "in.zip"), record(BUCKET, "other.zip")];
    let error = run(&store, records.clone()).unwrap_err();
    assert_eq!(error.key, "in.zip");
    assert!(error.to_string().contains("SlowDown"), "{error}");
    assert!(store.failures.lock().unwrap().is_empty());

    let left = store.writes_left.as_ref().unwrap();
    left.store(usize::MAX, Ordering::SeqCst);
    run(&store, records).unwrap();
    assert_eq!(store.image_keys().len(), 4);
}

#[test]
fn a_failed_archive_does_not_keep_the_next_from_being_extracted() {
    let mut store = Memory::with("a.zip", fixture("one"));
    store.archives.insert("b.zip".into(), fixture("one"));
    store.reads_left = Some(AtomicUsize::new(0));
    let store = Arc::new(store);
    let records = vec![record(BUCKET, "a.zip"), record("elsewhere", "b.zip")];
    let error = run(&store, records).unwrap_err();
    assert_eq!(error.key, "a.zip");
    assert_eq!(
        store.failures.lock().unwrap()[0].reason,
        "unexpected_location"
    );
}

/// Wherever the reading breaks off, it is the bucket's fault and not the archive's.
#[test]
fn a_failed_read_is_never_taken_for_a_damaged_archive() {
    // Two megabytes of noise: the tail, one window.
    let archive = crate::limits::archive_of_noise(2, 1 << 20);
    for reads in 0..2 {
        let mut store = Memory::with("in.zip", archive.clone());
        store.reads_left = Some(AtomicUsize::new(reads));
        let store = Arc::new(store);
        let error = run(&store, vec![record(BUCKET, "in.zip")]).unwrap_err();
        assert!(error.to_string().contains("SlowDown"), "{error}");
        assert!(store.failures.lock().unwrap().is_empty());
    }
}

#[test]
fn every_skipped_entry_is_named_in_some_failure_message() {
    let names: Vec<String> = (0..120).map(|number| format!("{number}.webp")).collect();
    let archive =
        crate::limits::archive_of(names.iter().map(|name| (name.as_str(), b"RIFF".to_vec())));
    let store = Arc::new(Memory::with("in.zip", archive));
    let processed = run(&store, vec![record(BUCKET, "in.zip")]).unwrap();
    assert_eq!(processed[0].report.skipped["unsupported_format"], 120);
    let failures = store.failures.lock().unwrap();
    assert_eq!(failures.len(), 3);
    let all: String = failures
        .iter()
        .map(|failure| failure.message.as_str())
        .collect();
    assert!(names.iter().all(|name| all.contains(&format!("`{name}`"))));
}
