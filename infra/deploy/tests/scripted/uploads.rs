//! Large files and many files, against a bucket in memory.
#![expect(
    clippy::unwrap_used,
    reason = "a file that cannot be written fails its test"
)]

use std::{collections::BTreeMap, fs, path::Path};

use crate::bucket::Bucket;
use deploy::{Error, Event, Upload, upload};
use sha2::{Digest as _, Sha256};

const MEBIBYTE: usize = 1 << 20;

/// A file without repetitions, so that parts that change places are noticed.
fn file(folder: &Path, name: &str, size: usize) -> (Upload, Vec<u8>) {
    let words = (0_u32..).flat_map(|number| number.wrapping_mul(2_654_435_761).to_le_bytes());
    let bytes: Vec<u8> = words.take(size).collect();
    let path = folder.join(name);
    fs::write(&path, &bytes).unwrap();
    let key = format!("assets/{name}");
    (Upload { path, key }, bytes)
}

async fn bring(bucket: &Bucket, uploads: &[Upload]) -> (Result<(), Error>, Vec<Event>) {
    let mut events = Vec::new();
    let mut listener = |event| events.push(event);
    let result = upload(&bucket.target, &Bucket::described(), uploads, &mut listener).await;
    (result, events)
}

fn sent(events: &[Event]) -> u64 {
    let bytes = events.iter().map(|event| match event {
        Event::Sent { bytes, .. } => *bytes,
        _ => 0,
    });
    bytes.sum()
}

#[tokio::test]
async fn a_large_file_goes_in_parts_and_is_known_again() {
    let folder = tempfile::tempdir().unwrap();
    let (large, bytes) = file(folder.path(), "large", 17 * MEBIBYTE);
    let bucket = Bucket::new().await;
    let (result, events) = bring(&bucket, std::slice::from_ref(&large)).await;
    result.unwrap();
    assert_eq!(sent(&events), 17 << 20);
    assert_eq!(
        events.last(),
        Some(&Event::Uploaded {
            key: large.key.clone()
        })
    );
    {
        let contents = bucket.contents();
        let (stored, checksum) = &contents.objects[&large.key];
        assert!(*stored == bytes, "other bytes arrived");
        assert!(checksum.ends_with("-3"), "{checksum}");
        let parts = contents
            .requests
            .iter()
            .filter(|line| line.starts_with("PUT"));
        assert_eq!(parts.count(), 3);
    }

    let (result, events) = bring(&bucket, std::slice::from_ref(&large)).await;
    result.unwrap();
    assert_eq!(events, [Event::AlreadyUploaded { key: large.key }]);
}

#[tokio::test]
async fn an_upload_that_broke_off_goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let (large, bytes) = file(folder.path(), "large", 40 * MEBIBYTE);
    let bucket = Bucket::new().await;
    bucket.contents().most_parts = Some(3);
    let (result, events) = bring(&bucket, std::slice::from_ref(&large)).await;
    let error = result.unwrap_err().to_string();
    assert!(error.contains("upload a part of assets/large"), "{error}");
    assert_eq!(sent(&events), 24 << 20);

    {
        let mut contents = bucket.contents();
        contents.most_parts = None;
        contents.requests.clear();
        // One of the three was not what it should have been.
        let (_, parts) = contents.uploads.get_mut("upload-0").unwrap();
        parts.first_entry().unwrap().get_mut().1 = "another checksum".into();
        // An upload of another key with the same beginning is none of ours.
        let longer = (format!("{}r", large.key), BTreeMap::default());
        contents.uploads.insert("upload-1".into(), longer);
    }
    let (result, events) = bring(&bucket, std::slice::from_ref(&large)).await;
    result.unwrap();
    let resumed = Event::Resumed {
        key: large.key.clone(),
        bytes: 16 << 20,
    };
    assert!(events.contains(&resumed), "{events:?}");
    assert_eq!(sent(&events), 24 << 20);
    let contents = bucket.contents();
    assert!(
        contents.objects[&large.key].0 == bytes,
        "other bytes arrived"
    );
    assert_eq!(contents.begun, 1, "completed, and not begun anew");
}

#[tokio::test]
async fn an_upload_outlasts_trouble_that_the_sdk_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let (large, bytes) = file(folder.path(), "large", 17 * MEBIBYTE);
    let bucket = Bucket::new().await;
    bucket.contents().troubled = 10;
    let (result, events) = bring(&bucket, std::slice::from_ref(&large)).await;
    result.unwrap();
    assert!(
        (events.iter()).any(|event| matches!(event, Event::TryingAgain { .. })),
        "{events:?}"
    );
    let contents = bucket.contents();
    assert!(
        contents.objects[&large.key].0 == bytes,
        "other bytes arrived"
    );
    assert_eq!(contents.begun, 1, "gone on with, and not begun anew");
}

#[tokio::test]
async fn many_files_go_at_once_but_not_too_many() {
    let folder = tempfile::tempdir().unwrap();
    let uploads: Vec<Upload> = (0..30)
        .map(|number| file(folder.path(), &number.to_string(), number).0)
        .collect();
    let bucket = Bucket::new().await;
    bring(&bucket, &uploads).await.0.unwrap();
    let contents = bucket.contents();
    assert_eq!(contents.objects.len(), uploads.len());
    assert!((2..=8).contains(&contents.at_once), "{}", contents.at_once);
}

#[tokio::test]
async fn a_file_that_fails_does_not_keep_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let (large, _) = file(folder.path(), "large", 17 * MEBIBYTE);
    let (small, bytes) = file(folder.path(), "small", 100);
    let bucket = Bucket::new().await;
    bucket.contents().most_parts = Some(0);
    let (result, _) = bring(&bucket, &[large, small.clone()]).await;
    assert!(result.is_err());
    assert_eq!(bucket.contents().objects[&small.key].0, bytes);
}

#[tokio::test]
async fn two_deployments_of_one_package_do_not_disturb_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let (large, bytes) = file(folder.path(), "large", 24 * MEBIBYTE);
    let bucket = Bucket::new().await;
    bucket.contents().most_parts = Some(1);
    bring(&bucket, std::slice::from_ref(&large))
        .await
        .0
        .unwrap_err();
    bucket.contents().most_parts = None;

    // Both go on with what broke off. One completes it, and it is gone for the other.
    let uploads = std::slice::from_ref(&large);
    let ((one, _), (other, _)) = tokio::join!(bring(&bucket, uploads), bring(&bucket, uploads));
    one.unwrap();
    other.unwrap();
    let contents = bucket.contents();
    assert!(
        contents.objects[&large.key].0 == bytes,
        "other bytes arrived"
    );
    assert_eq!(contents.begun, 1);
}

#[tokio::test]
async fn an_upload_that_somebody_gave_up_begins_anew_once() {
    let folder = tempfile::tempdir().unwrap();
    let (large, bytes) = file(folder.path(), "large", 17 * MEBIBYTE);
    let bucket = Bucket::new().await;
    bucket.contents().forgotten = 1;
    bring(&bucket, std::slice::from_ref(&large))
        .await
        .0
        .unwrap();
    {
        let mut contents = bucket.contents();
        assert!(
            contents.objects.remove(&large.key).unwrap().0 == bytes,
            "other bytes arrived"
        );
        assert_eq!(contents.begun, 2);
        contents.forgotten = 2;
    }
    let error = bring(&bucket, std::slice::from_ref(&large))
        .await
        .0
        .unwrap_err();
    assert!(error.to_string().contains("NoSuchUpload"), "{error}");
    assert_eq!(bucket.contents().begun, 4, "twice more, and no further");
}

#[tokio::test]
async fn only_bytes_that_the_key_names_are_sent() {
    let folder = tempfile::tempdir().unwrap();
    let bucket = Bucket::new().await;
    for size in [100, 17 * MEBIBYTE] {
        let (mut named, bytes) = file(folder.path(), "named", size);
        named.key = format!("assets/extract/{:x}.zip", Sha256::digest(&bytes));
        bring(&bucket, std::slice::from_ref(&named))
            .await
            .0
            .unwrap();
        assert!(bucket.contents().objects[&named.key].0 == bytes);

        bucket.contents().requests.clear();
        fs::write(&named.path, "for another processor").unwrap();
        let error = bring(&bucket, &[named]).await.0.unwrap_err().to_string();
        assert!(
            error.contains("it is not what was packaged as assets/extract/"),
            "{error}"
        );
        assert!(error.ends_with("package the functions again"), "{error}");
        assert_eq!(bucket.contents().requests.len(), 0);
    }
}

#[tokio::test]
async fn an_object_without_a_checksum_is_put_right() {
    let folder = tempfile::tempdir().unwrap();
    let (small, bytes) = file(folder.path(), "small", 100);
    let bucket = Bucket::new().await;
    let foreign = (b"of somebody else".to_vec(), String::new());
    bucket.contents().objects.insert(small.key.clone(), foreign);
    bring(&bucket, std::slice::from_ref(&small))
        .await
        .0
        .unwrap();
    assert_eq!(bucket.contents().objects[&small.key].0, bytes);
}
