//! What differs between the files of two tables.

use std::collections::BTreeSet;

use super::compare::Rows;
use super::model::SchemaAction;
use crate::meaning::Meaning;

impl Rows<'_> {
    pub(super) fn compare_files(&mut self) {
        let names: BTreeSet<_> = self.old.files.keys().chain(self.new.files.keys()).collect();
        for name in names {
            let [old, new] = [self.old, self.new].map(|table| table.files.get(name));
            if old == new {
                continue;
            }
            let access_stays = self.old.format.access == self.new.format.access;
            let (breaking, explanation) = match *name {
                "Location" => (
                    true,
                    "other files are read: those at the old place are no longer found",
                ),
                "SerdeParameters" if access_stays => (
                    false,
                    "files are read otherwise: try a query on those that are there",
                ),
                "SerdeParameters" => (
                    true,
                    "columns are found otherwise in files: by position instead of by name, or the reverse",
                ),
                _ => (
                    true,
                    "files that are there are of the old format: only partitions that keep their own can still be read",
                ),
            };
            let values = [old, new].map(|value| value.map(Meaning::to_value));
            self.row(
                (*name).to_owned(),
                SchemaAction::Files,
                values,
                breaking,
                explanation,
            );
        }
    }
}
