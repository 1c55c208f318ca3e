//! Tables of DynamoDB: on demand, encrypted, with backups to every second of the last 35 days.

use cfn::dynamodb::table as properties;
use cfn::intrinsics::sub;
use cfn::{DeletionPolicy, IntoValue as _, Value, dynamodb};

use crate::grants::{Items, QueryItemsGrant, ReadItemsGrant, WriteItemsGrant};
use crate::stack::PhysicalName;
use crate::{Name, Stack};

/// DynamoDB allows no more characters in the name of a table.
const LONGEST_TABLE_NAME: usize = 255;

/// A table, before it is added to a stack. All its keys are texts, as the ports of items have them.
///
/// ```
/// use constructs::{DynamoTable, Stack};
///
/// let mut stack = Stack::new("example", "Jobs, by name and by run");
/// let jobs = DynamoTable::new("Jobs", "job_name")
///     .index_sorted("by-run", "run", "job_name")
///     .expire_by("expires")
///     .retain()
///     .add_to(&mut stack);
/// let (rows, of_run) = (jobs.read(), jobs.query("by-run"));
/// ```
#[derive(Debug)]
#[must_use = "a table exists once it is added to a stack"]
pub struct DynamoTable {
    name: Name,
    key: String,
    indexes: Vec<Index>,
    expires: Option<String>,
    account_key: bool,
    retained: bool,
}

#[derive(Debug)]
struct Index {
    name: String,
    key: String,
    sorted_by: Option<String>,
}

impl DynamoTable {
    /// A table whose items are known by one attribute. It encrypts with a key of DynamoDB's own and goes with its stack.
    pub fn new(name: impl Into<Name>, key: &str) -> Self {
        Self {
            name: name.into(),
            key: key.to_owned(),
            indexes: Vec::new(),
            expires: None,
            account_key: false,
            retained: false,
        }
    }

    /// An index by another attribute, over the items that have it.
    pub fn index(self, name: &str, key: &str) -> Self {
        self.with_index(name, key, None)
    }

    /// An index by another attribute, whose items of one key are in the order of a third.
    pub fn index_sorted(self, name: &str, key: &str, sorted_by: &str) -> Self {
        self.with_index(name, key, Some(sorted_by))
    }

    fn with_index(mut self, name: &str, key: &str, sorted_by: Option<&str>) -> Self {
        self.indexes.push(Index {
            name: name.to_owned(),
            key: key.to_owned(),
            sorted_by: sorted_by.map(str::to_owned),
        });
        self
    }

    /// Deletes items some time after the time in this attribute, a number of seconds since 1970.
    pub fn expire_by(mut self, attribute: &str) -> Self {
        self.expires = Some(attribute.to_owned());
        self
    }

    /// Encrypts with the account's key for DynamoDB instead of a key that belongs to the service: `CloudTrail` shows its
    /// use, and KMS charges for it. Grants need nothing more.
    pub fn encrypted_with_account_key(mut self) -> Self {
        self.account_key = true;
        self
    }

    /// Keeps the table and its items when the stack goes, and refuses to delete it otherwise. A later stack of the same name
    /// would find the name taken: import the table into it, or deploy under another name.
    pub fn retain(mut self) -> Self {
        self.retained = true;
        self
    }

    /// Adds the table.
    #[track_caller]
    pub fn add_to(self, stack: &mut Stack) -> DynamoTableHandle {
        stack.check_name(&self.name);
        self.check(stack);
        let added = self.name.kebab().len() + "-".len();
        stack.note_physical_name(PhysicalName {
            added,
            limit: LONGEST_TABLE_NAME,
        });
        let resource = stack
            .template
            .add(self.name.logical_id("Table"), self.resource());
        let (deleted, replaced) = if self.retained {
            (DeletionPolicy::RetainExceptOnCreate, DeletionPolicy::Retain)
        } else {
            (DeletionPolicy::Delete, DeletionPolicy::Delete)
        };
        stack.template.configure(&resource, |entry| {
            entry
                .deletion_policy(deleted)
                .update_replace_policy(replaced)
        });
        DynamoTableHandle {
            resource,
            indexes: self.indexes.into_iter().map(|index| index.name).collect(),
        }
    }

    #[track_caller]
    fn check(&self, stack: &mut Stack) {
        for (number, index) in self.indexes.iter().enumerate() {
            let earlier = &self.indexes[..number];
            if earlier.iter().any(|other| other.name == index.name) {
                stack.problem(format!(
                    "table `{}` has two indexes `{}`: give each its own name",
                    self.name, index.name
                ));
            }
        }
    }

    fn resource(&self) -> dynamodb::Table {
        let recovery = properties::PointInTimeRecoverySpecification::new()
            .point_in_time_recovery_enabled(true);
        let mut table = dynamodb::Table::new()
            .table_name(sub(format!("${{AWS::StackName}}-{}", self.name.kebab())))
            .billing_mode(properties::BillingMode::PayPerRequest)
            .attribute_definitions(self.attributes())
            .key_schema(key_schema(&self.key, None))
            .point_in_time_recovery_specification(recovery)
            .deletion_protection_enabled(self.retained);
        if !self.indexes.is_empty() {
            let indexes: Vec<_> = self.indexes.iter().map(Index::property).collect();
            table = table.global_secondary_indexes(indexes);
        }
        if let Some(attribute) = &self.expires {
            table = table.time_to_live_specification(
                properties::TimeToLiveSpecification::new()
                    .attribute_name(attribute)
                    .enabled(true),
            );
        }
        if self.account_key {
            table = table.sse_specification(
                properties::SSESpecification::new()
                    .sse_enabled(true)
                    .sse_type(properties::SSESpecificationSSEType::Kms),
            );
        }
        table
    }

    /// Every attribute that is a key somewhere, once.
    fn attributes(&self) -> Vec<properties::AttributeDefinition> {
        let of_indexes = self
            .indexes
            .iter()
            .flat_map(|index| std::iter::once(&index.key).chain(&index.sorted_by));
        let mut names: Vec<&String> = Vec::new();
        for name in std::iter::once(&self.key).chain(of_indexes) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let definition = |name: &String| {
            properties::AttributeDefinition::new()
                .attribute_name(name)
                .attribute_type(properties::AttributeDefinitionAttributeType::S)
        };
        names.into_iter().map(definition).collect()
    }
}

impl Index {
    fn property(&self) -> properties::GlobalSecondaryIndex {
        let everything = properties::Projection::new()
            .projection_type(properties::ProjectionProjectionType::All);
        properties::GlobalSecondaryIndex::new()
            .index_name(&self.name)
            .key_schema(key_schema(&self.key, self.sorted_by.as_deref()))
            .projection(everything)
    }
}

fn key_schema(key: &str, sorted_by: Option<&str>) -> Vec<properties::KeySchemaItem> {
    let item = |name: &str, kind| {
        properties::KeySchemaItem::new()
            .attribute_name(name)
            .key_type(kind)
    };
    let sorted_by = sorted_by.map(|name| item(name, properties::KeyType::Range));
    std::iter::once(item(key, properties::KeyType::Hash))
        .chain(sorted_by)
        .collect()
}

/// A table of a stack.
#[derive(Clone, Debug)]
pub struct DynamoTableHandle {
    resource: dynamodb::TableRef,
    indexes: Vec<String>,
}

impl DynamoTableHandle {
    /// The table's name.
    pub fn table_name(&self) -> Value<String> {
        self.resource.reference().into_value()
    }

    /// Its items may be read by their key.
    pub fn read(&self) -> ReadItemsGrant {
        ReadItemsGrant(self.items())
    }

    /// Its items may be written.
    pub fn write(&self) -> WriteItemsGrant {
        WriteItemsGrant(self.items())
    }

    /// One of its indexes may be queried.
    pub fn query(&self, index: &str) -> QueryItemsGrant {
        QueryItemsGrant {
            items: self.items(),
            index: index.to_owned(),
            indexes: self.indexes.clone(),
        }
    }

    fn items(&self) -> Items {
        Items {
            name: self.table_name(),
            arn: self.resource.arn().into_value(),
        }
    }
}
