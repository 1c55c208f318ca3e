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
/// use constructs::{DynamoTable, Stack, TableIndex};
///
/// let mut stack = Stack::new("example", "Jobs, by name and by run");
/// let jobs = DynamoTable::new("Jobs", "job_name")
///     .index(TableIndex::new("by-run", "run").sorted_by("job_name").including(["status"]))
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
    indexes: Vec<TableIndex>,
    expires: Option<String>,
    account_key: bool,
    retained: bool,
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

    /// Adds an index.
    pub fn index(mut self, index: TableIndex) -> Self {
        self.indexes.push(index);
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
            if let Some(key) = index.needless(&self.key) {
                stack.problem(format!(
                    "table `{}`: index `{}` includes `{key}`, which is a key and there in any case: leave it out",
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
            let indexes: Vec<_> = self.indexes.iter().map(TableIndex::property).collect();
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

/// An index of a table by another attribute, over the items that have it.
///
/// Entries hold the keys of table and index, and of the other attributes only those that are named. Who may query an index
/// may not read the table: what its readers have no use for, a token above all, is not to be copied into it.
#[derive(Clone, Debug)]
#[must_use = "an index exists once it is added to a table"]
pub struct TableIndex {
    name: String,
    key: String,
    sorted_by: Option<String>,
    included: Vec<String>,
}

impl TableIndex {
    /// An index by an attribute, with keys only.
    pub fn new(name: &str, key: &str) -> Self {
        Self {
            name: name.to_owned(),
            key: key.to_owned(),
            sorted_by: None,
            included: Vec::new(),
        }
    }

    /// Puts the entries of one key into the order of a further attribute.
    pub fn sorted_by(mut self, attribute: &str) -> Self {
        self.sorted_by = Some(attribute.to_owned());
        self
    }

    /// Copies these attributes into the entries, too.
    pub fn including<'a>(mut self, attributes: impl IntoIterator<Item = &'a str>) -> Self {
        self.included
            .extend(attributes.into_iter().map(str::to_owned));
        self
    }

    /// A key among the attributes that are to be copied.
    fn needless(&self, key_of_table: &str) -> Option<&String> {
        let is_key = |name: &&String| {
            *name == key_of_table || **name == self.key || self.sorted_by.as_ref() == Some(*name)
        };
        self.included.iter().find(is_key)
    }

    fn property(&self) -> properties::GlobalSecondaryIndex {
        let keys = properties::ProjectionProjectionType::KeysOnly;
        let named = properties::ProjectionProjectionType::Include;
        let projection = properties::Projection::new();
        let projection = if self.included.is_empty() {
            projection.projection_type(keys)
        } else {
            projection
                .projection_type(named)
                .non_key_attributes(self.included.clone())
        };
        properties::GlobalSecondaryIndex::new()
            .index_name(&self.name)
            .key_schema(key_schema(&self.key, self.sorted_by.as_deref()))
            .projection(projection)
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
