use std::{fmt, io, path::PathBuf};

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_cloudformation::{config::http::HttpResponse, error::SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use crate::{INLINE_LIMIT, TEMPLATE_LIMIT, remedy};

/// Why a deployment stopped, and what to do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Neither the caller nor the environment names a region.
    #[error("no AWS region is set; pass one, or set AWS_REGION or the profile's `region`")]
    NoRegion,
    /// AWS, or the way to it, refused a request.
    #[error("cannot {action}: {message}{}; {}", code_in_brackets(.code.as_ref()), remedy::of_code(.code.as_deref()))]
    Service {
        /// What was tried.
        action: String,
        /// AWS's error code, or the HTTP status where AWS gives none; none when the request could not be sent.
        code: Option<String>,
        /// AWS's message, or why the request could not be sent.
        message: String,
    },
    /// Nothing says who asks.
    #[error(
        "cannot {0}: there are no AWS credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE to a profile with keys; those of an SSO session are exported by `eval \"$(aws configure export-credentials --format env)\"`"
    )]
    NoCredentials(String),
    /// No answer came, or not all of one.
    #[error(
        "cannot {action}: no answer from AWS: {message}; check the network and the endpoint URL"
    )]
    Unreachable {
        /// What was tried.
        action: String,
        /// What kept the answer away.
        message: String,
    },
    /// An operation goes on, and we cannot see how.
    #[error(
        "{cause}\nwhat was begun on stack `{stack}` goes on in CloudFormation; run the same command again to take it up"
    )]
    LostSight {
        /// The stack.
        stack: String,
        /// Why we cannot see it.
        cause: Box<Self>,
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
    #[error("stack `{stack}` is in {status}: {}", remedy::of_busy(.status, .stack))]
    Busy {
        /// The stack.
        stack: String,
        /// Its status.
        status: String,
    },
    /// The very changes that were asked for are being made already, or were made last: [`attach`](crate::attach) follows them, and
    /// says what came of them.
    #[error(
        "stack `{stack}` is in {status}: this is under way already; the command that began it, with the same options, follows it"
    )]
    UnderWay {
        /// The stack.
        stack: String,
        /// Its status.
        status: String,
    },
    /// There is no such stack.
    #[error("there is no stack `{0}` here; check its name, the account and the region")]
    NoStack(String),
    /// The stack cannot be updated from the state it is in.
    #[error("stack `{stack}` is in {status} and cannot be deployed to; {}", remedy::of_stuck(.status, .stack))]
    Stuck {
        /// The stack.
        stack: String,
        /// Its status.
        status: String,
    },
    /// CloudFormation could not work out the changes.
    #[error(
        "CloudFormation refuses the changes to stack `{stack}`: {}; {}", causes(.findings, Some(.reason)), remedy::OF_REFUSAL
    )]
    ChangeSet {
        /// The stack.
        stack: String,
        /// CloudFormation's explanation.
        reason: String,
        /// What validation and hooks object to, where they do and we may know; their names are the statuses.
        findings: Vec<Failure>,
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
    #[error("stack `{stack}` ended in {status}: {}; {}", causes(.failures, .reason.as_ref()), remedy::of_end(.status, .stack, .failures))]
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
    /// A bucket to be emptied holds what the stack keeps.
    #[error(
        "bucket `{bucket}` of stack `{stack}` is not disposable: its DeletionPolicy is {policy}, and only buckets that the deployed template marks with `Delete` are emptied; nothing was deleted: if its data may go, deploy the bucket with that policy first"
    )]
    NotDisposable {
        /// The bucket.
        bucket: String,
        /// The stack.
        stack: String,
        /// The policy it has.
        policy: String,
    },
    /// Other stacks import what the stack exports.
    #[error(
        "stack `{stack}` cannot be deleted, and nothing was: its export `{export}` is imported by {importers}; deploy these without the import first, or destroy them"
    )]
    Imported {
        /// The stack.
        stack: String,
        /// The name of the export.
        export: String,
        /// The stacks that import it.
        importers: String,
    },
    /// The stack is protected from deletion.
    #[error(
        "stack `{0}` has termination protection, and nothing was deleted: if it may go, `aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name {0}`"
    )]
    Protected(String),
    /// What was asked for is possible in other states only.
    #[error(
        "stack `{stack}` is in {status}, and {action} is for {wanted} only; nothing was changed"
    )]
    WrongState {
        /// The stack.
        stack: String,
        /// Its status.
        status: String,
        /// What was asked for.
        action: &'static str,
        /// The state, or the states, in which it is possible.
        wanted: &'static str,
    },
    /// A stack that may go back to what it was, and to what it named then.
    #[error(
        "stack `{stack}` is in {status}, and may go back to packages that it names no more; nothing was deleted: let its update end, or bring it to an end, and try again"
    )]
    Unsettled {
        /// The stack.
        stack: String,
        /// Its status.
        status: String,
    },
    /// Resources that cannot be taken into the stack.
    #[error("stack `{stack}` cannot import: {reason}")]
    Import {
        /// The stack.
        stack: String,
        /// Why not.
        reason: String,
    },
    /// A stack that only deployments may change.
    #[error(
        "stack `{stack}` is not to be synced: {why}; nothing was changed: deploy to it, through a change set"
    )]
    NotForSync {
        /// The stack.
        stack: String,
        /// By what.
        why: String,
    },
    /// Lambda does not run the code that a function was given.
    #[error(
        "function `{function}` does not have its new code: {reason}; try again, or deploy the stack"
    )]
    CodeNotUpdated {
        /// The function's name in Lambda.
        function: String,
        /// Lambda's explanation.
        reason: String,
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
        "cannot delete `{key}` from bucket `{bucket}`: {reason}; remove what protects the object (a retention, a policy) and try again"
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

impl Error {
    /// What to do after an operation that failed or was refused; none for other errors, which say it themselves.
    pub fn way_on(&self) -> Option<String> {
        match self {
            Self::Failed {
                stack,
                status,
                failures,
                ..
            } => Some(remedy::of_end(status, stack, failures)),
            Self::ChangeSet { .. } => Some(remedy::OF_REFUSAL.to_owned()),
            _ => None,
        }
    }

    /// Whether the same request may succeed a little later.
    pub(crate) fn may_pass(&self) -> bool {
        match self {
            Self::Unreachable { .. } => true,
            Self::Service {
                code: Some(code), ..
            } => remedy::is_throttling(code) || remedy::is_of_the_server(code),
            _ => false,
        }
    }

    /// Whether CloudFormation says that there is no such stack.
    pub fn says_absent(&self) -> bool {
        matches!(self, Self::Service { code, message, .. } if means_absent(code.as_deref(), Some(message)))
    }
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
    /// When it failed.
    pub phase: Phase,
    /// CloudFormation's explanation.
    pub reason: String,
}

/// The two halves of an operation that fails.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Phase {
    /// What was asked for was being done.
    #[default]
    Change,
    /// It was being taken back.
    Rollback,
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            logical_id,
            resource_type,
            status,
            reason,
            ..
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
        if code.is_none() && has_no_credentials(&error) {
            return Error::NoCredentials(action);
        }
        if code.is_none() && is_of_the_network(&error) {
            return Error::Unreachable { action, message };
        }
        Error::Service {
            action,
            code,
            message,
        }
    }
}

/// Whether an answer of CloudFormation means that there is no such stack. It has no code of its own for this.
pub(crate) fn means_absent(code: Option<&str>, message: Option<&str>) -> bool {
    code == Some("ValidationError")
        && message.is_some_and(|message| message.contains("does not exist"))
}

/// Whether no provider had credentials. One that has some and cannot read them is another matter.
fn has_no_credentials(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut causes = std::iter::successors(Some(error), |error| error.source());
    causes.any(|cause| {
        let cause = cause.downcast_ref::<CredentialsError>();
        matches!(cause, Some(CredentialsError::CredentialsNotLoaded(_)))
    })
}

/// Whether the answer was lost on the way. What is missing before anything is sent, such as credentials, is a dispatch
/// failure to the SDK, too.
fn is_of_the_network<E>(error: &SdkError<E, HttpResponse>) -> bool {
    match error {
        SdkError::TimeoutError(_) | SdkError::ResponseError(_) => true,
        SdkError::DispatchFailure(failure) => {
            failure.is_io() || failure.is_timeout() || failure.as_other().is_some()
        }
        _ => false,
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

fn causes(failures: &[Failure], reason: Option<&String>) -> String {
    if failures.is_empty() {
        return reason.map_or_else(|| "CloudFormation gives no reason".into(), Clone::clone);
    }
    let lines: Vec<String> = failures.iter().map(ToString::to_string).collect();
    lines.join("; then ")
}
