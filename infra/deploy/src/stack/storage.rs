//! The data in a stack's buckets.

use aws_sdk_s3::{
    Client,
    types::{Delete, ObjectIdentifier},
};
use serde_json::Value;

use crate::{
    Error, Event, Listener, Resource, Target,
    error::service,
    stack::{resources::stack_resources, template},
};

/// Whether all buckets belong to the stack, and it marks them as disposable: by `DeletionPolicy: Delete`, written down in the
/// template that is deployed. The policy that CloudFormation takes where there is none was nobody's decision.
pub(crate) async fn require_disposable(
    target: &Target,
    stack: &str,
    buckets: &[String],
) -> Result<(), Error> {
    let mut own = stack_resources(target, stack).await?;
    own.retain(|resource| resource.resource_type == "AWS::S3::Bucket");
    let found: Vec<&Resource> = buckets
        .iter()
        .map(|bucket| owned(&own, stack, bucket))
        .collect::<Result<_, _>>()?;
    let template = deployed_template(target, stack).await?;
    for bucket in found {
        let policy = template["Resources"][bucket.logical_id.as_str()]["DeletionPolicy"].as_str();
        if policy != Some("Delete") {
            return Err(Error::NotDisposable {
                bucket: bucket.physical_id.clone(),
                stack: stack.to_owned(),
                policy: policy.unwrap_or("not set").to_owned(),
            });
        }
    }
    Ok(())
}

fn owned<'a>(own: &'a [Resource], stack: &str, bucket: &str) -> Result<&'a Resource, Error> {
    let found = own.iter().find(|resource| resource.physical_id == bucket);
    found.ok_or_else(|| {
        let known: Vec<&str> = own.iter().map(|own| own.physical_id.as_str()).collect();
        Error::ForeignBucket {
            bucket: bucket.to_owned(),
            stack: stack.to_owned(),
            known: known.join(", "),
        }
    })
}

/// The template as it is deployed; nothing where it is not in JSON, which ours are.
async fn deployed_template(target: &Target, stack: &str) -> Result<Value, Error> {
    let body = template::given(target, stack, None).await?;
    let body = body.unwrap_or_default();
    Ok(serde_json::from_str(&body).unwrap_or_default())
}

/// Deletes all versions of all objects.
pub(crate) async fn empty(
    target: &Target,
    buckets: &[String],
    listener: &mut Listener<'_>,
) -> Result<(), Error> {
    let client = target.s3();
    let owner = target.account().await?;
    for bucket in buckets {
        let versions = empty_bucket(&client, bucket, &owner).await?;
        listener(Event::BucketEmptied {
            bucket: bucket.clone(),
            versions,
        });
    }
    Ok(())
}

/// Deletes what the first page lists until there is none; a page is as much as one deletion takes.
async fn empty_bucket(client: &Client, bucket: &str, owner: &str) -> Result<usize, Error> {
    let mut deleted = 0;
    loop {
        let page = client
            .list_object_versions()
            .bucket(bucket)
            .expected_bucket_owner(owner)
            .send()
            .await
            .map_err(service(format!("list the objects of bucket `{bucket}`")))?;
        let versions = page
            .versions()
            .iter()
            .map(|found| (found.key(), found.version_id()));
        let markers = page
            .delete_markers()
            .iter()
            .map(|found| (found.key(), found.version_id()));
        let objects: Vec<ObjectIdentifier> = versions
            .chain(markers)
            .filter_map(|(key, version)| {
                ObjectIdentifier::builder()
                    .key(key?)
                    .set_version_id(version.map(str::to_owned))
                    .build()
                    .ok()
            })
            .collect();
        if objects.is_empty() {
            return Ok(deleted);
        }
        deleted += objects.len();
        delete_objects(client, bucket, owner, objects).await?;
    }
}

/// Deletes these versions, as many as one request takes.
pub(crate) async fn delete_objects(
    client: &Client,
    bucket: &str,
    owner: &str,
    objects: Vec<ObjectIdentifier>,
) -> Result<(), Error> {
    let invalid = |error: aws_smithy_types::error::operation::BuildError| Error::NotEmptied {
        bucket: bucket.to_owned(),
        key: String::new(),
        reason: error.to_string(),
    };
    let batch = Delete::builder()
        .set_objects(Some(objects))
        .quiet(true)
        .build()
        .map_err(invalid)?;
    let answer = client
        .delete_objects()
        .bucket(bucket)
        .expected_bucket_owner(owner)
        .delete(batch)
        .send()
        .await
        .map_err(service(format!("delete the objects of bucket `{bucket}`")))?;
    match answer.errors().first() {
        None => Ok(()),
        Some(error) => Err(Error::NotEmptied {
            bucket: bucket.to_owned(),
            key: error.key().unwrap_or_default().to_owned(),
            reason: error.message().unwrap_or("S3 gives no reason").to_owned(),
        }),
    }
}
