//! Where the items of a distributed map are read from, and where its results are written to.

use std::marker::PhantomData;

use cfn::intrinsics::sub;
use cfn::{IntoValue, Value};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use shared::Fields;

use crate::ir::Source;
use crate::node::Node;
use crate::permission::{Permission, Target};
use crate::{Expr, Scope};

/// Objects of a bucket, all of them or those below a prefix.
#[derive(Clone, Debug)]
pub struct Objects {
    /// The bucket's name as text for `Fn::Sub`.
    bucket: String,
    placeholder: String,
    prefix: String,
    key: Option<Value<String>>,
}

/// What `s3:listObjectsV2` tells of an object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, Fields)]
#[serde(rename_all = "PascalCase")]
pub struct ListedObject {
    /// Its key.
    pub key: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its entity tag, in quotes.
    pub etag: String,
    /// When it was written, in seconds since 1970.
    pub last_modified: f64,
    /// Its storage class.
    pub storage_class: String,
}

/// A row of an S3 inventory. Which of the optional members there are is the inventory's configuration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, Fields)]
#[serde(rename_all = "PascalCase")]
pub struct InventoryRow {
    /// The bucket.
    pub bucket: String,
    /// The object's key, form-encoded.
    pub key: String,
    /// Size in bytes, as digits.
    pub size: Option<String>,
    /// When it was written, ISO 8601 in UTC.
    pub last_modified_date: Option<String>,
    /// Storage class.
    pub storage_class: Option<String>,
}

/// Reads items of type `T`. What the objects hold is declared, not checked.
#[derive(Debug)]
#[must_use = "items are read by a distributed map"]
pub struct ItemReader<'s, T> {
    pub(crate) source: Source,
    pub(crate) permissions: Vec<Permission>,
    scope: PhantomData<&'s ()>,
    of: PhantomData<fn() -> T>,
}

impl Objects {
    /// The objects of a bucket. `name` is what definitions call the bucket, `bucket` its name as text for `Fn::Sub`: a
    /// placeholder such as `${RunsBucket}`, the logical id, is the name of that bucket.
    pub fn of(name: &str, bucket: impl Into<String>) -> Self {
        Self {
            bucket: bucket.into(),
            placeholder: name.to_owned(),
            prefix: String::new(),
            key: None,
        }
    }

    /// Says that the bucket encrypts with this key, by its ARN.
    #[must_use]
    pub fn encrypted_with(mut self, key: impl IntoValue<String>) -> Self {
        self.key = Some(key.into_value());
        self
    }

    /// Only those whose keys begin with this prefix.
    #[must_use]
    pub fn below(mut self, prefix: &str) -> Self {
        prefix.clone_into(&mut self.prefix);
        self
    }

    pub(crate) fn bucket<'s>(&self, scope: Scope<'s>) -> Expr<'s, Json> {
        let name = scope
            .store
            .substitute(&self.placeholder, sub(self.bucket.clone()));
        Expr::add(scope.store, Node::Deployed(name))
    }

    pub(crate) fn prefix(&self) -> &str {
        &self.prefix
    }

    fn arn(&self, rest: &str) -> Value<String> {
        sub(format!(
            "arn:${{AWS::Partition}}:s3:::{}{rest}",
            self.bucket
        ))
    }

    /// What reading them takes.
    pub(crate) fn permit_reading(&self) -> Vec<Permission> {
        self.permit(&["s3:GetObject"], &["kms:Decrypt"])
    }

    /// What writing results takes: parts of large ones, and reading what is there for the manifest.
    pub(crate) fn permit_writing(&self) -> Vec<Permission> {
        let actions = [
            "s3:PutObject",
            "s3:GetObject",
            "s3:ListMultipartUploadParts",
            "s3:AbortMultipartUpload",
        ];
        self.permit(&actions, &["kms:Decrypt", "kms:GenerateDataKey"])
    }

    fn permit(&self, actions: &[&str], key_actions: &[&str]) -> Vec<Permission> {
        let objects = self.arn(&format!("/{}*", self.prefix));
        let objects = Permission::new(actions.iter().copied(), [Target::Arn(objects)]);
        let key = self.key.clone().map(|key| {
            let through_s3 = sub("s3.${AWS::Region}.${AWS::URLSuffix}");
            Permission::new(key_actions.iter().copied(), [Target::Arn(key)]).with_condition(
                "StringEquals",
                "kms:ViaService",
                through_s3,
            )
        });
        std::iter::once(objects).chain(key).collect()
    }

    fn permit_listing(&self) -> Permission {
        let permission = Permission::on("s3:ListBucket", self.arn(""));
        if self.prefix.is_empty() {
            return permission;
        }
        let prefix = format!("{}*", self.prefix).into_value();
        permission.with_condition("StringLike", "s3:prefix", prefix)
    }
}

impl<'s, T> ItemReader<'s, T> {
    /// The items of a list that is in hand.
    pub fn list(items: Expr<'s, Vec<T>>) -> Self {
        Self {
            source: Source::Items(items.node),
            permissions: Vec::new(),
            scope: PhantomData,
            of: PhantomData,
        }
    }

    /// The items of a JSON array that an object holds.
    pub fn json(objects: &Objects, key: Expr<'s, String>) -> Self {
        Self::object("JSON", objects, key)
    }

    /// The lines of an object, each JSON.
    pub fn json_lines(objects: &Objects, key: Expr<'s, String>) -> Self {
        Self::object("JSONL", objects, key)
    }

    /// The rows of a CSV file whose first line names the columns. Every member is a text.
    pub fn csv(objects: &Objects, key: Expr<'s, String>) -> Self {
        let mut reader = Self::object("CSV", objects, key);
        reader.configure("CSVHeaderLocation", json!("FIRST_ROW"));
        reader
    }

    /// The rows of a Parquet file.
    pub fn parquet(objects: &Objects, key: Expr<'s, String>) -> Self {
        Self::object("PARQUET", objects, key)
    }

    /// Reads no more than so many items.
    pub fn at_most(mut self, items: u32) -> Self {
        self.configure("MaxItems", json!(items));
        self
    }

    fn object(kind: &str, objects: &Objects, key: Expr<'s, String>) -> Self {
        let scope = key.scope();
        let arguments = [("Bucket", objects.bucket(scope)), ("Key", key.untyped())];
        let mut reader = Self::s3("s3:getObject", scope.members(arguments));
        reader.configure("InputType", json!(kind));
        reader.permissions = objects.permit_reading();
        reader
    }

    fn s3(resource: &'static str, arguments: Expr<'s, Json>) -> Self {
        Self {
            source: Source::Reader {
                resource,
                configuration: Map::new(),
                arguments: arguments.node,
            },
            permissions: Vec::new(),
            scope: PhantomData,
            of: PhantomData,
        }
    }

    fn configure(&mut self, field: &str, value: Json) {
        if let Source::Reader { configuration, .. } = &mut self.source {
            configuration.insert(field.to_owned(), value);
        }
    }
}

impl<'s> ItemReader<'s, ListedObject> {
    /// The objects themselves, without what they hold.
    pub fn listing(objects: &Objects, scope: Scope<'s>) -> Self {
        let prefix = scope.text(objects.prefix()).untyped();
        let arguments = [("Bucket", objects.bucket(scope)), ("Prefix", prefix)];
        let mut reader = Self::s3("s3:listObjectsV2", scope.members(arguments));
        reader.permissions = vec![objects.permit_listing()];
        reader
    }
}

impl<'s> ItemReader<'s, InventoryRow> {
    /// The rows of the S3 inventory with this manifest.
    pub fn inventory(objects: &Objects, manifest: Expr<'s, String>) -> Self {
        Self::object("MANIFEST", objects, manifest)
    }
}
