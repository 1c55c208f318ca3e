//! Why an image did not become a record, told apart by what to do about it.

use shared::events::s3;
use shared::run::Error;

use crate::answer::AnswerError;
use crate::image::ImageError;
use crate::table::TableError;

/// Why an image did not become a record.
#[derive(Debug)]
pub enum Stop {
    /// It never will.
    Refused(Refusal),
    /// It may at the next delivery.
    Retry(Retry),
}

/// Why an image never becomes a record: for the failure queue.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The notification is about another place.
    #[error(
        "the notification is about `s3://{bucket}`, but images are read from `{served}`; mend the notification"
    )]
    Elsewhere {
        /// Bucket and key of the event.
        bucket: String,
        /// What the port reads.
        served: String,
    },
    /// The key is not what S3 sends.
    #[error(transparent)]
    Key(#[from] s3::KeyError),
    /// The key points out of its place.
    #[error("the key begins with `/` or has `..` in it; upload the image under a plain key")]
    UnsafeKey,
    /// The key's extension is of no format that is read.
    #[error(
        "the key ends in none of `.jpg`, `.jpeg` and `.png`; convert the image and upload it again"
    )]
    UnsupportedExtension,
    /// The time of the event is no time.
    #[error("`{0}` is no time in ISO 8601; this is no event of S3")]
    EventTime(String),
    /// The object is gone.
    #[error("there is no such object any more; upload the image again")]
    Missing,
    /// The object is larger than any image worth reading.
    #[error("the object is too large: {0}; scale the image down and upload it again")]
    ObjectTooLarge(String),
    /// The image cannot be used.
    #[error(transparent)]
    Image(#[from] ImageError),
    /// The model does not accept the request, and will not the next time.
    #[error("the model rejects the request: {0}")]
    ModelRejects(String),
}

impl Refusal {
    /// The stable word for filters and alarms.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Elsewhere { .. } => "unexpected_location",
            Self::Key(_) => "malformed_key",
            Self::UnsafeKey => "unsafe_key",
            Self::UnsupportedExtension => "unsupported_extension",
            Self::EventTime(_) => "malformed_event",
            Self::Missing => "missing_object",
            Self::ObjectTooLarge(_) => "object_too_large",
            Self::Image(error) => error.reason(),
            Self::ModelRejects(_) => "model_rejects_request",
        }
    }
}

/// Why an image is left for the next delivery. After the queue's last one the message goes to the dead letters.
#[derive(Debug, thiserror::Error)]
pub enum Retry {
    /// A service failed or throttles, or refuses access: a fault of the deployment that someone can mend meanwhile.
    #[error(transparent)]
    Service(#[from] Error),
    /// The model's response is not usable.
    #[error(transparent)]
    Answer(#[from] AnswerError),
    /// The row could not be written: a bug, but not the image's.
    #[error(transparent)]
    Table(#[from] TableError),
    /// Something that never fails did.
    #[error("{0}")]
    Unexpected(String),
}

impl<T: Into<Refusal>> From<T> for Stop {
    fn from(refusal: T) -> Self {
        Self::Refused(refusal.into())
    }
}

pub(crate) fn again(error: impl Into<Retry>) -> Stop {
    Stop::Retry(error.into())
}

pub(crate) fn unexpected(error: impl std::error::Error) -> Stop {
    Stop::Retry(Retry::Unexpected(error.to_string()))
}
