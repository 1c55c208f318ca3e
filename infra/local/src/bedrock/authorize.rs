//! Whether the caller may do what it asks: the question goes to the policy evaluator of the local AWS, which knows the
//! functions' roles. So a missing grant fails here as it would in the cloud.

use std::time::Duration;

use axum::body::Bytes;
use axum::http::Request;
use http_body_util::Full;
use serde::{Deserialize, Serialize};

use super::ErrorCode;
use super::error::ServiceError;
use super::model_id::ModelId;
use crate::http::HttpClient;

const TIMEOUT: Duration = Duration::from_secs(10);

#[derive(Serialize)]
struct Question<'a> {
    access_key_id: &'a str,
    action: &'a str,
    region: &'a str,
    resources: &'a [String],
    context: serde_json::Value,
}

#[derive(Deserialize)]
struct Verdict {
    allowed: bool,
    #[serde(default)]
    code: Option<ErrorCode>,
    #[serde(default)]
    message: Option<String>,
}

/// Who asks, from the signature of the request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Caller<'a> {
    pub(super) access_key_id: &'a str,
    pub(super) region: &'a str,
}

impl<'a> Caller<'a> {
    /// From the parts of a credential; a request without any is refused.
    pub(super) fn new(credential: Option<(&'a str, &'a str)>) -> Result<Self, ServiceError> {
        let (access_key_id, region) = credential.ok_or_else(|| {
            ServiceError::of(ErrorCode::MissingAuthenticationTokenException, None)
        })?;
        Ok(Self {
            access_key_id,
            region,
        })
    }
}

/// The condition key of an invocation through an inference profile.
pub(super) fn context(model: &ModelId, resources: &[String]) -> serde_json::Value {
    match &model.profile {
        Some(_) => serde_json::json!({ "bedrock:InferenceProfileArn": resources[0] }),
        None => serde_json::json!({}),
    }
}

/// Asks the local AWS at `endpoint`. An unreachable one is an error, not a yes.
pub(super) async fn check(
    client: &HttpClient,
    endpoint: &str,
    caller: &Caller<'_>,
    action: &str,
    resources: &[String],
    context: serde_json::Value,
) -> Result<(), ServiceError> {
    let question = Question {
        access_key_id: caller.access_key_id,
        action,
        region: caller.region,
        resources,
        context,
    };
    let failed = |reason: String| {
        ServiceError::new(
            ErrorCode::InternalServerException,
            format!(
                "the local AWS at {endpoint} could not say whether {action} is allowed: {reason}"
            ),
        )
    };
    let body = serde_json::to_vec(&question).map_err(|error| failed(error.to_string()))?;
    let request = Request::post(format!("{endpoint}/_local/authorize"))
        .body(Full::new(Bytes::from(body)))
        .map_err(|error| failed(error.to_string()))?;
    let (_, answer) = client
        .send(request, TIMEOUT)
        .await
        .map_err(|error| failed(error.to_string()))?;
    let verdict: Verdict =
        serde_json::from_slice(&answer).map_err(|error| failed(error.to_string()))?;
    if verdict.allowed {
        return Ok(());
    }
    let code = verdict.code.unwrap_or(ErrorCode::AccessDeniedException);
    Err(ServiceError::of(code, verdict.message))
}
