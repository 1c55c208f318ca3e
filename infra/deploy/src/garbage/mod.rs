//! What the asset bucket holds that no deployed stack refers to.

mod objects;
mod references;

use std::time::{Duration, SystemTime};

use serde::Serialize;

use crate::{AssetBucket, Error, Listener, Target};
use objects::{StoredObject, delete, stored};

/// How long an object is left alone: a deployment uploads its packages before CloudFormation hears of them.
pub const MINIMUM_AGE: Duration = Duration::from_hours(24);

/// Where deployments put what they upload. Anything else in the bucket is somebody's own.
const OURS: [&str; 2] = ["assets/", "templates/"];

/// What a bucket holds without need, and what it needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Garbage {
    /// The bucket's name.
    pub bucket: String,
    /// What no stack refers to.
    pub unused: Vec<UnusedObject>,
    /// How many objects stay because a stack, or a change set that can still be executed, refers to them.
    pub in_use: usize,
    /// How many objects stay because they are younger than [`MINIMUM_AGE`].
    pub young: usize,
    /// How many objects stay because no deployment put them there.
    pub foreign: usize,
}

/// An object that no stack refers to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnusedObject {
    /// Its key.
    pub key: String,
    /// Bytes of all its versions.
    pub size: u64,
    /// Its versions and delete markers.
    pub versions: Vec<String>,
}

/// Looks for objects that no stack of the account and region refers to. Nothing is deleted.
///
/// A stack refers to an object when a parameter or its template contain the object's key, or the name in it, which in our keys is
/// the content's hash. The same holds for change sets that can still be executed; as long as a stack has one, the templates that
/// were uploaded for it stay, too.
///
/// # Errors
/// When a single stack cannot be read, or is in a state in which CloudFormation may go back to packages that are named nowhere any
/// more ([`Error::Unsettled`]): nothing can be said then.
pub async fn find_garbage(
    target: &Target,
    bucket: &AssetBucket,
    now: SystemTime,
    listener: &mut Listener<'_>,
) -> Result<Garbage, Error> {
    // In this order: what is uploaded while stacks are read is not looked at.
    let objects = stored(target, bucket).await?;
    let references = references::read(target, listener).await?;
    let mut garbage = Garbage {
        bucket: bucket.name.clone(),
        unused: Vec::new(),
        in_use: 0,
        young: 0,
        foreign: 0,
    };
    for object in objects {
        if !OURS.iter().any(|prefix| object.key.starts_with(prefix)) {
            garbage.foreign += 1;
        } else if references.mention(&object.key) {
            garbage.in_use += 1;
        } else if is_young(&object, now) {
            garbage.young += 1;
        } else {
            garbage.unused.push(object.unused());
        }
    }
    Ok(garbage)
}

/// One whose age is not known is young.
fn is_young(object: &StoredObject, now: SystemTime) -> bool {
    object.changed.is_none_or(|changed| {
        now.duration_since(changed)
            .map_or(true, |age| age < MINIMUM_AGE)
    })
}

impl Garbage {
    /// Bytes of what is unused.
    pub fn size(&self) -> u64 {
        self.unused.iter().map(|object| object.size).sum()
    }

    /// Versions of what is unused.
    pub fn versions(&self) -> usize {
        let objects = self.unused.iter();
        objects.map(|object| object.versions.len()).sum()
    }
}

/// Deletes what was found: exactly the versions that were there then.
///
/// A deployment that begins between the finding and this, and uses an old object again, fails for lack of it; the next one uploads
/// it.
pub async fn delete_garbage(
    target: &Target,
    bucket: &AssetBucket,
    garbage: &Garbage,
    listener: &mut Listener<'_>,
) -> Result<(), Error> {
    delete(target, bucket, &garbage.unused, listener).await
}
