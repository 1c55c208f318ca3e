//! The policy of a bucket.

use cfn::{PolicyDocument, Principal, Statement, s3};

/// Denies every request that does not come over TLS.
pub(super) fn tls_only(bucket: &s3::BucketRef) -> s3::BucketPolicy {
    let deny = Statement::deny()
        .sid("TlsOnly")
        .principal(Principal::anyone())
        .action("s3:*")
        .resource(bucket.arn())
        .resource(bucket.arn().with_suffix("/*"))
        .condition("Bool", "aws:SecureTransport", "false");
    s3::BucketPolicy::new()
        .bucket(bucket.reference())
        .policy_document(PolicyDocument::new().statement(deny))
}
