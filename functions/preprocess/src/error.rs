//! Why a run could not be prepared.

use runs::{RunError, StoreError, TableFailure};
use shared::batch::chunk::ChunkError;
use shared::batch::job::JobError;
use shared::batch::request::RequestError;
use shared::contracts::batch::RunFailure;
use shared::run::Fails;
use tables::TableError;

/// Why a run could not be prepared. No job was started.
#[derive(Debug, thiserror::Error)]
pub enum PreprocessError {
    /// The request or its table.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The records cannot be divided.
    #[error(transparent)]
    Chunks(#[from] ChunkError),
    /// Jobs cannot be named.
    #[error("job_name_prefix: {0}")]
    Prefix(#[from] JobError),
    /// Records are too few, and may not be sent one by one.
    #[error(
        "{records} records can be sent in chunk {chunk:04}, and a job of this model must have {minimum}: give more, or set `below_minimum` to `on_demand` to send them one by one at the full price"
    )]
    BelowMinimum {
        /// The records that there are.
        records: u64,
        /// What a job must have.
        minimum: u64,
        /// The number of the chunk.
        chunk: u64,
    },
    /// A file would be larger than the service takes.
    #[error(
        "the input of chunk {chunk:04} has {bytes} bytes for {records} records, and a job of this model takes {limit}: {advice}"
    )]
    TooLarge {
        /// The number of the chunk.
        chunk: u64,
        /// Bytes of its input.
        bytes: u64,
        /// Records in it.
        records: u64,
        /// Bytes that the service takes.
        limit: u64,
        /// What to do.
        advice: String,
    },
    /// There is a run of this name.
    #[error(
        "there is a run `{run}` already, which another execution began: start the execution under another name, or redrive that run"
    )]
    NameTaken {
        /// The name.
        run: String,
    },
    /// Files of the run are gone.
    #[error(
        "`{0}` is missing, without which the run cannot be redriven: restore an earlier version of it, or start a new run"
    )]
    Missing(String),
}

impl From<StoreError> for PreprocessError {
    fn from(error: StoreError) -> Self {
        Self::Run(error.into())
    }
}

impl From<RequestError> for PreprocessError {
    fn from(error: RequestError) -> Self {
        Self::Run(error.into())
    }
}

impl From<TableError> for PreprocessError {
    fn from(error: TableError) -> Self {
        Self::Run(error.into())
    }
}

impl From<TableFailure> for PreprocessError {
    fn from(failure: TableFailure) -> Self {
        Self::Run(failure.into())
    }
}

impl Fails<RunFailure> for PreprocessError {
    fn failure(&self) -> Option<RunFailure> {
        match self {
            Self::Run(error) => error.failure(),
            Self::Missing(_) => Some(RunFailure::Broken),
            Self::Chunks(_)
            | Self::Prefix(_)
            | Self::BelowMinimum { .. }
            | Self::TooLarge { .. }
            | Self::NameTaken { .. } => Some(RunFailure::InvalidRequest),
        }
    }
}
