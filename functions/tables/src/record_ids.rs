//! Ids of records: those that the table brings, or such as follow from the run and the row.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use arrow::array::{Array as _, RecordBatch, StringArray, StringBuilder};
use arrow::datatypes::Schema;
use sha2::{Digest as _, Sha256};

use crate::error::TableError;
use crate::fields::{Fields, formatter};

/// The column of the ids, in inputs, chunks and results.
pub(crate) const RECORD_ID: &str = "record_id";

/// Gives every row its id.
pub(crate) enum RecordIds {
    /// The table has a column of ids.
    Column {
        fields: Fields,
        seen: HashSet<String>,
    },
    /// Ids are made: the same run and row give the same id, so a repeated run overwrites and does not double.
    Made { prefix: String },
}

impl RecordIds {
    pub(crate) fn of(schema: &Schema, run_id: &str) -> Result<Self, TableError> {
        if schema.index_of(RECORD_ID).is_err() {
            return Ok(Self::Made {
                prefix: prefix(run_id),
            });
        }
        Ok(Self::Column {
            fields: Fields::find(schema, [RECORD_ID])?,
            seen: HashSet::new(),
        })
    }

    /// Ids must be unique in a chunk, which is what results are joined to; a set of all ids of a run would grow with it.
    pub(crate) fn begin_chunk(&mut self) {
        if let Self::Column { seen, .. } = self {
            seen.clear();
        }
    }

    /// The ids of a batch whose first row has the number `first` in the table.
    pub(crate) fn of_batch(
        &mut self,
        batch: &RecordBatch,
        first: u64,
    ) -> Result<Arc<StringArray>, TableError> {
        let rows = first..first + batch.num_rows() as u64;
        let ids: StringArray = match self {
            Self::Made { prefix } => made(prefix, rows),
            Self::Column { fields, seen } => {
                let columns = fields.columns(batch);
                let formatter = formatter(&columns[0])?;
                rows.enumerate()
                    .map(|(place, row)| {
                        let id = if columns[0].is_valid(place) {
                            formatter.value(place).try_to_string()?
                        } else {
                            String::new()
                        };
                        unique(seen, id, row + 1).map(Some)
                    })
                    .collect::<Result<_, _>>()?
            }
        };
        Ok(Arc::new(ids))
    }
}

/// `<prefix>-0000000042` of each row. Only the two last digits are made anew for each: there are millions.
fn made(prefix: &str, rows: Range<u64>) -> StringArray {
    let count = usize::try_from(rows.end - rows.start).unwrap_or_default();
    let mut ids = StringBuilder::with_capacity(count, count * (prefix.len() + 11));
    let (mut id, mut hundred) = (String::new(), None);
    for row in rows {
        if hundred == Some(row / 100) {
            id.truncate(id.len() - 2);
        } else {
            hundred = Some(row / 100);
            id = format!("{prefix}-{:08}", row / 100);
        }
        let last = u8::try_from(row % 100).unwrap_or_default();
        id.push(char::from(b'0' + last / 10));
        id.push(char::from(b'0' + last % 10));
        ids.append_value(&id);
    }
    ids.finish()
}

fn unique(seen: &mut HashSet<String>, id: String, row: u64) -> Result<String, TableError> {
    if id.is_empty() {
        return Err(TableError::EmptyRecordId { row });
    }
    if !seen.insert(id.clone()) {
        return Err(TableError::DuplicateRecordId { id, row });
    }
    Ok(id)
}

fn prefix(run_id: &str) -> String {
    let [a, b, c, d, ..]: [u8; 32] = Sha256::digest(run_id).into();
    format!("{:08x}", u32::from_be_bytes([a, b, c, d]))
}

#[cfg(test)]
mod tests {
    use super::made;

    #[test]
    fn ids_have_ten_digits_and_more_where_they_are_needed() {
        for first in [0, 95, 199, 9_999_999_950, 123_456_789_012] {
            let rows = first..first + 210;
            let expected = rows.clone().map(|row| format!("ab-{row:010}"));
            let ids = made("ab", rows);
            assert!(ids.iter().flatten().eq(expected), "from {first}");
        }
    }
}
