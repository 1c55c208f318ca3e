//! What the function needs of the world; the ports implement it, and so does a map in memory.

use std::error::Error;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use shared::contracts::{ArchiveLimits, Failure};

/// The landing bucket, the bucket of images and the failure queue.
pub trait Store: Send + Sync + 'static {
    /// Where archives land.
    fn landing(&self) -> Landing<'_>;

    /// What an archive may cost.
    fn limits(&self) -> &ArchiveLimits;

    /// Looks an archive up; `None` when there is none of that key.
    fn find(&self, key: &str) -> impl Future<Output = Result<Option<Found>, StoreError>> + Send;

    /// Reads bytes of an archive, if it is still the one that was found.
    fn read(
        &self,
        key: &str,
        range: Range<u64>,
        found: &Found,
    ) -> impl Future<Output = Result<Vec<u8>, StoreError>> + Send;

    /// Writes an image.
    fn write(
        &self,
        key: &str,
        content_type: &'static str,
        bytes: Vec<u8>,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Puts a message in the failure queue.
    fn give_up(&self, failure: &Failure) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// A bucket and what the keys of its archives begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Landing<'a> {
    /// The bucket.
    pub bucket: &'a str,
    /// The prefix; may be empty.
    pub prefix: &'a str,
}

/// An archive that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its size in bytes.
    pub size: u64,
    /// Tells it apart from another of the same key.
    pub etag: String,
}

/// A bucket or queue did not do what was asked; trying again may help.
#[derive(Clone, Debug)]
pub struct StoreError(Arc<dyn Error + Send + Sync>);

impl StoreError {
    /// Wraps what the bucket or queue said.
    pub fn new(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(Arc::from(cause.into()))
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl Error for StoreError {
    // Derived, the source would be the `Arc`, and nobody could find the service's own error in it.
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.0)
    }
}
