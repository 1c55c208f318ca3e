//! Glue tables: AWS takes any text for a column's type, and only a query shows the mistake.

use std::collections::BTreeSet;

use serde_json::Value;
use spec::ColumnType;

use crate::code;
use crate::expression::{Expression, each_at, each_item};
use crate::findings::Findings;
use crate::path::Path;
use crate::template::{Resource, Template};

/// Where columns stand, under `Properties`.
const TABLE_COLUMNS: [&[&str]; 2] = [
    &["TableInput", "StorageDescriptor", "Columns"],
    &["TableInput", "PartitionKeys"],
];
const PARTITION_COLUMNS: [&[&str]; 1] = [&["PartitionInput", "StorageDescriptor", "Columns"]];

pub(crate) fn check(template: &Template<'_>, findings: &mut Findings) {
    for table in template.of_type("AWS::Glue::Table") {
        check_columns(table, &TABLE_COLUMNS, findings);
    }
    for partition in template.of_type("AWS::Glue::Partition") {
        check_columns(partition, &PARTITION_COLUMNS, findings);
    }
}

fn check_columns(resource: &Resource<'_>, places: &[&[&str]], findings: &mut Findings) {
    let Some(properties) = resource.properties() else {
        return;
    };
    let mut names = BTreeSet::new();
    for place in places {
        let base = Path::Resource(resource.id);
        each_at(
            properties,
            base.key("Properties"),
            place,
            &mut |columns, path| {
                each_item(columns, path, &mut |column, path| {
                    check_type(column, path, findings);
                    check_name(column, &mut names, path, findings);
                });
            },
        );
    }
}

fn check_type(column: &Value, path: Path<'_>, findings: &mut Findings) {
    let Some(Expression::Literal(Value::String(text))) = column.get("Type").map(Expression::from)
    else {
        return;
    };
    findings.checked();
    if let Err(problem) = ColumnType::parse(text) {
        findings.error(
            code::COLUMN_TYPE,
            path.key("Type"),
            format!("`{text}`: {problem}"),
            "use a Hive type such as string, bigint, double, decimal(10,2), array<string> or struct<name:string>",
        );
    }
}

/// Athena refuses a table with two columns of one name, in any case, partition keys included.
fn check_name(
    column: &Value,
    names: &mut BTreeSet<String>,
    path: Path<'_>,
    findings: &mut Findings,
) {
    let Some(name) = column.get("Name").and_then(Value::as_str) else {
        return;
    };
    if !names.insert(name.to_lowercase()) {
        let message = format!("the table has two columns `{name}`; Athena refuses to read it");
        findings.error(
            code::DUPLICATE_COLUMN,
            path.key("Name"),
            message,
            "rename one of the two",
        );
    }
}
