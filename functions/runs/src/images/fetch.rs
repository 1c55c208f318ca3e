//! One image out of its bucket.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use shared::batch::limits::IMAGE_BYTES;
use shared::batch::source::{S3Uri, SourceError};
use shared::contracts::batch::RunFailure;

use super::inspect::inspect;
use super::{ImageProblem, LoadedImage};
use crate::error::StoreError;
use crate::ranged::whole;
use crate::table::Inputs;

/// Fetches an image. Not a byte of one that is too large is read.
///
/// # Errors
/// When the service is busy, slow or unwell. All else is a problem of the image.
pub(super) fn load(
    inputs: &Inputs,
    uri: &str,
) -> Result<Result<LoadedImage, ImageProblem>, StoreError> {
    match bytes(inputs, uri) {
        Ok(bytes) => Ok(judged(uri, &bytes)),
        Err(Failure::Image(problem)) => Ok(Err(problem)),
        Err(Failure::Store(error)) if passes(error.failure) => Err(error),
        Err(Failure::Store(error)) => Ok(Err(ImageProblem::Unreadable {
            uri: uri.to_owned(),
            problem: error.to_string(),
        })),
    }
}

enum Failure {
    Image(ImageProblem),
    Store(StoreError),
}

impl From<ImageProblem> for Failure {
    fn from(problem: ImageProblem) -> Self {
        Self::Image(problem)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

fn bytes(inputs: &Inputs, uri: &str) -> Result<Vec<u8>, Failure> {
    let place = place(uri)?;
    let bucket = inputs
        .bucket(&place.bucket)
        .ok_or_else(|| ImageProblem::Bucket {
            uri: uri.to_owned(),
            allowed: inputs.names(),
        })?;
    let object = bucket
        .find(&place.key)?
        .ok_or_else(|| ImageProblem::Missing(uri.to_owned()))?;
    match object.size {
        0 => Err(ImageProblem::Empty(uri.to_owned()).into()),
        bytes if bytes > IMAGE_BYTES => Err(Failure::Image(ImageProblem::TooManyBytes {
            uri: uri.to_owned(),
            bytes,
            limit: IMAGE_BYTES,
        })),
        size => Ok(whole(bucket.read(&object, 0..size)?, 0..size)?),
    }
}

fn place(uri: &str) -> Result<S3Uri, ImageProblem> {
    let refused = |problem: &str| ImageProblem::NotUri {
        uri: uri.to_owned(),
        problem: problem.to_owned(),
    };
    let place: S3Uri = uri.parse().map_err(|error| match error {
        SourceError::S3Uri { why, .. } => refused(why),
        other => refused(&other.to_string()),
    })?;
    if place.is_prefix() {
        return Err(refused("it is a folder, and each row has one image"));
    }
    Ok(place)
}

fn judged(uri: &str, bytes: &[u8]) -> Result<LoadedImage, ImageProblem> {
    let (format, size) = inspect(uri, bytes)?;
    Ok(LoadedImage {
        format,
        size,
        base64: STANDARD.encode(bytes),
    })
}

/// Whether it may go well another time.
fn passes(failure: RunFailure) -> bool {
    matches!(failure, RunFailure::Throttled | RunFailure::Unavailable)
}
