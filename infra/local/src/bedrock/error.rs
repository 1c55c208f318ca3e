//! Errors as the service words and types them.

use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::ErrorCode;

/// An error response: a JSON body with the message, and the type in a header, where the SDKs look for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ServiceError {
    pub(super) code: ErrorCode,
    pub(super) message: String,
}

impl ServiceError {
    pub(super) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }

    /// With this message, or the service's usual one.
    pub(super) fn of(code: ErrorCode, message: Option<String>) -> Self {
        let message = message.unwrap_or_else(|| code.default_message().into());
        Self { code, message }
    }

    pub(super) fn validation(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::ValidationException, message)
    }
}

impl ErrorCode {
    /// The HTTP status of the error, from the service's API model.
    pub fn status(self) -> u16 {
        match self {
            Self::ValidationException
            | Self::UnknownOperationException
            | Self::ConflictException
            | Self::ServiceQuotaExceededException
            | Self::TooManyTagsException => 400,
            Self::AccessDeniedException
            | Self::UnrecognizedClientException
            | Self::MissingAuthenticationTokenException => 403,
            Self::ResourceNotFoundException => 404,
            Self::ModelTimeoutException => 408,
            Self::ModelErrorException => 424,
            Self::ThrottlingException | Self::ModelNotReadyException => 429,
            Self::InternalServerException => 500,
            Self::ServiceUnavailableException => 503,
        }
    }

    /// What the service says when nothing more specific is known.
    pub(super) fn default_message(self) -> &'static str {
        match self {
            Self::ValidationException => "The request is invalid.",
            Self::UnknownOperationException => "The operation is unknown.",
            Self::ConflictException => {
                "Error occurred because of a conflict while performing an operation."
            }
            Self::ServiceQuotaExceededException => {
                "The number of requests exceeds the service quota. Resubmit your request later."
            }
            Self::TooManyTagsException => {
                "The request contains more tags than can be associated with a resource."
            }
            Self::AccessDeniedException => {
                "You don't have access to the model with the specified model ID."
            }
            Self::UnrecognizedClientException => {
                "The security token included in the request is invalid."
            }
            Self::MissingAuthenticationTokenException => "Missing Authentication Token",
            Self::ResourceNotFoundException => {
                "Could not resolve the foundation model from the provided model identifier."
            }
            Self::ModelTimeoutException => {
                "Model has timed out in processing the request. Try your request again."
            }
            Self::ThrottlingException => "Too many requests, please wait before trying again.",
            Self::ModelNotReadyException => {
                "The model is not ready to serve inference requests. Please try again later."
            }
            Self::ModelErrorException | Self::InternalServerException => {
                "The system encountered an unexpected error during processing. Try your request again."
            }
            Self::ServiceUnavailableException => "Bedrock is unable to process your request.",
        }
    }
}

impl IntoResponse for ServiceError {
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let kind = HeaderValue::from_static(self.code.name());
        (
            status,
            [(HeaderName::from_static("x-amzn-errortype"), kind)],
            Json(json!({ "message": self.message })),
        )
            .into_response()
    }
}
