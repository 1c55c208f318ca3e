//! What can go wrong in a call, by what to do about it.

use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};

pub use crate::ErrorKind;
use crate::Variants as _;

/// A call that failed.
///
/// Return it unwrapped from a handler when [`ErrorKind::may_pass`] says so: the platform then delivers the event again.
#[derive(Debug, thiserror::Error)]
#[error("{operation} on `{target}` failed ({code}): {message}")]
pub struct Error {
    /// What to do about it.
    pub kind: ErrorKind,
    /// The operation, for example `GetObject`.
    pub operation: &'static str,
    /// What it was about: `s3://bucket/key`, the model's id, the queue's URL, the name or ARN of a job.
    pub target: String,
    /// The service's word for it, or the kind's when no service answered.
    pub code: String,
    /// What happened, for a person.
    pub message: String,
}

impl ErrorKind {
    fn of_code(code: &str) -> Option<Self> {
        match code {
            "ThrottlingException"
            | "Throttling"
            | "ThrottledException"
            | "TooManyRequestsException"
            | "RequestThrottled"
            | "RequestLimitExceeded"
            | "ServiceQuotaExceededException"
            | "SlowDown"
            | "ProvisionedThroughputExceededException"
            | "KmsThrottlingException"
            | "ModelNotReadyException" => Some(Self::Throttled),
            "ServiceUnavailableException"
            | "ServiceUnavailable"
            | "InternalServerException"
            | "InternalError"
            | "InternalServerError"
            | "InternalServiceError"
            | "TransactionConflictException"
            | "ReplicatedWriteConflictException"
            | "ModelTimeoutException"
            | "ModelErrorException"
            | "RequestTimeout"
            // Two conditional writes of one key at once: the next attempt sees which of them won.
            | "ConditionalRequestConflict"
            | "ExpiredToken"
            | "ExpiredTokenException" => Some(Self::Unavailable),
            "AccessDenied"
            | "AccessDeniedException"
            | "KmsAccessDeniedException"
            | "DecryptionFailure"
            | "UnrecognizedClientException" => Some(Self::Denied),
            "NoSuchKey"
            | "NoSuchBucket"
            | "NotFound"
            | "ResourceNotFoundException"
            | "NoSuchUpload"
            | "TaskDoesNotExist"
            | "TaskTimedOut"
            | "AWS.SimpleQueueService.NonExistentQueue"
            | "QueueDoesNotExist" => Some(Self::Missing),
            "PreconditionFailed" | "ConditionalCheckFailedException" | "ConflictException" => {
                Some(Self::Changed)
            }
            "ValidationException"
            | "InvalidArgument"
            | "InvalidMessageContents"
            | "InvalidOutput"
            | "InvalidToken"
            | "InvalidParameterException"
            | "InvalidRequestException"
            | "KmsInvalidStateException" => Some(Self::Invalid),
            _ => None,
        }
    }

    fn of_status(status: u16) -> Self {
        match status {
            429 => Self::Throttled,
            401 | 403 => Self::Denied,
            404 => Self::Missing,
            412 => Self::Changed,
            408 | 500.. => Self::Unavailable,
            _ => Self::Invalid,
        }
    }
}

impl Error {
    /// A failure found on this side of the wire.
    pub(super) fn local(
        kind: ErrorKind,
        operation: &'static str,
        target: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            kind,
            operation,
            target: target.into(),
            code: kind.name().to_owned(),
            message: message.into(),
        }
    }

    /// A failure that a service reports inside an answer.
    pub(super) fn of_code(
        operation: &'static str,
        target: String,
        code: &str,
        message: &str,
    ) -> Self {
        Self {
            kind: ErrorKind::of_code(code).unwrap_or(ErrorKind::Unavailable),
            operation,
            target,
            code: code.to_owned(),
            message: message.to_owned(),
        }
    }

    /// A failure of the SDK's.
    pub(super) fn of_sdk<E>(
        operation: &'static str,
        target: impl Into<String>,
        error: &SdkError<E, HttpResponse>,
    ) -> Self
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let status = error
            .raw_response()
            .map(|response| response.status().as_u16());
        let code = error.code();
        let kind = match error {
            SdkError::ServiceError(_) => code
                .and_then(ErrorKind::of_code)
                .or(status.map(ErrorKind::of_status))
                .unwrap_or(ErrorKind::Unavailable),
            SdkError::ConstructionFailure(_) => ErrorKind::Invalid,
            _ => ErrorKind::Unavailable,
        };
        let message = match error.message() {
            Some(message) => message.to_owned(),
            None => DisplayErrorContext(error).to_string(),
        };
        Self {
            kind,
            operation,
            target: target.into(),
            code: code.unwrap_or(kind.name()).to_owned(),
            message,
        }
    }
}
