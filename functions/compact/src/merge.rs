//! Several sorted files become one: every id once, in its newest version.
//!
//! Live files have one row each, so their rows are gathered and sorted in memory. Compacted files are sorted already and
//! are read batch by batch, so a large partition costs no more memory than a small one.

use arrow::array::{Array as _, RecordBatch, StringArray};
use arrow::compute::{concat_batches, interleave_record_batch};
use arrow::datatypes::SchemaRef;

use crate::table::{self, BATCH_ROWS, ID, PROCESSED_AT, TableError, Writer};

/// A merged file.
#[derive(Debug)]
pub(crate) struct Merged {
    pub(crate) bytes: Vec<u8>,
    pub(crate) rows: u64,
}

/// Sorted batches of the unified schema, one after the other.
pub(crate) struct Source<'a> {
    /// What errors are about.
    pub(crate) key: String,
    pub(crate) batches: Box<dyn Iterator<Item = Result<RecordBatch, TableError>> + 'a>,
}

/// Why there is no merged file.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MergeError {
    #[error("`{key}`: {cause}")]
    Source { key: String, cause: TableError },
    #[error("cannot write the merged rows: {0}")]
    Output(TableError),
}

/// Merges sources of which each is sorted by id and has every id once. Of two versions of equal age the one from the
/// earlier source is kept.
pub(crate) fn merge(schema: &SchemaRef, sources: Vec<Source<'_>>) -> Result<Merged, MergeError> {
    let mut writer = Writer::new(schema).map_err(MergeError::Output)?;
    let mut cursors = sources
        .into_iter()
        .map(|source| Cursor::new(schema, source))
        .collect::<Result<Vec<_>, _>>()?;
    let mut rows = 0;
    let mut picked = Vec::with_capacity(BATCH_ROWS);
    loop {
        // Moving on lets go of batches, so what was picked from them is written before.
        if picked.len() >= BATCH_ROWS || cursors.iter().any(Cursor::is_spent) {
            write(&mut writer, &cursors, &picked).map_err(MergeError::Output)?;
            rows += picked.len() as u64;
            picked.clear();
            for cursor in &mut cursors {
                cursor.refill()?;
            }
            cursors.retain(|cursor| !cursor.is_spent());
        }
        let Some(id) = cursors.iter().map(Cursor::id).min().map(str::to_owned) else {
            break;
        };
        picked.push(newest(&cursors, &id));
        for cursor in cursors.iter_mut().filter(|cursor| cursor.id() == id) {
            cursor.row += 1;
        }
    }
    let bytes = writer.finish().map_err(MergeError::Output)?;
    Ok(Merged { bytes, rows })
}

/// The rows of live files, sorted by id, every id in its newest version; of versions of equal age the first is kept.
pub(crate) fn sorted(
    schema: &SchemaRef,
    batches: &[RecordBatch],
) -> Result<RecordBatch, TableError> {
    let whole = concat_batches(schema, batches)?;
    let (ids, versions) = (table::text(&whole, ID)?, table::text(&whole, PROCESSED_AT)?);
    let mut order: Vec<usize> = (0..whole.num_rows()).collect();
    order.sort_by(|&one, &other| {
        let by_id = ids.value(one).cmp(ids.value(other));
        by_id.then_with(|| versions.value(other).cmp(versions.value(one)))
    });
    order.dedup_by(|later, kept| ids.value(*later) == ids.value(*kept));
    let picked: Vec<_> = order.into_iter().map(|row| (0, row)).collect();
    Ok(interleave_record_batch(&[&whole], &picked)?)
}

fn newest(cursors: &[Cursor<'_>], id: &str) -> (usize, usize) {
    let mut best: Option<(usize, &Cursor<'_>)> = None;
    for (source, cursor) in cursors
        .iter()
        .enumerate()
        .filter(|(_, cursor)| cursor.id() == id)
    {
        if best.is_none_or(|(_, kept)| cursor.version() > kept.version()) {
            best = Some((source, cursor));
        }
    }
    best.map_or((0, 0), |(source, cursor)| (source, cursor.row))
}

fn write(
    writer: &mut Writer,
    cursors: &[Cursor<'_>],
    picked: &[(usize, usize)],
) -> Result<(), TableError> {
    if picked.is_empty() {
        return Ok(());
    }
    let batches: Vec<&RecordBatch> = cursors.iter().map(|cursor| &cursor.batch).collect();
    writer.write(interleave_record_batch(&batches, picked)?)
}

/// A place in a source.
struct Cursor<'a> {
    source: Source<'a>,
    batch: RecordBatch,
    ids: StringArray,
    versions: StringArray,
    row: usize,
}

impl<'a> Cursor<'a> {
    fn new(schema: &SchemaRef, source: Source<'a>) -> Result<Self, MergeError> {
        let mut cursor = Self {
            source,
            batch: RecordBatch::new_empty(SchemaRef::clone(schema)),
            ids: StringArray::new_null(0),
            versions: StringArray::new_null(0),
            row: 0,
        };
        cursor.refill()?;
        Ok(cursor)
    }

    fn is_spent(&self) -> bool {
        self.row >= self.ids.len()
    }

    /// Goes on to the next batch that has rows; stays spent when there is none.
    fn refill(&mut self) -> Result<(), MergeError> {
        while self.is_spent() {
            let Some(batch) = self.source.batches.next() else {
                break;
            };
            batch
                .and_then(|batch| self.take(batch))
                .map_err(|cause| MergeError::Source {
                    key: self.source.key.clone(),
                    cause,
                })?;
        }
        Ok(())
    }

    fn take(&mut self, batch: RecordBatch) -> Result<(), TableError> {
        let ids = table::text(&batch, ID)?.clone();
        let last = self.ids.iter().flatten().next_back();
        let from_last = last.into_iter().chain(ids.iter().flatten());
        if !from_last.is_sorted_by(|one, next| one < next) {
            return Err(TableError::NotSorted);
        }
        self.versions = table::text(&batch, PROCESSED_AT)?.clone();
        self.ids = ids;
        self.batch = batch;
        self.row = 0;
        Ok(())
    }

    fn id(&self) -> &str {
        self.ids.value(self.row)
    }

    fn version(&self) -> &str {
        self.versions.value(self.row)
    }
}
