//! How much of what was found in a bucket has been read.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use runs::{Bucket, Found, StoreError};

/// A bucket that remembers what was found in it, and how much of that was read.
pub(super) struct Metered {
    bucket: Arc<dyn Bucket>,
    sizes: Mutex<BTreeMap<String, u64>>,
    read: AtomicU64,
}

impl Metered {
    pub(super) fn new(bucket: impl Bucket + 'static) -> Self {
        Self {
            bucket: Arc::new(bucket),
            sizes: Mutex::default(),
            read: AtomicU64::new(0),
        }
    }

    /// Bytes that were read so far, those that a reader fetched ahead included.
    pub(super) fn read_bytes(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// Bytes of all objects that were found.
    pub(super) fn found_bytes(&self) -> u64 {
        self.sizes().values().sum()
    }

    /// Whether the name of an object that was found is one of CSV.
    pub(super) fn has_csv(&self) -> bool {
        let is_csv = |key: &String| {
            let key = key.to_ascii_lowercase();
            [".csv", ".csv.gz"].iter().any(|end| key.ends_with(end))
        };
        self.sizes().keys().any(is_csv)
    }

    fn sizes(&self) -> MutexGuard<'_, BTreeMap<String, u64>> {
        self.sizes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note<'a>(&self, found: impl IntoIterator<Item = &'a Found>) {
        let sizes = found
            .into_iter()
            .map(|found| (found.key.clone(), found.size));
        self.sizes().extend(sizes);
    }
}

impl Bucket for Metered {
    fn address(&self, key: &str) -> String {
        self.bucket.address(key)
    }

    fn find(&self, key: &str) -> Result<Option<Found>, StoreError> {
        let found = self.bucket.find(key)?;
        self.note(&found);
        Ok(found)
    }

    fn read(&self, object: &Found, range: Range<u64>) -> Result<Vec<u8>, StoreError> {
        let bytes = self.bucket.read(object, range)?;
        self.read.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        Ok(bytes)
    }

    fn list(&self, prefix: &str) -> Result<Vec<Found>, StoreError> {
        let found = self.bucket.list(prefix)?;
        self.note(&found);
        Ok(found)
    }
}
