//! Columns of Glue tables, and whether files and queries that are there outlive a change of them.

mod compare;
mod files;
pub(crate) mod model;
mod table;
mod widening;

use self::compare::Rows;
use self::model::SchemaChange;
use self::table::Table;
use crate::resources::Pair;

/// Everything about the columns of tables that are in both templates.
pub(crate) fn changes(pair: &Pair<'_>) -> Vec<SchemaChange> {
    let new = pair.new.resources();
    let tables = pair
        .old
        .resources()
        .into_iter()
        .filter_map(|(id, resource)| {
            let after = new.get(pair.old.new_id(id))?;
            let tables = (
                Table::read(resource, pair.old)?,
                Table::read(*after, pair.new)?,
            );
            Some((after.id, tables))
        });
    let rows = tables.flat_map(|(logical_id, (old, new))| {
        let mut rows = Rows {
            logical_id,
            old: &old,
            new: &new,
            found: Vec::new(),
        };
        rows.compare_columns();
        rows.compare_partition_keys();
        rows.compare_files();
        rows.found
    });
    rows.collect()
}
