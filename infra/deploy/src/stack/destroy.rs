use aws_sdk_s3::{
    Client,
    types::{Delete, ObjectIdentifier},
};

use crate::{
    Error, Event, Listener, Target,
    error::service,
    stack::{deploy::failed, history::History, resources::stack_resources, state},
};

/// What a destruction did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Destroyed {
    /// The stack is gone.
    Deleted,
    /// There was no such stack.
    Absent,
}

/// Deletes a stack and waits until it is gone.
///
/// S3 keeps a bucket that holds objects, and the deletion then fails. Only the buckets named in `buckets`, which have to be the
/// stack's own, are emptied before: every version of every object.
pub async fn destroy_stack(
    target: &Target,
    name: &str,
    buckets: &[String],
    listener: &mut Listener<'_>,
) -> Result<Destroyed, Error> {
    let stack = match state::describe(target, name).await? {
        None => return Ok(Destroyed::Absent),
        Some(stack) if stack.status == "DELETE_COMPLETE" => return Ok(Destroyed::Absent),
        Some(stack) => stack,
    };
    // A stack under review has no resources yet and can be deleted.
    if stack.in_progress() && stack.status != "REVIEW_IN_PROGRESS" {
        return Err(Error::Busy {
            stack: name.to_owned(),
            status: stack.status,
        });
    }
    if !buckets.is_empty() {
        require_own(target, name, buckets).await?;
        empty(target, buckets, listener).await?;
    }
    delete(target, name, &stack.id, listener).await?;
    Ok(Destroyed::Deleted)
}

/// Deletes the stack by its id and waits.
pub(crate) async fn delete(
    target: &Target,
    name: &str,
    id: &str,
    listener: &mut Listener<'_>,
) -> Result<(), Error> {
    let mut history = History::from_now(target, id).await?;
    target
        .cloudformation()
        .delete_stack()
        .stack_name(id)
        .send()
        .await
        .map_err(service(format!("delete stack `{name}`")))?;
    match state::wait(target, id, &mut history, listener).await? {
        None => Ok(()),
        Some(stack) if stack.status == "DELETE_COMPLETE" => Ok(()),
        ended => Err(failed(name, ended, history)),
    }
}

async fn require_own(target: &Target, stack: &str, buckets: &[String]) -> Result<(), Error> {
    let resources = stack_resources(target, stack).await?;
    let own: Vec<&str> = resources
        .iter()
        .filter(|resource| resource.resource_type == "AWS::S3::Bucket")
        .map(|resource| resource.physical_id.as_str())
        .collect();
    match buckets
        .iter()
        .find(|bucket| !own.contains(&bucket.as_str()))
    {
        None => Ok(()),
        Some(bucket) => Err(Error::ForeignBucket {
            bucket: bucket.clone(),
            stack: stack.to_owned(),
            known: own.join(", "),
        }),
    }
}

async fn empty(
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

async fn delete_objects(
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
