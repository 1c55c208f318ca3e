//! Why a chunk could not be joined.

use runs::{StoreError, TableFailure};
use shared::batch::job::JobError;
use shared::batch::model_id::ModelIdError;
use shared::batch::processor::UnsupportedModel;
use shared::contracts::batch::RunFailure;
use shared::run::Fails;

/// Why a chunk could not be joined. Its outputs stay where they are, so another try loses nothing.
#[derive(Debug, thiserror::Error)]
pub enum PostprocessError {
    /// A file could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file is not as it was written, or does not fit in memory and temporary storage.
    #[error(transparent)]
    Table(#[from] TableFailure),
    /// The run has no valid prefix.
    #[error(transparent)]
    Prefix(#[from] JobError),
    /// The model has no valid id.
    #[error(transparent)]
    ModelId(#[from] ModelIdError),
    /// No family has the model.
    #[error(transparent)]
    Model(#[from] UnsupportedModel),
    /// The rows are gone.
    #[error("there is no `{0}`, the rows of the chunk: restore it, or start a new run")]
    NoRows(String),
    /// An output is gone that a result was made of: its answers would be lost.
    #[error(
        "`{0}` is gone, and with it answers that the result has: restore it, the result was left as it is"
    )]
    OutputGone(String),
}

impl Fails<RunFailure> for PostprocessError {
    fn failure(&self) -> Option<RunFailure> {
        Some(match self {
            Self::Store(error) | Self::Table(TableFailure::Store(error)) => error.failure,
            Self::Table(TableFailure::Table(_))
            | Self::Prefix(_)
            | Self::ModelId(_)
            | Self::Model(_)
            | Self::NoRows(_)
            | Self::OutputGone(_) => RunFailure::Broken,
        })
    }
}
