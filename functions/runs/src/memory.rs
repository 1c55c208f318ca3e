//! A bucket in memory, for tests.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use shared::contracts::batch::RunFailure;

use crate::error::StoreError;
use crate::store::{Bucket, Destination, Found, Upload};

/// A bucket in memory, for tests: objects appear when they are finished, and one that was replaced is not read on.
#[derive(Clone, Debug, Default)]
pub struct MemoryBucket {
    name: String,
    objects: Arc<Mutex<Objects>>,
}

#[derive(Debug, Default)]
struct Objects {
    by_key: BTreeMap<String, (u64, Arc<Vec<u8>>)>,
    written: u64,
    failing: BTreeMap<String, StoreError>,
}

impl MemoryBucket {
    /// An empty bucket.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            objects: Arc::default(),
        }
    }

    /// Puts an object there.
    pub fn put(&self, key: &str, bytes: impl Into<Vec<u8>>) {
        let mut objects = self.lock();
        objects.written += 1;
        let version = objects.written;
        let object = (version, Arc::new(bytes.into()));
        objects.by_key.insert(key.to_owned(), object);
    }

    /// The content of an object.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Vec<u8>> {
        let objects = self.lock();
        let (_, bytes) = objects.by_key.get(key)?;
        Some(bytes.to_vec())
    }

    /// Takes an object away.
    pub fn remove(&self, key: &str) {
        self.lock().by_key.remove(key);
    }

    /// All keys, in order.
    #[must_use]
    pub fn keys(&self) -> Vec<String> {
        self.lock().by_key.keys().cloned().collect()
    }

    /// How many objects were written so far.
    #[must_use]
    pub fn written(&self) -> u64 {
        self.lock().written
    }

    /// Makes every call that reads or writes a key fail.
    pub fn fail(&self, key: &str, error: StoreError) {
        self.lock().failing.insert(key.to_owned(), error);
    }

    /// Lets calls of a key succeed again.
    pub fn mend(&self, key: &str) {
        self.lock().failing.remove(key);
    }

    fn lock(&self) -> MutexGuard<'_, Objects> {
        self.objects.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn refused(&self, key: &str) -> Result<(), StoreError> {
        match self.lock().failing.get(key) {
            Some(error) => Err(error.clone()),
            None => Ok(()),
        }
    }
}

fn found(key: &str, version: u64, bytes: &[u8]) -> Found {
    Found {
        key: key.to_owned(),
        size: bytes.len() as u64,
        etag: version.to_string(),
    }
}

impl Bucket for MemoryBucket {
    fn address(&self, key: &str) -> String {
        format!("s3://{}/{key}", self.name)
    }

    fn find(&self, key: &str) -> Result<Option<Found>, StoreError> {
        self.refused(key)?;
        let objects = self.lock();
        let object = objects.by_key.get(key);
        Ok(object.map(|(version, bytes)| found(key, *version, bytes)))
    }

    fn read(&self, object: &Found, range: Range<u64>) -> Result<Vec<u8>, StoreError> {
        self.refused(&object.key)?;
        let objects = self.lock();
        let bytes = objects
            .by_key
            .get(&object.key)
            .filter(|(version, _)| version.to_string() == object.etag);
        let Some((_, bytes)) = bytes else {
            let message = format!("`{}` was replaced", self.address(&object.key));
            return Err(StoreError::new(RunFailure::Unavailable, message));
        };
        let place = |position: u64| usize::try_from(position).unwrap_or(usize::MAX);
        let part = bytes.get(place(range.start)..place(range.end).min(bytes.len()));
        Ok(part.unwrap_or_default().to_vec())
    }

    fn list(&self, prefix: &str) -> Result<Vec<Found>, StoreError> {
        self.refused(prefix)?;
        let objects = self.lock();
        let below = objects
            .by_key
            .iter()
            .filter(|(key, _)| key.starts_with(prefix));
        Ok(below
            .map(|(key, (version, bytes))| found(key, *version, bytes))
            .collect())
    }
}

impl Destination for MemoryBucket {
    fn begin(&self, key: &str, _content_type: &str) -> Box<dyn Upload> {
        Box::new(MemoryUpload {
            bucket: self.clone(),
            key: key.to_owned(),
            bytes: Vec::new(),
        })
    }
}

struct MemoryUpload {
    bucket: MemoryBucket,
    key: String,
    bytes: Vec<u8>,
}

impl Upload for MemoryUpload {
    fn push(&mut self, bytes: Vec<u8>) -> Result<(), StoreError> {
        self.bucket.refused(&self.key)?;
        self.bytes.extend(bytes);
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<(), StoreError> {
        self.bucket.refused(&self.key)?;
        self.bucket.put(&self.key, self.bytes);
        Ok(())
    }
}
