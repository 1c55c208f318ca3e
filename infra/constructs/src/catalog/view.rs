//! Views: queries with a name.

use cfn::glue::table::{
    Column as GlueColumn, SerdeInfo, StorageDescriptor, TableInput, TableInputTableType,
};
use cfn::intrinsics::{base64, join, sub_with};
use cfn::{IntoValue as _, Value, glue, pseudo};
use serde_json::json;
use shared::record::{Column, ColumnKind};

use super::table::{PARTITION_COLUMNS, glue_columns};
use super::{DatabaseHandle, TableHandle};
use crate::{Name, Stack};

/// A view.
#[derive(Clone, Debug)]
#[must_use = "a view exists once it is added to a stack"]
pub struct View {
    name: String,
    sql: String,
    columns: Vec<Column>,
}

impl View {
    /// A view over several tables of the same record that shows the newest row of each id.
    ///
    /// A row may be in several tables, or several times in one, while files are rewritten: it is seen exactly once, by
    /// preference from the table named first. Rows are
    /// compared within their day only, so that a query which names days reads those days and no others.
    pub fn newest_rows(
        name: impl Into<String>,
        id: &str,
        newest_by: &str,
        tables: &[&TableHandle],
    ) -> Self {
        let columns = tables
            .first()
            .map(|table| table.columns.clone())
            .unwrap_or_default();
        let partition = PARTITION_COLUMNS.map(|(name, _)| name).join(", ");
        let names = columns
            .iter()
            .map(|column| column.name)
            .chain(PARTITION_COLUMNS.map(|(name, _)| name));
        let names = names.collect::<Vec<_>>().join(", ");
        let rows = tables.iter().enumerate().map(|(preference, table)| {
            format!(
                "SELECT {names}, {preference} AS preference FROM {}",
                table.name
            )
        });
        let rows = rows.collect::<Vec<_>>().join("\n    UNION ALL\n    ");
        let order = format!("PARTITION BY {partition}, {id} ORDER BY {newest_by} DESC, preference");
        let sql = format!(
            "SELECT {names}\nFROM (\n  SELECT *, row_number() OVER ({order}) AS row_age\n  FROM (\n    {rows}\n  ) AS every_row\n) AS aged_rows\nWHERE row_age = 1"
        );
        Self {
            name: name.into(),
            sql,
            columns,
        }
    }

    /// The view's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The view's query.
    pub fn sql(&self) -> &str {
        &self.sql
    }

    /// Adds the view, in the form in which Athena itself stores `CREATE VIEW`.
    #[track_caller]
    pub fn add_to(&self, stack: &mut Stack, database: &DatabaseHandle) {
        let name = Name::from_kebab(&self.name);
        stack.check_name(&name);
        let partitions =
            PARTITION_COLUMNS.map(|(name, _)| GlueColumn::new().name(name).type_("string"));
        let columns = glue_columns(&self.columns).into_iter().chain(partitions);
        let input = TableInput::new()
            .name(self.name.as_str())
            .table_type(TableInputTableType::VirtualView)
            .parameters([("comment", "Presto View"), ("presto_view", "true")])
            .storage_descriptor(
                StorageDescriptor::new()
                    .columns(columns.collect::<Vec<_>>())
                    .serde_info(SerdeInfo::new()),
            )
            .view_original_text(self.original_text(database))
            .view_expanded_text("/* Presto View */");
        let view = glue::Table::new()
            .catalog_id(pseudo::account_id())
            .database_name(database.reference())
            .table_input(input);
        stack.template.add(name.logical_id("View"), view);
    }

    fn original_text(&self, database: &DatabaseHandle) -> Value<String> {
        let column = |name: &str, kind: &str| json!({ "name": name, "type": kind });
        let columns = self
            .columns
            .iter()
            .map(|each| column(each.name, presto_type(each.kind)));
        let partitions = PARTITION_COLUMNS.map(|(name, _)| column(name, "varchar"));
        let definition = json!({
            "originalSql": self.sql,
            "catalog": "awsdatacatalog",
            "schema": "${Database}",
            "columns": columns.chain(partitions).collect::<Vec<_>>(),
        });
        let definition = sub_with(definition.to_string(), [("Database", database.name())]);
        let parts: [Value<String>; 3] = [
            "/* Presto View: ".into_value(),
            base64(definition),
            " */".into_value(),
        ];
        join("", parts)
    }
}

fn presto_type(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Text => "varchar",
        ColumnKind::Integer => "bigint",
        ColumnKind::Number => "double",
        ColumnKind::Boolean => "boolean",
    }
}

/// A query with the views it may use written into it, for an Athena that knows no views.
///
/// ```
/// use constructs::{View, with_views};
///
/// assert_eq!(with_views("SELECT 1 AS one", &[]), "SELECT 1 AS one");
/// ```
pub fn with_views(sql: &str, views: &[View]) -> String {
    let sql = sql.trim();
    if views.is_empty() {
        return sql.to_owned();
    }
    let definitions = views
        .iter()
        .map(|view| format!("{} AS (\n{}\n)", view.name, view.sql));
    let definitions = definitions.collect::<Vec<_>>().join(",\n");
    let own = sql
        .get(..4)
        .filter(|word| word.eq_ignore_ascii_case("with"));
    match own
        .and_then(|_| sql.get(4..))
        .filter(|rest| rest.starts_with(char::is_whitespace))
    {
        Some(rest) => format!("WITH {definitions},{rest}"),
        None => format!("WITH {definitions}\n{sql}"),
    }
}
