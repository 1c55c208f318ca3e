//! What differs between the columns of two tables.

use std::collections::BTreeMap;

use serde_json::Value;

use super::model::{SchemaAction, SchemaChange};
use super::table::{Access, Column, Table};
use super::widening::verdict;

/// The rows of one table.
pub(super) struct Rows<'a> {
    pub(super) logical_id: &'a str,
    pub(super) old: &'a Table,
    pub(super) new: &'a Table,
    pub(super) found: Vec<SchemaChange>,
}

/// A list of columns before and after.
struct Lists<'a> {
    /// The property that they are in.
    property: &'static str,
    old: &'a [Column],
    new: &'a [Column],
    /// Whether the values are parts of paths instead of files.
    are_keys: bool,
}

impl Rows<'_> {
    pub(super) fn compare_columns(&mut self) {
        let (old, new) = (&self.old.columns, &self.new.columns);
        self.compare(&Lists {
            property: "Columns",
            old,
            new,
            are_keys: false,
        });
    }

    pub(super) fn compare_partition_keys(&mut self) {
        let (old, new) = (&self.old.partition_keys, &self.new.partition_keys);
        self.compare(&Lists {
            property: "PartitionKeys",
            old,
            new,
            are_keys: true,
        });
    }

    fn compare(&mut self, lists: &Lists<'_>) {
        let [old, new] = [lists.old, lists.new].map(by_name);
        let renamed = renamed(lists, &old, &new);
        for (place, column) in lists.old.iter().enumerate() {
            match (new.get(column.name.as_str()), renamed.get(&place)) {
                (Some((_, kept)), _) => self.retyped(lists, column, kept),
                (None, Some(new)) => self.renamed(lists, column, new),
                (None, None) => self.dropped(lists, column, place),
            }
        }
        let is_old = |column: &Column| old.contains_key(column.name.as_str());
        let last_old = lists.new.iter().rposition(is_old);
        for (place, column) in lists.new.iter().enumerate() {
            if !is_old(column) && !renamed.contains_key(&place) {
                self.added(lists, column, Some(place) > last_old);
            }
        }
        self.reordered(lists, &old, &new);
    }

    pub(super) fn row(
        &mut self,
        path: String,
        action: SchemaAction,
        values: [Option<Value>; 2],
        breaking: bool,
        explanation: impl Into<String>,
    ) {
        let [old, new] = values;
        self.found.push(SchemaChange {
            logical_id: self.logical_id.to_owned(),
            path,
            action,
            old,
            new,
            breaking,
            explanation: explanation.into(),
        });
    }

    fn added(&mut self, lists: &Lists<'_>, column: &Column, is_last: bool) {
        let (breaking, explanation) = match self.new.format.access {
            _ if lists.are_keys => (true, KEYS),
            Access::Query => (false, "the view has one column more"),
            Access::Name => (
                false,
                "columns are found by name: files that do not have it give null",
            ),
            Access::Position if is_last => {
                (false, "it is the last: files that do not have it give null")
            }
            Access::Position => (
                true,
                "columns are found by position: in files that are there, this one and those behind it are shifted",
            ),
        };
        let values = [None, Some(column.written().into())];
        self.row(
            lists.path(column),
            SchemaAction::Add,
            values,
            breaking,
            explanation,
        );
    }

    fn dropped(&mut self, lists: &Lists<'_>, column: &Column, place: usize) {
        let is_last = place + 1 == lists.old.len();
        let explanation = match self.new.format.access {
            _ if lists.are_keys => KEYS,
            Access::Position if !is_last => {
                "queries that name it fail; columns are found by position, so those behind it are shifted in files that are there"
            }
            Access::Query => "queries that name it fail",
            Access::Name | Access::Position => {
                "files can still be read, but queries that name it fail"
            }
        };
        let values = [Some(column.written().into()), None];
        self.row(
            lists.path(column),
            SchemaAction::Drop,
            values,
            true,
            explanation,
        );
    }

    fn renamed(&mut self, lists: &Lists<'_>, old: &Column, new: &Column) {
        let explanation = match self.new.format.access {
            _ if lists.are_keys => KEYS,
            Access::Query => "queries that use the old name fail",
            Access::Name => {
                "queries that use the old name fail; columns are found by name, so files that are there give null"
            }
            Access::Position => {
                "queries that use the old name fail; files can still be read, because columns are found by position"
            }
        };
        let values = [old, new].map(|column| Some(column.name.as_str().into()));
        self.row(
            lists.path(new),
            SchemaAction::Rename,
            values,
            true,
            explanation,
        );
    }

    fn retyped(&mut self, lists: &Lists<'_>, old: &Column, new: &Column) {
        if old.kind == new.kind {
            return;
        }
        let values = [old, new].map(|column| Some(column.written().into()));
        if lists.are_keys {
            self.row(lists.path(new), SchemaAction::Retype, values, true, KEYS);
            return;
        }
        let is_partitioned = !self.new.partition_keys.is_empty();
        let verdict = verdict(&old.kind, &new.kind, self.new.format, is_partitioned);
        self.row(
            lists.path(new),
            SchemaAction::Retype,
            values,
            verdict.breaking,
            verdict.explanation,
        );
    }

    fn reordered(&mut self, lists: &Lists<'_>, old: &ByName<'_>, new: &ByName<'_>) {
        let kept = |columns: &[Column], others: &ByName<'_>| -> Vec<String> {
            let names = columns.iter().map(|column| column.name.clone());
            names
                .filter(|name| others.contains_key(name.as_str()))
                .collect()
        };
        let orders = [kept(lists.old, new), kept(lists.new, old)];
        if orders[0] == orders[1] {
            return;
        }
        let (breaking, explanation) = match self.new.format.access {
            _ if lists.are_keys => (true, KEYS),
            Access::Query | Access::Name => (
                false,
                "columns are found by name; only `SELECT *` gives another order",
            ),
            Access::Position => (
                true,
                "columns are found by position: files that are there give the values of other columns",
            ),
        };
        let values = orders.map(|order| Some(order.into()));
        self.row(
            lists.property.to_owned(),
            SchemaAction::Reorder,
            values,
            breaking,
            explanation,
        );
    }
}

/// What the change of a partition key means, whatever it is.
const KEYS: &str = "partitions that are there have values for the old keys, and paths made of them: they must be added anew";

impl Lists<'_> {
    fn path(&self, column: &Column) -> String {
        format!("{}[{}]", self.property, column.name)
    }
}

/// Columns and their places, by name.
type ByName<'a> = BTreeMap<&'a str, (usize, &'a Column)>;

fn by_name(columns: &[Column]) -> ByName<'_> {
    let numbered = columns.iter().enumerate();
    numbered
        .map(|(place, column)| (column.name.as_str(), (place, column)))
        .collect()
}

/// The columns that have another name in the same place, and the same type, by place.
fn renamed<'a>(
    lists: &Lists<'a>,
    old: &ByName<'_>,
    new: &ByName<'_>,
) -> BTreeMap<usize, &'a Column> {
    let side_by_side = lists.old.iter().zip(lists.new).enumerate();
    side_by_side
        .filter(|(_, (before, after))| {
            before.kind == after.kind
                && !new.contains_key(before.name.as_str())
                && !old.contains_key(after.name.as_str())
        })
        .map(|(place, (_, after))| (place, after))
        .collect()
}
