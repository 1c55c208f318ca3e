//! What was asked, for tests that want to know.

use serde::{Deserialize, Serialize};

/// A request that the simulator received, whatever it answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Counted from 1 in the order of arrival.
    pub number: u64,
    /// `invoke`, `invoke-with-response-stream`, `converse` or `converse-stream`.
    pub operation: String,
    /// As the client named it, decoded: a model id, an inference profile id or an ARN.
    pub model_id: String,
    /// SHA-256 of the body, in lower-case hexadecimal.
    pub body_sha256: String,
    /// Who asked, from the signature's credential; empty without one. A function of the local AWS has a key of its own.
    pub access_key_id: String,
    /// The HTTP status of the answer; 0 until it is given, and when the connection was cut on purpose.
    pub status: u16,
}

/// The key id in `AWS4-HMAC-SHA256 Credential=<key>/<date>/<region>/bedrock/aws4_request, ...`, and the region.
pub(super) fn credential(authorization: &str) -> Option<(&str, &str)> {
    let scope = authorization
        .strip_prefix("AWS4-HMAC-SHA256")?
        .split("Credential=")
        .nth(1)?;
    let mut parts = scope.split(',').next()?.split('/');
    let key = parts.next().filter(|key| !key.is_empty())?;
    Some((key, parts.nth(1)?))
}
