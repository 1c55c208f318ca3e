//! What the function needs of the world; the ports implement it, and so does a map in memory.

use std::error::Error;
use std::fmt;

use shared::contracts::CompactionPolicy;

use crate::partition::Partition;

/// The two folders of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// Files as the extractor writes them.
    Live,
    /// Files that this function wrote.
    Compacted,
}

/// A file as a listing shows it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Listed {
    /// Seconds since 1970 at which it was written.
    pub modified: i64,
    /// Its key.
    pub key: String,
    /// Tells it apart from another of the same key.
    pub etag: String,
}

/// The files of a table, live and compacted.
pub trait Store: Send + Sync + 'static {
    /// When a day is closed and when replaced files go.
    fn policy(&self) -> &CompactionPolicy;

    /// The partition folders that have live files, below the live folder and without its prefix.
    fn folders(&self) -> impl Future<Output = Result<Vec<String>, StoreError>> + Send;

    /// The Parquet files of a partition, in the order of their keys.
    fn list(
        &self,
        side: Side,
        partition: Partition,
    ) -> impl Future<Output = Result<Vec<Listed>, StoreError>> + Send;

    /// Reads a file; `None` when it is gone.
    fn read(
        &self,
        side: Side,
        key: &str,
    ) -> impl Future<Output = Result<Option<Vec<u8>>, StoreError>> + Send;

    /// Writes a compacted file of this name into a partition.
    fn write(
        &self,
        partition: Partition,
        name: &str,
        bytes: Vec<u8>,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Removes files.
    fn remove(
        &self,
        side: Side,
        keys: &[String],
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// The bucket did not do what was asked; trying again may help.
#[derive(Debug)]
pub struct StoreError(Box<dyn Error + Send + Sync>);

impl StoreError {
    /// Wraps what the bucket said.
    pub fn new(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(cause.into())
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl Error for StoreError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.0)
    }
}
