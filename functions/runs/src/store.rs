//! Buckets, as code sees them that waits for its answers.

use std::ops::Range;

use crate::error::StoreError;

/// Objects to read. The calls wait: make them on a thread that reads tables.
pub trait Bucket: Send + Sync {
    /// How people write the place of a key: `s3://bucket/key`.
    fn address(&self, key: &str) -> String;

    /// Looks an object up; nothing when there is none of this key.
    ///
    /// # Errors
    /// What calls fail with.
    fn find(&self, key: &str) -> Result<Option<Found>, StoreError>;

    /// Reads bytes of an object that was found. The range is within it.
    ///
    /// # Errors
    /// When it was replaced since it was found, and what calls fail with.
    fn read(&self, object: &Found, range: Range<u64>) -> Result<Vec<u8>, StoreError>;

    /// The objects whose keys begin with `prefix`, in the order of their keys.
    ///
    /// # Errors
    /// What calls fail with.
    fn list(&self, prefix: &str) -> Result<Vec<Found>, StoreError>;
}

/// An object that is there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// Its key.
    pub key: String,
    /// Its size in bytes.
    pub size: u64,
    /// Tells it apart from another of the same key.
    pub etag: String,
}

/// Where objects are written. The calls wait.
pub trait Destination: Send + Sync {
    /// Begins an object of any size. It appears when it is finished; one that is dropped instead never does.
    fn begin(&self, key: &str, content_type: &str) -> Box<dyn Upload>;
}

/// An object being written.
pub trait Upload: Send {
    /// Adds bytes.
    ///
    /// # Errors
    /// What calls fail with.
    fn push(&mut self, bytes: Vec<u8>) -> Result<(), StoreError>;

    /// Makes the object visible, whole; it replaces one of the same key.
    ///
    /// # Errors
    /// What calls fail with.
    fn finish(self: Box<Self>) -> Result<(), StoreError>;
}
