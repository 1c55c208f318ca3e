//! What goes wrong, and when: a file, so that a test or a demonstration can say it without code.

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::BatchScenario;

/// The behaviour of a simulator. The default answers at once and always.
///
/// ```json
/// {
///   "latency_ms": 800,
///   "throttle": { "requests_per_minute": 40, "burst": 10 },
///   "rules": [
///     { "when": { "every": 7 }, "then": { "fault": "markdown" } },
///     { "when": { "isbn": "9780000000019" }, "times": 1, "then": { "fault": "error", "code": "ModelTimeoutException" } },
///     { "when": { "prompt_contains": "invoice" }, "delay_ms": 2000 }
///   ]
/// }
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Scenario {
    /// Added to every answer, in milliseconds.
    pub latency_ms: u64,
    /// Refuses what comes faster than this.
    pub throttle: Option<Throttle>,
    /// The first rule that matches a request decides.
    pub rules: Vec<Rule>,
    /// How batch jobs fare.
    pub batch: BatchScenario,
}

/// A token bucket, as the service's requests-per-minute quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Throttle {
    /// Tokens that come back per minute.
    pub requests_per_minute: NonZeroU32,
    /// Tokens that the bucket holds; a whole minute's worth when it is left out.
    #[serde(default)]
    pub burst: Option<NonZeroU32>,
}

/// A fault, a delay, or both, for the requests that match.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Which requests; all when it is left out.
    #[serde(default)]
    pub when: When,
    /// Only this many of them, the first ones: a retry then succeeds.
    #[serde(default)]
    pub times: Option<NonZeroU32>,
    /// Waits this long before the answer, in milliseconds, on top of the scenario's latency.
    #[serde(default)]
    pub delay_ms: u64,
    /// What happens instead of the answer; the usual answer when it is left out.
    #[serde(default)]
    pub then: Option<Fault>,
}

/// Conditions on a request; it matches when it meets all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct When {
    /// Every Nth of the requests that meet the other conditions.
    pub every: Option<NonZeroU32>,
    /// The ISBN in the barcode of the image, digits only.
    pub isbn: Option<String>,
    /// SHA-256 of an image as it was sent, in lower-case hexadecimal.
    pub image_sha256: Option<String>,
    /// Text in the prompt or the system prompt.
    pub prompt_contains: Option<String>,
    /// Text in the model id.
    pub model_contains: Option<String>,
}

/// What a model, or the service in front of it, can do to its caller.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// JSON that breaks off inside a string.
    Malformed,
    /// The right JSON, inside a Markdown code fence with words around it.
    Markdown,
    /// The model declines: prose instead of JSON, stop reason `refusal`.
    Refused,
    /// The answer is cut at half, stop reason `max_tokens`.
    MaxTokens,
    /// An answer without any content block.
    Empty,
    /// This text instead of the answer.
    Text {
        /// What the model says.
        text: String,
    },
    /// The connection breaks in the middle of the answer (a stream, or a plain body).
    Truncated,
    /// The service answers with an error.
    Error {
        /// Which one.
        code: ErrorCode,
        /// Its message; the service's usual one when it is left out.
        #[serde(default)]
        message: Option<String>,
    },
}

/// The errors of the Bedrock runtime and of its batch jobs, by the names the SDKs know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum ErrorCode {
    /// 400: the request is not what the operation takes.
    ValidationException,
    /// 400: no such operation.
    UnknownOperationException,
    /// 400: the name of a job is taken, or its status forbids what is asked.
    ConflictException,
    /// 400: too many jobs are open.
    ServiceQuotaExceededException,
    /// 400: a resource takes no more tags.
    TooManyTagsException,
    /// 403: the caller has no grant.
    AccessDeniedException,
    /// 403: nobody knows the access key.
    UnrecognizedClientException,
    /// 403: the request is not signed.
    MissingAuthenticationTokenException,
    /// 404: no such model.
    ResourceNotFoundException,
    /// 408: the model took too long.
    ModelTimeoutException,
    /// 424: the model failed.
    ModelErrorException,
    /// 429: over the quota.
    ThrottlingException,
    /// 429: the model is being loaded.
    ModelNotReadyException,
    /// 500: the service failed.
    InternalServerException,
    /// 503: the service is overloaded or down.
    ServiceUnavailableException,
}

impl ErrorCode {
    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::ValidationException => "ValidationException",
            Self::UnknownOperationException => "UnknownOperationException",
            Self::ConflictException => "ConflictException",
            Self::ServiceQuotaExceededException => "ServiceQuotaExceededException",
            Self::TooManyTagsException => "TooManyTagsException",
            Self::AccessDeniedException => "AccessDeniedException",
            Self::UnrecognizedClientException => "UnrecognizedClientException",
            Self::MissingAuthenticationTokenException => "MissingAuthenticationTokenException",
            Self::ResourceNotFoundException => "ResourceNotFoundException",
            Self::ModelTimeoutException => "ModelTimeoutException",
            Self::ModelErrorException => "ModelErrorException",
            Self::ThrottlingException => "ThrottlingException",
            Self::ModelNotReadyException => "ModelNotReadyException",
            Self::InternalServerException => "InternalServerException",
            Self::ServiceUnavailableException => "ServiceUnavailableException",
        }
    }
}

/// A scenario that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ScenarioError {
    /// The file cannot be read.
    #[error("could not read the scenario {path}: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// It is not JSON, or not of this shape.
    #[error(
        "the scenario {path} is not valid, correct it at line {line}, column {column}: {reason}"
    )]
    Invalid {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
        /// What is wrong there.
        reason: String,
    },
    /// A rule that can never do anything.
    #[error(
        "rule {number} of the scenario {path} does nothing: give it a `then`, a `delay_ms`, or remove it"
    )]
    Idle {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        number: usize,
    },
}

impl Scenario {
    /// Reads a scenario file.
    ///
    /// # Errors
    /// An unreadable file, unknown names or values, or a rule that does nothing.
    pub fn read(path: &Path) -> Result<Self, ScenarioError> {
        let text = std::fs::read_to_string(path).map_err(|source| ScenarioError::Unreadable {
            path: path.to_path_buf(),
            source,
        })?;
        let scenario: Self =
            serde_json::from_str(&text).map_err(|error| ScenarioError::Invalid {
                path: path.to_path_buf(),
                line: error.line(),
                column: error.column(),
                reason: without_position(&error.to_string()),
            })?;
        match scenario
            .rules
            .iter()
            .position(|rule| rule.then.is_none() && rule.delay_ms == 0)
        {
            None => Ok(scenario),
            Some(index) => Err(ScenarioError::Idle {
                path: path.to_path_buf(),
                number: index + 1,
            }),
        }
    }
}

/// `serde_json` ends its messages with the position, which we say ourselves.
fn without_position(message: &str) -> String {
    message
        .rsplit_once(" at line ")
        .map_or(message, |(reason, _)| reason)
        .to_owned()
}
