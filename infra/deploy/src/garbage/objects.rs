//! The objects of the asset bucket, with all their versions.

use std::{collections::BTreeMap, time::SystemTime};

use aws_sdk_s3::{primitives::DateTime, types::ObjectIdentifier};

use crate::{
    AssetBucket, Error, Event, Listener, Target, UnusedObject, error::service,
    stack::storage::delete_objects,
};

/// Objects that one request deletes at most (`DeleteObjects`, API reference of S3).
const BATCH: usize = 1000;

/// An object with all its versions.
pub(super) struct StoredObject {
    pub(super) key: String,
    /// When the last of its versions was written; none if S3 does not say.
    pub(super) changed: Option<SystemTime>,
    size: u64,
    versions: Vec<String>,
}

impl StoredObject {
    fn new(key: String) -> Self {
        Self {
            key,
            changed: Some(SystemTime::UNIX_EPOCH),
            size: 0,
            versions: Vec::new(),
        }
    }

    fn add(&mut self, version: Option<&str>, size: i64, changed: Option<&DateTime>) {
        let changed = changed.and_then(|time| SystemTime::try_from(*time).ok());
        // The age of the youngest version counts, and an unknown one may be the youngest.
        self.changed = match (self.changed, changed) {
            (Some(known), Some(changed)) => Some(known.max(changed)),
            _ => None,
        };
        self.size += u64::try_from(size).unwrap_or(0);
        self.versions.extend(version.map(str::to_owned));
    }

    pub(super) fn unused(self) -> UnusedObject {
        UnusedObject {
            key: self.key,
            size: self.size,
            versions: self.versions,
        }
    }
}

/// Lists everything in the bucket.
pub(super) async fn stored(
    target: &Target,
    bucket: &AssetBucket,
) -> Result<Vec<StoredObject>, Error> {
    let client = target.s3();
    let mut objects = BTreeMap::new();
    let (mut key_marker, mut version_marker) = (None, None);
    loop {
        let page = client
            .list_object_versions()
            .bucket(&bucket.name)
            .expected_bucket_owner(&bucket.owner)
            .set_key_marker(key_marker)
            .set_version_id_marker(version_marker)
            .send()
            .await
            .map_err(service(format!(
                "list the objects of bucket `{}`",
                bucket.name
            )))?;
        for found in page.versions() {
            let (version, size) = (found.version_id(), found.size().unwrap_or(0));
            object(&mut objects, found.key()).add(version, size, found.last_modified());
        }
        for found in page.delete_markers() {
            object(&mut objects, found.key()).add(found.version_id(), 0, found.last_modified());
        }
        if page.is_truncated() != Some(true) {
            return Ok(objects.into_values().collect());
        }
        key_marker = page.next_key_marker;
        version_marker = page.next_version_id_marker;
    }
}

fn object<'a>(
    objects: &'a mut BTreeMap<String, StoredObject>,
    key: Option<&str>,
) -> &'a mut StoredObject {
    let key = key.unwrap_or_default();
    objects
        .entry(key.to_owned())
        .or_insert_with(|| StoredObject::new(key.to_owned()))
}

/// Deletes these versions, and no others.
pub(super) async fn delete(
    target: &Target,
    bucket: &AssetBucket,
    objects: &[UnusedObject],
    listener: &mut Listener<'_>,
) -> Result<(), Error> {
    let client = target.s3();
    let versions = objects.iter().flat_map(|object| {
        let versions = object.versions.iter();
        versions.filter_map(|version| {
            let identifier = ObjectIdentifier::builder().key(&object.key);
            identifier.version_id(version).build().ok()
        })
    });
    let versions: Vec<ObjectIdentifier> = versions.collect();
    let mut deleted = 0;
    for batch in versions.chunks(BATCH) {
        delete_objects(&client, &bucket.name, &bucket.owner, batch.to_vec()).await?;
        deleted += batch.len();
        listener(Event::GarbageDeleted { versions: deleted });
    }
    Ok(())
}
