use std::time::SystemTime;

use aws_smithy_types::{DateTime, date_time::Format};
use serde::{Deserialize, Serialize};

use crate::Synced;

/// Receives what happens while it happens.
pub type Listener<'a> = dyn FnMut(Event) + Send + 'a;

/// A step of a deployment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Event {
    /// An asset is on its way to the bucket.
    Uploading {
        /// Its key.
        key: String,
        /// Bytes.
        size: u64,
    },
    /// More of an asset has arrived in the bucket.
    Sent {
        /// Its key.
        key: String,
        /// Bytes.
        bytes: u64,
    },
    /// Parts of an asset had arrived already, in an upload that broke off.
    Resumed {
        /// Its key.
        key: String,
        /// Bytes.
        bytes: u64,
    },
    /// An asset has arrived in the bucket.
    Uploaded {
        /// Its key.
        key: String,
    },
    /// An asset was in the bucket already.
    AlreadyUploaded {
        /// Its key.
        key: String,
    },
    /// A stack whose creation had failed is deleted, to be created anew.
    DeletingFailedStack {
        /// Its name.
        stack: String,
        /// The status it was found in.
        status: String,
    },
    /// Another operation has done its work and deletes what it replaced; the deployment waits for it.
    Waiting {
        /// The stack's name.
        stack: String,
        /// The status it was found in.
        status: String,
    },
    /// An operation that is under way already is followed to its end; its history comes next, from the beginning.
    Attached {
        /// The stack's name.
        stack: String,
        /// The status it was found in.
        status: String,
    },
    /// CloudFormation cannot be seen for the moment, and is asked again for a while.
    TryingAgain {
        /// What keeps it from being seen.
        fault: String,
    },
    /// CloudFormation is asked what it would change.
    Planning {
        /// The stack's name.
        stack: String,
        /// Whether the stack is new.
        create: bool,
    },
    /// What CloudFormation is about to change; the change set is executed next.
    Planned {
        /// The stack's name.
        stack: String,
        /// The changes, in CloudFormation's order.
        changes: Vec<Change>,
    },
    /// A resource, or the stack itself, has a new status.
    Resource(ResourceEvent),
    /// Lambda has taken new code for a function, and is putting it into place.
    CodeGiven {
        /// The function's name in Lambda.
        function: String,
    },
    /// A function runs its new code, or had it already.
    Synced(Synced),
    /// A stack is read for what it refers to.
    ReadingStack {
        /// Its name.
        stack: String,
    },
    /// Versions of objects of the asset bucket that nobody refers to are deleted.
    GarbageDeleted {
        /// How many by now.
        versions: usize,
    },
    /// All versions of all objects of a bucket are deleted.
    BucketEmptied {
        /// The bucket's name.
        bucket: String,
        /// How many versions and delete markers it held.
        versions: usize,
    },
}

/// One entry of a change set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// `Add`, `Modify`, `Remove`, `Import` or `Dynamic`.
    pub action: String,
    /// The resource's name in the template.
    pub logical_id: String,
    /// Such as `AWS::S3::Bucket`.
    pub resource_type: String,
    /// For a modification: `True`, `False` or `Conditional`.
    pub replacement: Option<String>,
    /// What becomes of the physical resource that is there: `Delete`, `Retain`, `Snapshot`, `ReplaceAndDelete` ... None where
    /// CloudFormation does not say.
    pub policy_action: Option<String>,
    /// What changes in a resource that is modified.
    pub details: Vec<ChangeDetail>,
}

/// A property that a change set changes, or may change; its words are the API's (`ResourceChangeDetail`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeDetail {
    /// The property's name; where it is none, the part of the resource: `Tags`, `Metadata` ...
    pub name: String,
    /// `Never`, `Conditionally` or `Always`.
    pub requires_recreation: String,
    /// `Static` or `Dynamic`.
    pub evaluation: String,
    /// `ResourceReference`, `ParameterReference`, `ResourceAttribute`, `DirectModification` or `Automatic`.
    pub source: String,
    /// The parameter, resource or attribute.
    pub causing_entity: Option<String>,
}

/// One entry of a stack's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ResourceEvent {
    /// The resource's name in the template; the stack's name for the stack itself.
    pub logical_id: String,
    /// Such as `AWS::S3::Bucket`.
    pub resource_type: String,
    /// Such as `CREATE_IN_PROGRESS`.
    pub status: String,
    /// CloudFormation's explanation, mostly of failures.
    pub reason: Option<String>,
    /// When it was so, by CloudFormation's clock: RFC 3339, in UTC.
    pub time: Option<String>,
}

impl ResourceEvent {
    /// When it was so, by CloudFormation's clock.
    pub fn at(&self) -> Option<SystemTime> {
        let time = DateTime::from_str(self.time.as_deref()?, Format::DateTime).ok()?;
        SystemTime::try_from(time).ok()
    }
}
