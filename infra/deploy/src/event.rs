/// Receives what happens while it happens.
pub type Listener<'a> = dyn FnMut(Event) + Send + 'a;

/// A step of a deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// An asset is on its way to the bucket.
    Uploading {
        /// Its key.
        key: String,
        /// Bytes.
        size: u64,
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
    /// A change set left behind by an interrupted deployment is deleted.
    DeletingStaleChangeSet {
        /// Its name.
        change_set: String,
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
    /// All versions of all objects of a bucket are deleted.
    BucketEmptied {
        /// The bucket's name.
        bucket: String,
        /// How many versions and delete markers it held.
        versions: usize,
    },
}

/// One entry of a change set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// `Add`, `Modify`, `Remove`, `Import` or `Dynamic`.
    pub action: String,
    /// The resource's name in the template.
    pub logical_id: String,
    /// Such as `AWS::S3::Bucket`.
    pub resource_type: String,
    /// For a modification: `True`, `False` or `Conditional`.
    pub replacement: Option<String>,
}

/// One entry of a stack's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceEvent {
    /// The resource's name in the template; the stack's name for the stack itself.
    pub logical_id: String,
    /// Such as `AWS::S3::Bucket`.
    pub resource_type: String,
    /// Such as `CREATE_IN_PROGRESS`.
    pub status: String,
    /// CloudFormation's explanation, mostly of failures.
    pub reason: Option<String>,
}
