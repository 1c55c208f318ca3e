use std::{fmt, io, path::PathBuf};

use aws_sdk_cloudformation::{config::http::HttpResponse, error::SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use crate::{INLINE_LIMIT, TEMPLATE_LIMIT};

/// Why a deployment stopped, and what to do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Neither the caller nor the environment names a region.
    #[error("no AWS region is set; pass one, or set AWS_REGION or the profile's `region`")]
    NoRegion,
    /// AWS, or the way to it, refused a request.
    #[error("cannot {action}: {message}{}; {}", code_in_brackets(.code.as_ref()), remedy(.code.as_deref()))]
    Service {
        /// What was tried.
        action: String,
        /// AWS's error code, or the HTTP status where AWS gives none; none when no answer came.
        code: Option<String>,
        /// AWS's message, or why no answer came.
        message: String,
    },
    /// The template is not a JSON object with resources.
    #[error(
        "the template of stack `{stack}` is not a CloudFormation template in JSON: {reason}; synthesize it again"
    )]
    Template {
        /// The stack.
        stack: String,
        /// What is wrong.
        reason: String,
    },
    /// The template is larger than CloudFormation takes.
    #[error(
        "the template of stack `{stack}` is {size} bytes and CloudFormation takes {TEMPLATE_LIMIT}; split the stack"
    )]
    TemplateTooLarge {
        /// The stack.
        stack: String,
        /// Bytes.
        size: usize,
    },
    /// The template has to go through S3 and the request names no bucket.
    #[error(
        "the template of stack `{stack}` is {size} bytes, more than the {INLINE_LIMIT} that can be sent without S3; name an asset bucket in the request"
    )]
    TemplateNeedsBucket {
        /// The stack.
        stack: String,
        /// Bytes.
        size: usize,
    },
    /// Another operation on the stack is under way.
    #[error(
        "stack `{stack}` is in {status}: another operation is under way; wait for it to end and try again"
    )]
    Busy {
        /// The stack.
        stack: String,
        /// Its status.
        status: String,
    },
    /// The stack cannot be updated from the state it is in.
    #[error("stack `{stack}` is in {status} and cannot be deployed to; {}", .remedy)]
    Stuck {
        /// The stack.
        stack: String,
        /// Its status.
        status: String,
        /// The way out.
        remedy: &'static str,
    },
    /// CloudFormation could not work out the changes.
    #[error(
        "CloudFormation refuses the changes to stack `{stack}`: {reason}; nothing was changed: repair the template or the parameters and deploy again"
    )]
    ChangeSet {
        /// The stack.
        stack: String,
        /// CloudFormation's explanation.
        reason: String,
    },
    /// A plan that cannot be executed any more.
    #[error("the plan for stack `{stack}` is stale: {reason}; plan again")]
    StalePlan {
        /// The stack.
        stack: String,
        /// Why.
        reason: String,
    },
    /// The operation ran and failed.
    #[error("stack `{stack}` ended in {status}: {}; {}", causes(.failures, .reason.as_ref()), after(.status))]
    Failed {
        /// The stack.
        stack: String,
        /// Its status now.
        status: String,
        /// CloudFormation's explanation of that status.
        reason: Option<String>,
        /// The resources that failed by themselves, first the one that failed first. Those that CloudFormation cancelled as a
        /// consequence are left out.
        failures: Vec<Failure>,
    },
    /// A bucket to be emptied is not the stack's.
    #[error(
        "bucket `{bucket}` does not belong to stack `{stack}`, whose buckets are: {known}; nothing was deleted"
    )]
    ForeignBucket {
        /// The bucket.
        bucket: String,
        /// The stack.
        stack: String,
        /// The stack's own buckets.
        known: String,
    },
    /// An asset cannot be read.
    #[error("cannot read the asset {path}: {source}; package the functions again")]
    Asset {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// S3 still holds objects it was asked to delete.
    #[error(
        "cannot empty bucket `{bucket}`: {key}: {reason}; remove what protects the object (a retention, a policy) and destroy again"
    )]
    NotEmptied {
        /// The bucket.
        bucket: String,
        /// The first object that stayed.
        key: String,
        /// S3's explanation.
        reason: String,
    },
}

/// A resource that failed by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The resource's name in the template.
    pub logical_id: String,
    /// Such as `AWS::S3::Bucket`.
    pub resource_type: String,
    /// Such as `CREATE_FAILED`.
    pub status: String,
    /// CloudFormation's explanation.
    pub reason: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            logical_id,
            resource_type,
            status,
            reason,
        } = self;
        write!(
            formatter,
            "{logical_id} ({resource_type}) {status}: {reason}"
        )
    }
}

/// Turns an SDK error into ours, keeping AWS's code and words. For clients of other services, too: `action` says what was tried.
pub fn service<E>(action: impl Into<String>) -> impl FnOnce(SdkError<E, HttpResponse>) -> Error
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    let action = action.into();
    move |error| {
        let status = error
            .raw_response()
            .map(|response| response.status().as_u16());
        // The answer to a HEAD request has no room for a code.
        let refused = status.filter(|status| *status >= 400);
        let code = error
            .code()
            .map(str::to_owned)
            .or(refused.map(|status| status.to_string()));
        let message = match (error.message(), refused) {
            (Some(message), _) => message.to_owned(),
            (None, Some(_)) => "AWS gives no reason".into(),
            (None, None) => with_causes(&error),
        };
        Error::Service {
            action,
            code,
            message,
        }
    }
}

/// The SDK's own message names only the outermost layer ("dispatch failure").
fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    let mut words: Vec<String> = causes.map(ToString::to_string).collect();
    words.dedup();
    words.join(": ")
}

fn code_in_brackets(code: Option<&String>) -> String {
    code.map(|code| format!(" ({code})")).unwrap_or_default()
}

fn remedy(code: Option<&str>) -> &'static str {
    match code {
        None => "check the network, the endpoint URL and that credentials are set",
        Some("ExpiredToken" | "ExpiredTokenException" | "RequestExpired") => {
            "the credentials have expired: sign in again"
        }
        Some(
            "InvalidClientTokenId"
            | "UnrecognizedClientException"
            | "SignatureDoesNotMatch"
            | "InvalidAccessKeyId",
        ) => "the credentials are not valid here: check the profile and the region",
        Some("AccessDenied" | "AccessDeniedException" | "Forbidden" | "403") => {
            "have the action allowed to the identity you deploy with, and check that the resource is in your account"
        }
        Some("Throttling" | "ThrottlingException" | "RequestLimitExceeded") => {
            "too many requests: try again in a minute"
        }
        Some(_) => "correct what it names and try again",
    }
}

fn causes(failures: &[Failure], reason: Option<&String>) -> String {
    if failures.is_empty() {
        return reason.map_or_else(|| "CloudFormation gives no reason".into(), Clone::clone);
    }
    let lines: Vec<String> = failures.iter().map(ToString::to_string).collect();
    lines.join("; then ")
}

fn after(status: &str) -> &'static str {
    match status {
        "ROLLBACK_COMPLETE" => {
            "everything it had created is deleted again: repair the cause and deploy again"
        }
        "UPDATE_ROLLBACK_COMPLETE" => {
            "the stack is back as it was: repair the cause and deploy again"
        }
        "DELETE_FAILED" => {
            "remove what is in the way (a bucket with objects has to be emptied) and destroy again"
        }
        _ => {
            "repair the cause, then see the stack's events in the CloudFormation console for the way on"
        }
    }
}
