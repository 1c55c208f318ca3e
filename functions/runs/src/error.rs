//! What buckets and the Hub fail with, and how it gets past parsers.

use std::io;
use std::sync::{Arc, OnceLock};

use shared::contracts::batch::RunFailure;
use shared::run::{Error, ErrorKind, Fails};
use tables::TableError;

/// A bucket or the Hub did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct StoreError {
    /// By what to do about it.
    pub failure: RunFailure,
    /// What happened, and what to do next.
    pub message: String,
}

impl StoreError {
    /// A failure of this kind.
    pub fn new(failure: RunFailure, message: impl Into<String>) -> Self {
        Self {
            failure,
            message: message.into(),
        }
    }
}

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        let failure = match error.kind {
            ErrorKind::Throttled => RunFailure::Throttled,
            // An object that was replaced while it was read is read from its beginning by the next attempt.
            ErrorKind::Unavailable | ErrorKind::Changed => RunFailure::Unavailable,
            ErrorKind::Denied
            | ErrorKind::Missing
            | ErrorKind::TooLarge
            | ErrorKind::OutsidePort
            | ErrorKind::Invalid => RunFailure::Broken,
        };
        Self::new(failure, error.to_string())
    }
}

impl Fails<RunFailure> for StoreError {
    fn failure(&self) -> Option<RunFailure> {
        Some(self.failure)
    }
}

/// Keeps the first failure of the buckets under a table: parsers replace errors by their own, and what a bucket could not
/// do must not be told as a fault of the table.
#[derive(Clone, Debug, Default)]
pub struct Failures(Arc<OnceLock<StoreError>>);

impl Failures {
    /// Keeps a failure, unless there was one before, and gives it the form that readers and writers expect.
    pub fn keep(&self, error: StoreError) -> io::Error {
        let _ = self.0.set(error.clone());
        io::Error::other(error)
    }

    /// What an error of table code comes from.
    #[must_use]
    pub fn explain(&self, error: TableError) -> TableFailure {
        match self.0.get() {
            Some(store) => TableFailure::Store(store.clone()),
            None => TableFailure::Table(error),
        }
    }
}

/// Why table code failed.
#[derive(Debug, thiserror::Error)]
pub enum TableFailure {
    /// A bucket or the Hub.
    #[error(transparent)]
    Store(StoreError),
    /// The table itself.
    #[error(transparent)]
    Table(TableError),
}
