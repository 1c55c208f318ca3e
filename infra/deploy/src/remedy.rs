//! What to type next, by the state of a stack and by AWS's codes.

use crate::{Failure, Phase};

/// For changes that CloudFormation does not begin.
pub(crate) const OF_REFUSAL: &str =
    "nothing was changed: repair the template or the parameters and deploy again";

/// For codes with which AWS refuses a request; none where it gives no code.
pub(crate) fn of_code(code: Option<&str>) -> &'static str {
    match code {
        None => "check the endpoint URL and that credentials are set",
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
        Some("ChangeSetNotFound" | "ChangeSetNotFoundException") => {
            "somebody has deleted it meanwhile: run the command again"
        }
        Some(code) if is_throttling(code) => "too many requests: try again in a minute",
        Some(code) if is_of_the_server(code) => "AWS has trouble of its own: try again later",
        Some(_) => "correct what it names and try again",
    }
}

/// Whether AWS means that there were too many requests.
pub(crate) fn is_throttling(code: &str) -> bool {
    [
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "RequestThrottled",
        "RequestThrottledException",
        "RequestLimitExceeded",
        "TooManyRequestsException",
        "SlowDown",
        "429",
    ]
    .contains(&code)
}

/// Whether the trouble is AWS's own. A code that is a number is the status of an answer without a code.
pub(crate) fn is_of_the_server(code: &str) -> bool {
    [
        "InternalError",
        "InternalFailure",
        "InternalServerError",
        "InternalServiceError",
        "RequestTimeout",
        "RequestTimeoutException",
        "ServiceUnavailable",
        "ServiceUnavailableException",
    ]
    .contains(&code)
        || (code.len() == 3 && code.starts_with('5'))
}

/// For a stack in which somebody's operation is under way.
pub(crate) fn of_busy(status: &str, stack: &str) -> String {
    match status {
        "DELETE_IN_PROGRESS" => {
            format!("it is being deleted: `infra destroy {stack}` waits until it is gone")
        }
        "ROLLBACK_IN_PROGRESS" | "UPDATE_ROLLBACK_IN_PROGRESS" => {
            format!("it is being rolled back: `infra rollback {stack}` waits until that has ended")
        }
        "REVIEW_IN_PROGRESS" => format!(
            "somebody has planned to create it: execute that change set, or delete it with `infra destroy {stack}`"
        ),
        _ => "another operation is under way: wait for it to end and try again".to_owned(),
    }
}

/// For a stack that cannot be deployed to.
pub(crate) fn of_stuck(status: &str, stack: &str) -> String {
    match status {
        "CREATE_FAILED" => format!(
            "its creation failed and was not rolled back: `infra rollback {stack}` deletes what was created; then deploy again"
        ),
        "UPDATE_FAILED" => format!(
            "an update failed and was not rolled back: `infra rollback {stack}` takes it back; then deploy again"
        ),
        "ROLLBACK_FAILED" => format!(
            "what its failed creation left could not be deleted: `infra destroy {stack}` tries again and says what is in the way; then deploy again"
        ),
        "UPDATE_ROLLBACK_FAILED" => format!(
            "repair what the rollback failed at and finish it with `infra rollback {stack}`, or give up on a resource with `--skip LOGICAL_ID`; then deploy again"
        ),
        "DELETE_FAILED" => format!(
            "it is half deleted: `infra destroy {stack}`, with `--retain LOGICAL_ID` for each resource that cannot be deleted; then deploy again"
        ),
        "IMPORT_ROLLBACK_FAILED" => format!(
            "an import could not be taken back, and CloudFormation cannot try again: `infra destroy {stack}` deletes the stack and leaves the resources whose DeletionPolicy is Retain; then deploy again"
        ),
        _ => format!(
            "this version knows no way out: see `aws cloudformation describe-stack-events --stack-name {stack}`"
        ),
    }
}

/// For an operation that has ended so.
pub(crate) fn of_end(status: &str, stack: &str, failures: &[Failure]) -> String {
    match status {
        "ROLLBACK_COMPLETE" => {
            "everything it had created is deleted again: repair the cause and deploy again"
                .to_owned()
        }
        "UPDATE_ROLLBACK_COMPLETE" | "IMPORT_ROLLBACK_COMPLETE" => {
            "the stack is back as it was: repair the cause and deploy again".to_owned()
        }
        "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS" => {
            "the stack is back as it was, and what the update had made is being deleted".to_owned()
        }
        "UPDATE_ROLLBACK_FAILED" => format!(
            "the rollback failed, too: repair what it failed at and type `infra rollback {stack}`, or give up on what failed with `infra rollback {stack}{}`",
            options("--skip", in_rollback(failures))
        ),
        "DELETE_FAILED" => format!(
            "remove what is in the way (a bucket with objects: `infra destroy {stack} --empty BUCKET`) and destroy again, or leave it behind with `infra destroy {stack}{}`",
            options("--retain", undeleted(failures))
        ),
        "DELETE_COMPLETE" => "deploy again if it should be there".to_owned(),
        _ => of_stuck(status, stack),
    }
}

/// What a rollback failed at. What the update itself failed at is back by then.
fn in_rollback(failures: &[Failure]) -> impl Iterator<Item = &Failure> {
    let failures = failures.iter();
    failures.filter(|failure| failure.phase == Phase::Rollback)
}

fn undeleted(failures: &[Failure]) -> impl Iterator<Item = &Failure> {
    let failures = failures.iter();
    failures.filter(|failure| failure.status == "DELETE_FAILED")
}

/// An option for each resource, once.
fn options<'a>(option: &str, failed: impl Iterator<Item = &'a Failure>) -> String {
    let mut ids: Vec<&str> = failed.map(|failure| failure.logical_id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        ids.push("LOGICAL_ID");
    }
    let options: Vec<String> = ids.iter().map(|id| format!(" {option} {id}")).collect();
    options.concat()
}
