//! Tables over Parquet files, their columns derived from a record.

use std::marker::PhantomData;
use std::ops::RangeInclusive;

use cfn::glue::table::{
    Column as GlueColumn, SerdeInfo, StorageDescriptor, TableInput, TableInputTableType,
};
use cfn::intrinsics::sub;
use cfn::{Value, glue, pseudo};
use shared::record::{Column, Record, row_columns};

use super::DatabaseHandle;
use crate::{BucketHandle, Name, Stack};

/// The partition columns, text with leading zeros: `month = '03'`. Each with the digits of its projection.
pub(super) const PARTITION_COLUMNS: [(&str, u32); 3] = [("year", 4), ("month", 2), ("day", 2)];

/// Where files of a day lie below a table's prefix, as a partition projection writes it.
const DAY_FOLDER: &str = "year=${!year}/month=${!month}/day=${!day}";

/// A table whose rows are records of type `R` with their provenance, before it is added to a stack.
#[derive(Debug)]
#[must_use = "a table exists once it is added to a stack"]
pub struct GlueTable<R> {
    name: String,
    bucket: BucketHandle,
    prefix: String,
    years: RangeInclusive<u16>,
    record: PhantomData<fn() -> R>,
}

impl<R: Record> GlueTable<R> {
    /// A table named after the record, over the files below a prefix.
    ///
    /// Files lie in a folder per day (`year=2026/month=03/day=07`). The folders are computed, not registered: a file can be
    /// queried as soon as it is written, without a crawler.
    pub fn in_bucket(bucket: &BucketHandle, prefix: &str) -> Self {
        Self {
            name: R::NAME.to_owned(),
            bucket: bucket.clone(),
            prefix: prefix.to_owned(),
            years: 2025..=2035,
            record: PhantomData,
        }
    }

    /// Names the table, in lower case with underscores.
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// The years in which there may be files; a query sees none outside. Every day of them is looked up by a query that names
    /// none, so a century would be slow.
    pub fn years(mut self, years: RangeInclusive<u16>) -> Self {
        self.years = years;
        self
    }

    /// Adds the table.
    #[track_caller]
    pub fn add_to(self, stack: &mut Stack, database: &DatabaseHandle) -> TableHandle {
        let name = Name::from_kebab(&self.name);
        stack.check_name(&name);
        if name.snake() != self.name {
            stack.problem(format!(
                "`{}` is no name for a table: use lower-case letters, digits and underscores",
                self.name
            ));
        }
        if self.years.is_empty() {
            stack.problem(format!(
                "table `{}` has no year to hold files of",
                self.name
            ));
        }
        let columns = row_columns::<R>();
        let input = TableInput::new()
            .name(self.name.as_str())
            .table_type(TableInputTableType::ExternalTable)
            .partition_keys(
                PARTITION_COLUMNS.map(|(name, _)| GlueColumn::new().name(name).type_("string")),
            )
            .parameters(self.parameters())
            .storage_descriptor(self.storage(&columns));
        let table = glue::Table::new()
            .catalog_id(pseudo::account_id())
            .database_name(database.reference())
            .table_input(input);
        stack.template.add(name.logical_id("Table"), table);
        TableHandle {
            name: self.name,
            columns,
        }
    }

    /// Partition projection. The digits put leading zeros into the folder's name, as the files have them.
    fn parameters(&self) -> cfn::Value<cfn::Map<String>> {
        let range = |name: &str| match name {
            "year" => format!("{},{}", self.years.start(), self.years.end()),
            "month" => "1,12".to_owned(),
            _ => "1,31".to_owned(),
        };
        let of_column = |(name, digits): (&str, u32)| {
            let setting =
                |key: &str, value: String| (format!("projection.{name}.{key}"), text(value));
            [
                setting("type", "integer".to_owned()),
                setting("range", range(name)),
                setting("digits", digits.to_string()),
            ]
        };
        let folder = sub(format!(
            "{}{DAY_FOLDER}",
            self.bucket.location(&self.prefix)
        ));
        let general = [
            ("classification".to_owned(), text("parquet")),
            ("projection.enabled".to_owned(), text("true")),
            ("storage.location.template".to_owned(), folder),
        ];
        general
            .into_iter()
            .chain(PARTITION_COLUMNS.into_iter().flat_map(of_column))
            .collect()
    }

    fn storage(&self, columns: &[Column]) -> StorageDescriptor {
        const HIVE: &str = "org.apache.hadoop.hive.ql.io.parquet";
        StorageDescriptor::new()
            .location(sub(self.bucket.location(&self.prefix)))
            .input_format(format!("{HIVE}.MapredParquetInputFormat"))
            .output_format(format!("{HIVE}.MapredParquetOutputFormat"))
            .serde_info(
                SerdeInfo::new().serialization_library(format!("{HIVE}.serde.ParquetHiveSerDe")),
            )
            .columns(glue_columns(columns))
    }
}

fn text(value: impl cfn::IntoValue<String>) -> Value<String> {
    value.into_value()
}

/// The columns as Glue wants them.
pub(super) fn glue_columns(columns: &[Column]) -> Vec<GlueColumn> {
    let column = |column: &Column| {
        GlueColumn::new()
            .name(column.name)
            .type_(column.kind.glue_type())
            .comment(column.comment.as_str())
    };
    columns.iter().map(column).collect()
}

/// A table of a stack.
#[derive(Clone, Debug)]
pub struct TableHandle {
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
}

impl TableHandle {
    /// The table's name.
    pub fn name(&self) -> &str {
        &self.name
    }
}
