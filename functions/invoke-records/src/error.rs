//! Why records could not be sent.

use std::io;

use runs::StoreError;
use shared::batch::job::JobError;
use shared::batch::model_id::ModelIdError;
use shared::batch::processor::UnsupportedModel;
use shared::batch::record::LineError;
use shared::contracts::batch::{JobMode, RunFailure};
use shared::run::Fails;

/// Why records could not be sent. What was answered before is in parts of the output, which another try goes on from.
#[derive(Debug, thiserror::Error)]
pub enum InvokeError {
    /// A file could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The run has no valid prefix.
    #[error(transparent)]
    Prefix(#[from] JobError),
    /// The model has no valid id.
    #[error(transparent)]
    ModelId(#[from] ModelIdError),
    /// No family has the model.
    #[error(transparent)]
    Model(#[from] UnsupportedModel),
    /// The chunk is to be sent another way.
    #[error(
        "the mode of the chunk is {0:?}, and this function sends chunks of the mode OnDemand: start a new run"
    )]
    Mode(JobMode),
    /// There is nothing to send, though there should be.
    #[error("there is no `{0}`: restore it, or start a new run")]
    NoFile(String),
    /// A file is not as it was written.
    #[error("`{file}`: {source}")]
    Line {
        /// Its address.
        file: String,
        /// What is wrong.
        source: LineError,
    },
    /// Lines could not be read, or written.
    #[error("`{file}`: {source}")]
    Io {
        /// The address of the file.
        file: String,
        /// What went wrong.
        source: io::Error,
    },
    /// A line has no JSON, which is a bug.
    #[error("a line could not be written as JSON: {0}")]
    Json(#[source] serde_json::Error),
    /// The model may not be invoked: no record will be answered.
    #[error(
        "`{model}` may not be invoked ({message}): ask for access to the model, and add it to the models of the deployment"
    )]
    Denied {
        /// The model.
        model: String,
        /// What the service says.
        message: String,
    },
    /// The model cannot be invoked: no record will be answered.
    #[error("`{model}` cannot be invoked ({message}): start a run with another `model_id`")]
    NoModel {
        /// The model.
        model: String,
        /// What the service says.
        message: String,
    },
}

impl Fails<RunFailure> for InvokeError {
    fn failure(&self) -> Option<RunFailure> {
        Some(match self {
            Self::Store(error) => error.failure,
            Self::NoModel { .. } | Self::ModelId(_) | Self::Model(_) => RunFailure::InvalidRequest,
            Self::Io { source, .. } => of_io(source),
            Self::Prefix(_)
            | Self::Mode(_)
            | Self::NoFile(_)
            | Self::Line { .. }
            | Self::Json(_)
            | Self::Denied { .. } => RunFailure::Broken,
        })
    }
}

/// A file of a bucket fails with what the bucket failed with.
fn of_io(error: &io::Error) -> RunFailure {
    let store = error
        .get_ref()
        .and_then(|cause| cause.downcast_ref::<StoreError>());
    store.map_or(RunFailure::Broken, |store| store.failure)
}
