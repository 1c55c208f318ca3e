//! Buckets: encrypted, private, owned by the account, TLS only.
//!
//! A bucket is named after the deployed stack, account and region, so that policies and notifications can speak of it before
//! it exists: a bucket that notifies a function which reads the bucket would otherwise be a circle.

mod lifecycle;
mod notification;
mod policy;

pub(crate) use notification::Notifications;
pub use notification::{Suffixes, suffixes};

use cfn::intrinsics::sub;
use cfn::s3::bucket as properties;
use cfn::{DeletionPolicy, IntoValue as _, Value, kms, s3};

use crate::deployed_name::{ACCOUNT_ID, LONGEST_REGION};
use crate::grants::{DeleteGrant, ListGrant, Objects, ReadGrant, WriteGrant};
use crate::stack::PhysicalName;
use crate::{Days, Name, Stack};
use lifecycle::Lifecycle;

/// S3 allows no more characters in the name of a bucket.
const LONGEST_BUCKET_NAME: usize = 63;

/// A bucket, before it is added to a stack.
#[derive(Debug)]
#[must_use = "a bucket exists once it is added to a stack"]
pub struct Bucket {
    name: Name,
    key: Option<Value<String>>,
    retained: bool,
    tells_event_bridge: bool,
    tls_exemption: Option<String>,
    lifecycle: Lifecycle,
}

impl Bucket {
    /// A bucket that encrypts with a key of S3, keeps one version of each object and goes with its stack. (CloudFormation
    /// deletes empty buckets only.)
    pub fn new(name: impl Into<Name>) -> Self {
        Self {
            name: name.into(),
            key: None,
            retained: false,
            tells_event_bridge: false,
            tls_exemption: None,
            lifecycle: Lifecycle::default(),
        }
    }

    /// Encrypts with a key of KMS; grants on the bucket then include the key. The key must be in the stack's account: its
    /// policy, too, has a say.
    pub fn encrypted_with(mut self, key: &kms::KeyRef) -> Self {
        self.key = Some(key.arn().into_value());
        self
    }

    /// Keeps older versions of objects, for so many days after they were overwritten or deleted.
    pub fn versioned(mut self, kept: Days) -> Self {
        self.lifecycle.expire_versions_after(kept);
        self
    }

    /// Keeps the bucket and its objects when the stack goes. A later stack of the same name would find the name taken: import
    /// the bucket into it, or deploy under another name.
    pub fn retain(mut self) -> Self {
        self.retained = true;
        self
    }

    /// Deletes objects so many days after they were written.
    pub fn expire_after(self, days: Days) -> Self {
        self.expire_below("", days)
    }

    /// Deletes objects below a prefix so many days after they were written.
    pub fn expire_below(mut self, prefix: &str, days: Days) -> Self {
        self.lifecycle.expire(prefix, days.count());
        self
    }

    /// Deletes objects below a prefix after a number of days that a template parameter gives.
    pub fn expire_below_at_deployment(
        mut self,
        prefix: &str,
        days: impl cfn::IntoValue<i64>,
    ) -> Self {
        self.lifecycle.expire(prefix, days);
        self
    }

    /// Tells EventBridge about every object, for rules and for other stacks.
    pub fn notify_event_bridge(mut self) -> Self {
        self.tells_event_bridge = true;
        self
    }

    /// Accepts requests without TLS too. The reason stands in the template.
    pub fn without_tls_only_policy(mut self, reason: &str) -> Self {
        self.tls_exemption = Some(reason.to_owned());
        self
    }

    /// Adds the bucket and its policy.
    #[track_caller]
    pub fn add_to(self, stack: &mut Stack) -> BucketHandle {
        stack.check_name(&self.name);
        let added = self.name.kebab().len() + ACCOUNT_ID + LONGEST_REGION + "---".len();
        stack.note_physical_name(PhysicalName {
            added,
            limit: LONGEST_BUCKET_NAME,
        });
        let physical = format!(
            "${{AWS::StackName}}-{}-${{AWS::AccountId}}-${{AWS::Region}}",
            self.name.kebab()
        );
        let resource = stack
            .template
            .add(self.name.logical_id("Bucket"), self.resource(&physical));
        let policy = if self.retained {
            DeletionPolicy::RetainExceptOnCreate
        } else {
            DeletionPolicy::Delete
        };
        let kept = if self.retained {
            DeletionPolicy::Retain
        } else {
            DeletionPolicy::Delete
        };
        stack.template.configure(&resource, |entry| {
            entry.deletion_policy(policy).update_replace_policy(kept)
        });
        if let Some(reason) = self.tls_exemption {
            stack.exempt(&resource, "WithoutTlsOnlyPolicy", &reason);
        } else {
            let id = self.name.logical_id("BucketPolicy");
            stack.template.add(id, policy::tls_only(&resource));
        }
        BucketHandle {
            name: self.name,
            physical,
            key: self.key,
            tells_event_bridge: self.tells_event_bridge,
            resource,
        }
    }

    fn resource(&self, physical: &str) -> s3::Bucket {
        let mut bucket = s3::Bucket::new()
            .bucket_name(sub(physical.to_owned()))
            .bucket_encryption(self.encryption())
            .lifecycle_configuration(self.lifecycle.property())
            .ownership_controls(properties::OwnershipControls::new().rules([
                properties::OwnershipControlsRule::new().object_ownership(
                    properties::OwnershipControlsRuleObjectOwnership::BucketOwnerEnforced,
                ),
            ]))
            .public_access_block_configuration(
                properties::PublicAccessBlockConfiguration::new()
                    .block_public_acls(true)
                    .block_public_policy(true)
                    .ignore_public_acls(true)
                    .restrict_public_buckets(true),
            );
        if self.lifecycle.keeps_versions() {
            bucket = bucket.versioning_configuration(
                properties::VersioningConfiguration::new()
                    .status(properties::VersioningConfigurationStatus::Enabled),
            );
        }
        if self.tells_event_bridge {
            bucket = bucket.notification_configuration(notification::none_but_event_bridge());
        }
        bucket
    }

    fn encryption(&self) -> properties::BucketEncryption {
        use properties::{
            ServerSideEncryptionByDefault, ServerSideEncryptionByDefaultSSEAlgorithm as Algorithm,
        };
        let by_default = ServerSideEncryptionByDefault::new();
        let rule = properties::ServerSideEncryptionRule::new();
        let rule = match &self.key {
            None => {
                rule.server_side_encryption_by_default(by_default.sse_algorithm(Algorithm::Aes256))
            }
            // A bucket key spares most calls to KMS.
            Some(key) => rule
                .bucket_key_enabled(true)
                .server_side_encryption_by_default(
                    by_default
                        .sse_algorithm(Algorithm::AwsKms)
                        .kms_master_key_id(key.clone()),
                ),
        };
        properties::BucketEncryption::new().server_side_encryption_configuration([rule])
    }
}

/// A bucket of a stack.
#[derive(Clone, Debug)]
pub struct BucketHandle {
    name: Name,
    physical: String,
    key: Option<Value<String>>,
    tells_event_bridge: bool,
    resource: s3::BucketRef,
}

impl BucketHandle {
    /// The bucket's name, known before the bucket exists: it makes no dependency.
    pub fn bucket_name(&self) -> Value<String> {
        sub(self.physical.clone())
    }

    /// `s3://name/`, known before the bucket exists.
    pub fn uri(&self) -> Value<String> {
        sub(self.location(""))
    }

    /// The text of `Fn::Sub` for a location in the bucket, `s3://...`.
    pub(crate) fn location(&self, prefix: &str) -> String {
        format!("s3://{}/{prefix}", self.physical)
    }

    /// The bucket's ARN, known before the bucket exists.
    pub(crate) fn arn(&self) -> Value<String> {
        sub(format!("arn:${{AWS::Partition}}:s3:::{}", self.physical))
    }

    /// Its objects, for the maps of workflows: items are read from them, and results are written to them.
    pub fn objects(&self) -> workflow::Objects {
        let objects = workflow::Objects::of(&self.name.logical_id("Bucket"), &self.physical);
        match self.key.clone() {
            Some(key) => objects.encrypted_with(key),
            None => objects,
        }
    }

    /// All its objects may be read.
    pub fn read(&self) -> ReadGrant {
        self.read_below("")
    }

    /// All its keys may be listed.
    pub fn list(&self) -> ListGrant {
        self.list_below("")
    }

    /// Objects may be written anywhere in it.
    pub fn write(&self) -> WriteGrant {
        self.write_below("")
    }

    /// All its objects may be deleted.
    pub fn delete(&self) -> DeleteGrant {
        self.delete_below("")
    }

    /// Objects below a prefix may be read: `processed.read_below("processed/")`.
    pub fn read_below(&self, prefix: &str) -> ReadGrant {
        self.read_below_any([prefix])
    }

    /// Keys below a prefix may be listed.
    pub fn list_below(&self, prefix: &str) -> ListGrant {
        self.list_below_any([prefix])
    }

    /// Objects may be written below a prefix.
    pub fn write_below(&self, prefix: &str) -> WriteGrant {
        self.write_below_any([prefix])
    }

    /// Objects below a prefix may be deleted.
    pub fn delete_below(&self, prefix: &str) -> DeleteGrant {
        self.delete_below_any([prefix])
    }

    /// Objects below any of these prefixes may be read, by one port: `files.read_below_any(["rows/", "runs/"])`.
    pub fn read_below_any<'a>(&self, prefixes: impl IntoIterator<Item = &'a str>) -> ReadGrant {
        ReadGrant(self.granted(prefixes))
    }

    /// Keys below any of these prefixes may be listed, each listing below one of them.
    pub fn list_below_any<'a>(&self, prefixes: impl IntoIterator<Item = &'a str>) -> ListGrant {
        ListGrant(self.granted(prefixes))
    }

    /// Objects may be written below any of these prefixes.
    pub fn write_below_any<'a>(&self, prefixes: impl IntoIterator<Item = &'a str>) -> WriteGrant {
        WriteGrant(self.granted(prefixes))
    }

    /// Objects below any of these prefixes may be deleted.
    pub fn delete_below_any<'a>(&self, prefixes: impl IntoIterator<Item = &'a str>) -> DeleteGrant {
        DeleteGrant(self.granted(prefixes))
    }

    pub(crate) fn granted<'a>(&self, prefixes: impl IntoIterator<Item = &'a str>) -> Objects {
        Objects {
            bucket: self.physical.clone(),
            prefixes: prefixes.into_iter().map(str::to_owned).collect(),
            key: self.key.clone(),
        }
    }
}
