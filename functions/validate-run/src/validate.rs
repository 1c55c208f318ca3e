//! What a request asks for, held against what there is.

use std::sync::Arc;

use runs::{Bucket, Premises, RunError, StoreError, model_of};
use shared::batch::job::{JobError, JobPrefix};
use shared::contracts::batch::{RunFailure, RunOrder, RunReference, ValidateRunRequest};
use shared::run::Fails;

use crate::redrive::{RedriveError, attempt_of};

/// What the function needs of the world.
#[derive(Clone)]
pub struct Services {
    /// What requests are held against.
    pub premises: Premises,
    /// The files of runs.
    pub runs: Arc<dyn Bucket>,
}

/// Understands a request, and looks at the columns of its table.
///
/// # Errors
/// When the request is not one that can be run; the message says what to change. Or when that could not be found out.
pub fn validate(
    services: &Services,
    request: &ValidateRunRequest,
) -> Result<RunOrder, ValidateError> {
    let ValidateRunRequest {
        request,
        execution,
        name,
    } = request;
    let prefix: JobPrefix = request.job_name_prefix.parse()?;
    let redrive = request.redrive.as_deref().map(str::trim);
    let (run, attempt) = match redrive.filter(|run| !run.is_empty()) {
        None => {
            services.premises.rows(request, execution)?;
            (name.as_str(), 0)
        }
        // All else was understood when the run was new.
        Some(run) => {
            model_of(request)?;
            (run, attempt_of(&*services.runs, &prefix, run, request)?)
        }
    };
    Ok(RunOrder {
        run: RunReference {
            run: run.to_owned(),
            prefix: prefix.as_str().to_owned(),
            execution: execution.clone(),
        },
        attempt,
        request: request.clone(),
    })
}

/// Why a request was refused, or could not be judged.
#[derive(Debug, thiserror::Error)]
pub enum ValidateError {
    /// The request or its table.
    #[error(transparent)]
    Run(#[from] RunError),
    /// A bucket or the Hub.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Jobs cannot be named.
    #[error("job_name_prefix: {0}")]
    Prefix(#[from] JobError),
    /// The run cannot be redriven.
    #[error("redrive: {0}")]
    Redrive(#[from] RedriveError),
}

impl Fails<RunFailure> for ValidateError {
    fn failure(&self) -> Option<RunFailure> {
        match self {
            Self::Run(error) => error.failure(),
            Self::Store(error) | Self::Redrive(RedriveError::Store(error)) => error.failure(),
            Self::Prefix(_) | Self::Redrive(_) => Some(RunFailure::InvalidRequest),
        }
    }
}
