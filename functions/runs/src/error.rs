//! What buckets and the Hub fail with, and how it gets past parsers.

use std::io;
use std::sync::{Arc, OnceLock};

use shared::batch::request::RequestError;
use shared::contracts::batch::RunFailure;
use shared::model::ModelError;
use shared::run::{Error, Fails};
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
        Self::new(error.kind.into(), error.to_string())
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

/// Why a request could not be understood, or its table not read.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// A bucket or the Hub.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A rule of requests is broken.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// The model is retired.
    #[error("model_id: {0}")]
    Model(ModelError),
    /// The table cannot be read, or not written.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The table looks like a result.
    #[error(
        "the table has the columns {0}, which results need for themselves: set `previous_results` when it is the result of an earlier run, or give them other names with `columns`"
    )]
    ResultColumns(String),
}

impl Fails<RunFailure> for RunError {
    fn failure(&self) -> Option<RunFailure> {
        Some(match self {
            Self::Store(error) => error.failure,
            Self::Table(
                TableError::Write { .. }
                | TableError::WriteParquet { .. }
                | TableError::Spill { .. },
            ) => RunFailure::Broken,
            Self::Request(_) | Self::Model(_) | Self::Table(_) | Self::ResultColumns(_) => {
                RunFailure::InvalidRequest
            }
        })
    }
}
