//! What a code means, and what to type next.

use super::Explanation;
use crate::Failure;

/// What a failure means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// The code it is about.
    pub code: String,
    /// In a line.
    pub meaning: &'static str,
    /// What to do, with the command where there is one.
    pub next: String,
}

/// Codes by what they mean alike, with the line and the next command: names in braces are filled in.
const TABLE: &[(&[&str], &str, &str)] = &[
    (
        &[
            "AlreadyExists",
            "AlreadyExistsException",
            "BucketAlreadyExists",
            "BucketAlreadyOwnedByYou",
            "EntityAlreadyExists",
            "EntityAlreadyExistsException",
            "NAME_CONFLICT_VALIDATION",
            "QueueAlreadyExists",
            "ResourceAlreadyExistsException",
            "TableAlreadyExistsException",
        ],
        "something has this name already and does not belong to the stack",
        "take it into the stack with `infra import {stack} --resource {id}=IDENTIFIER`, delete it, or choose another name",
    ),
    (
        &[
            "AccessDenied",
            "AccessDeniedException",
            "AuthorizationError",
            "AuthorizationErrorException",
            "Forbidden",
            "NotAuthorized",
            "UnauthorizedOperation",
        ],
        "who deploys, or the role that CloudFormation uses, may not do this",
        "allow {action} to the identity that deploys and deploy again",
    ),
    (
        &["UnauthorizedTaggingOperation"],
        "who deploys may make the resource and may not tag it",
        "allow the service's tagging actions to the identity that deploys and deploy again",
    ),
    (
        &[
            "CodeStorageExceededException",
            "LimitExceeded",
            "LimitExceededException",
            "ResourceLimitExceeded",
            "ServiceLimitExceeded",
            "ServiceQuotaExceededException",
            "TooManyBuckets",
        ],
        "a quota of the account is used up in this region",
        "have the quota raised (`aws service-quotas list-services` names the services) or delete what is not needed, and deploy again",
    ),
    (
        &[
            "RequestLimitExceeded",
            "SlowDown",
            "Throttling",
            "ThrottlingException",
            "TooManyRequestsException",
        ],
        "the service had too many requests at that moment",
        "deploy again in a minute",
    ),
    (
        &["NotStabilized", "ServiceTimeout", "RequestTimeout"],
        "the resource did not become ready in time; the cause is often in what it depends on, or in its own logs",
        "look at it while it is being made (`aws cloudtrail lookup-events` has the calls), repair that and deploy again",
    ),
    (
        &[
            "ConcurrentModificationException",
            "ConflictException",
            "OperationAborted",
            "OperationAbortedException",
            "ResourceConflict",
            "ResourceConflictException",
            "ResourceInUseException",
        ],
        "somebody else was changing the resource at that moment, or it is in use",
        "deploy again when that has ended",
    ),
    (
        &["BucketNotEmpty", "BUCKET_EMPTINESS_VALIDATION"],
        "S3 deletes no bucket that holds objects",
        "delete its objects with all their versions, or leave the bucket behind; `infra destroy` has --empty and --retain for that",
    ),
    (
        &["InUse", "DeleteConflict", "DependencyViolation"],
        "something else still uses what is to be changed or deleted",
        "deploy what uses it first, without that use, and then this again",
    ),
    (
        &["HookFailed", "NonCompliant"],
        "a hook, a rule of the account, objects to the resource",
        "change the resource as the hook demands and deploy again; who looks after the account knows the rule",
    ),
    (
        &["NestedStack"],
        "the failure is in a stack inside of this one",
        "see `aws cloudformation describe-stack-events` with the ARN above, and repair the cause there",
    ),
    (
        &["NotUpdatable"],
        "the property cannot be changed on a resource that exists",
        "set it back, or give the resource another name so that it is replaced",
    ),
    (
        &[
            "InvalidArgument",
            "InvalidParameter",
            "InvalidParameterCombination",
            "InvalidParameterException",
            "InvalidParameterValue",
            "InvalidParameterValueException",
            "InvalidRequest",
            "InvalidRequestException",
            "MalformedPolicyDocument",
            "MalformedPolicyDocumentException",
            "PROPERTY_VALIDATION",
            "ValidationError",
            "ValidationException",
        ],
        "the service does not take the resource as it is described",
        "correct the property in the stack's source, check with `infra synth`, and deploy again",
    ),
    (
        &[
            "NoSuchBucket",
            "NoSuchEntity",
            "NoSuchEntityException",
            "NoSuchKey",
            "NotFound",
            "ResourceNotFoundException",
        ],
        "something that the resource refers to, or the resource itself, is not there",
        "create what is missing; where the resource itself was deleted by hand, `infra drift {stack}` finds it",
    ),
    (
        &["InvalidCredentials", "InvalidTypeConfiguration"],
        "the resource type is not set up in this account",
        "set its configuration (`aws cloudformation set-type-configuration`) and deploy again",
    ),
    (
        &[
            "GeneralServiceException",
            "HandlerInternalFailure",
            "InternalError",
            "InternalFailure",
            "NetworkFailure",
            "ServiceInternalError",
            "ServiceUnavailable",
        ],
        "the service failed by itself",
        "deploy again; if it stays so, `aws cloudtrail lookup-events` has the call with the service's own words",
    ),
];

impl Explanation {
    /// What the failure means; none when its code, or its wording, is not known. A validation is known by its name.
    pub fn advice(&self, failure: &Failure, stack: &str) -> Option<Advice> {
        let codes = [Some(failure.status.as_str()), self.code.as_deref()];
        let mut known = codes.into_iter().flatten().filter_map(|code| {
            let mut rows = TABLE.iter();
            Some((code, rows.find(|(codes, ..)| codes.contains(&code))?))
        });
        let (code, (_, meaning, next)) = known.next()?;
        let action = match &self.action {
            Some(action) => format!("`{action}`"),
            None => "the action".to_owned(),
        };
        Some(Advice {
            code: code.to_owned(),
            meaning,
            next: next
                .replace("{stack}", stack)
                .replace("{id}", &failure.logical_id)
                .replace("{action}", &action),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_has_one_meaning() {
        let codes: Vec<&str> = (TABLE.iter().flat_map(|(codes, ..)| *codes))
            .copied()
            .collect();
        let different: BTreeSet<&str> = codes.iter().copied().collect();
        assert_eq!(codes.len(), different.len());
    }
}
