//! A store in memory, and events for it.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use shared::contracts::{ArchiveLimits, Failure};
use shared::events::s3::{Bucket, Entity, Notification, Object, Record};
use unzip::{Found, Landing, Processed, Store, StoreError, UnzipError};

pub(crate) const BUCKET: &str = "landing";

#[derive(Default)]
pub(crate) struct Memory {
    pub(crate) limits: ArchiveLimits,
    pub(crate) archives: BTreeMap<String, Vec<u8>>,
    pub(crate) images: Mutex<BTreeMap<String, (&'static str, Vec<u8>)>>,
    pub(crate) failures: Mutex<Vec<Failure>>,
    /// Ranges read.
    pub(crate) reads: Mutex<Vec<Range<u64>>>,
    /// Writes that succeed before all others fail.
    pub(crate) writes_left: Option<AtomicUsize>,
    /// Reads that succeed before all others fail.
    pub(crate) reads_left: Option<AtomicUsize>,
    /// How long a write takes.
    pub(crate) write_time: Duration,
    /// Writes under way, and the most there ever were.
    writing: AtomicUsize,
    pub(crate) most_writing: AtomicUsize,
}

impl Memory {
    pub(crate) fn with(key: &str, archive: Vec<u8>) -> Self {
        Self {
            archives: BTreeMap::from([(key.to_owned(), archive)]),
            ..Self::default()
        }
    }

    pub(crate) fn image_keys(&self) -> Vec<String> {
        self.images.lock().unwrap().keys().cloned().collect()
    }
}

fn spend(left: Option<&AtomicUsize>, what: &str) -> Result<(), StoreError> {
    let spent = |left: &AtomicUsize| {
        left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
            left.checked_sub(1)
        })
        .is_err()
    };
    if left.is_some_and(spent) {
        return Err(StoreError::new(format!(
            "{what}: SlowDown: please reduce your request rate"
        )));
    }
    Ok(())
}

impl Store for Memory {
    fn landing(&self) -> Landing<'_> {
        Landing {
            bucket: BUCKET,
            prefix: "",
        }
    }

    fn limits(&self) -> &ArchiveLimits {
        &self.limits
    }

    async fn find(&self, key: &str) -> Result<Option<Found>, StoreError> {
        Ok(self.archives.get(key).map(|bytes| Found {
            size: bytes.len() as u64,
            etag: "etag".into(),
        }))
    }

    async fn read(&self, key: &str, range: Range<u64>, _: &Found) -> Result<Vec<u8>, StoreError> {
        spend(self.reads_left.as_ref(), "GetObject")?;
        self.reads.lock().unwrap().push(range.clone());
        let place = |offset| usize::try_from(offset).unwrap();
        Ok(self.archives[key][place(range.start)..place(range.end)].to_vec())
    }

    async fn write(
        &self,
        key: &str,
        content_type: &'static str,
        bytes: Vec<u8>,
    ) -> Result<(), StoreError> {
        spend(self.writes_left.as_ref(), "PutObject")?;
        let writing = self.writing.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_writing.fetch_max(writing, Ordering::SeqCst);
        if self.write_time.is_zero() {
            tokio::task::yield_now().await;
        } else {
            tokio::time::sleep(self.write_time).await;
        }
        self.writing.fetch_sub(1, Ordering::SeqCst);
        let mut images = self.images.lock().unwrap();
        images.insert(key.to_owned(), (content_type, bytes));
        Ok(())
    }

    async fn give_up(&self, failure: &Failure) -> Result<(), StoreError> {
        self.failures.lock().unwrap().push(failure.clone());
        Ok(())
    }
}

pub(crate) fn fixture(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/fixtures/{name}.zip", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A record about an object, its key as S3 encodes it.
pub(crate) fn record(bucket: &str, encoded_key: &str) -> Record {
    Record {
        event_name: "ObjectCreated:Put".into(),
        event_time: "2026-01-02T03:04:05.678Z".into(),
        s3: Entity {
            bucket: Bucket {
                name: bucket.into(),
            },
            object: Object {
                key: encoded_key.into(),
                size: 1,
                e_tag: "0123456789abcdef".into(),
                version_id: None,
                sequencer: Some("0055AED6DCD90281E5".into()),
            },
        },
    }
}

/// Runs as the function does: on one thread that also drives all requests.
pub(crate) fn run(store: &Arc<Memory>, records: Vec<Record>) -> Result<Vec<Processed>, UnzipError> {
    let mut seen = Vec::new();
    let notification = Notification { records };
    let observe = |processed: &Processed| seen.push(processed.clone());
    let report = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(unzip::process(store, &notification, observe))?;
    assert!(
        report
            .archives
            .iter()
            .eq(seen.iter().map(|one| &one.report))
    );
    Ok(seen)
}
