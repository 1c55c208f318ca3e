//! The template on its way to CloudFormation, and as it has it.

use aws_sdk_cloudformation::types::{Capability, TemplateStage};
use aws_sdk_s3::{presigning::PresigningConfig, primitives::ByteStream};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::time::Duration;

use crate::{AssetBucket, Error, StackRequest, Target, assets::checksum, error::service};

/// Bytes of a template that a request can carry itself ("CloudFormation quotas", AWS documentation).
pub const INLINE_LIMIT: usize = 51_200;
/// Bytes of a template at most, by way of S3 ("CloudFormation quotas": 1 MB).
pub const TEMPLATE_LIMIT: usize = 1_000_000;

/// IAM resource types and the property that gives each a name of its own.
const NAMED: [(&str, &str); 5] = [
    ("AWS::IAM::Group", "GroupName"),
    ("AWS::IAM::InstanceProfile", "InstanceProfileName"),
    ("AWS::IAM::ManagedPolicy", "ManagedPolicyName"),
    ("AWS::IAM::Role", "RoleName"),
    ("AWS::IAM::User", "UserName"),
];

/// How CloudFormation gets the template.
#[derive(Clone)]
pub(crate) enum Source {
    Inline(String),
    Url(String),
}

/// Checks the size and brings a template that is too long for the request into the asset bucket.
pub(crate) async fn place(target: &Target, request: &StackRequest) -> Result<Source, Error> {
    let size = request.template.len();
    let stack = &request.stack;
    if size > TEMPLATE_LIMIT {
        return Err(Error::TemplateTooLarge {
            stack: stack.clone(),
            size,
        });
    }
    if size <= INLINE_LIMIT {
        return Ok(Source::Inline(request.template.clone()));
    }
    let Some(bucket) = &request.asset_bucket else {
        return Err(Error::TemplateNeedsBucket {
            stack: stack.clone(),
            size,
        });
    };
    put(target, bucket, request).await.map(Source::Url)
}

async fn put(
    target: &Target,
    bucket: &AssetBucket,
    request: &StackRequest,
) -> Result<String, Error> {
    let client = target.s3();
    let sha256 = format!("{:x}", Sha256::digest(&request.template));
    let key = format!("templates/{}/{sha256}.json", request.stack);
    client
        .put_object()
        .bucket(&bucket.name)
        .key(&key)
        .body(ByteStream::from(request.template.clone().into_bytes()))
        .content_type("application/json")
        .checksum_sha256(checksum(request.template.as_bytes()))
        .expected_bucket_owner(&bucket.owner)
        .send()
        .await
        .map_err(service(format!("upload the template to {}", bucket.name)))?;

    // The SDK knows each partition's host names; the signature is not needed, CloudFormation reads with our identity.
    let presigning =
        PresigningConfig::expires_in(Duration::from_mins(1)).map_err(|error| Error::Template {
            stack: request.stack.clone(),
            reason: error.to_string(),
        })?;
    let signed = client
        .get_object()
        .bucket(&bucket.name)
        .key(&key)
        .presigned(presigning)
        .await
        .map_err(service(format!(
            "make the template's URL in {}",
            bucket.name
        )))?;
    let url = signed.uri();
    Ok(url
        .split_once('?')
        .map_or(url, |(address, _)| address)
        .to_owned())
}

/// The template of a stack as it was given; of a change set, where one is named. None when CloudFormation keeps none.
pub(crate) async fn given(
    target: &Target,
    stack: &str,
    change_set: Option<&str>,
) -> Result<Option<String>, Error> {
    let whose = match change_set {
        Some(change_set) => format!("the change set {change_set}"),
        None => format!("stack `{stack}`"),
    };
    let answer = target
        .cloudformation()
        .get_template()
        .stack_name(stack)
        .set_change_set_name(change_set.map(str::to_owned))
        .template_stage(TemplateStage::Original)
        .send()
        .await
        .map_err(service(format!("read the template of {whose}")))?;
    Ok(answer.template_body)
}

/// The acknowledgements the template needs and no more: none without IAM resources, `CAPABILITY_NAMED_IAM` only when one
/// of them has a name of its own.
pub(crate) fn capabilities(request: &StackRequest) -> Result<Vec<Capability>, Error> {
    let invalid = |reason: String| Error::Template {
        stack: request.stack.clone(),
        reason,
    };
    let template: Value =
        serde_json::from_str(&request.template).map_err(|error| invalid(error.to_string()))?;
    let Some(Value::Object(resources)) = template.get("Resources") else {
        return Err(invalid("it has no `Resources`".into()));
    };
    let mut capabilities = Vec::new();
    for resource in resources.values() {
        let kind = resource
            .get("Type")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if has_own_name(kind, resource) {
            return Ok(vec![Capability::CapabilityNamedIam]);
        }
        if kind.starts_with("AWS::IAM::") {
            capabilities = vec![Capability::CapabilityIam];
        }
    }
    Ok(capabilities)
}

fn has_own_name(kind: &str, resource: &Value) -> bool {
    NAMED.iter().any(|(named, property)| {
        kind == *named
            && resource
                .pointer(&format!("/Properties/{property}"))
                .is_some()
    })
}
