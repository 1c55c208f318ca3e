//! The files of a partition, read and brought under one schema.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::compute::concat_batches;
use arrow::datatypes::SchemaRef;
use bytes::Bytes;
use shared::contracts::UnreadableFile;
use tokio::task::JoinSet;

use crate::merge::{self, MergeError, Merged, Source};
use crate::store::{Listed, Side, Store, StoreError};
use crate::table::{self, TableError, Unified};

/// Files read at a time: they are small, so it is all waiting.
const READS: usize = 64;
/// Live files of which the rows become one batch, because a batch of one row is mostly overhead.
const FILES_PER_BATCH: usize = 1_000;

/// What is in a partition.
#[derive(Default)]
pub(crate) struct Inputs {
    compacted: Vec<(Listed, Bytes, SchemaRef)>,
    live: Vec<Group>,
    unreadable: Vec<UnreadableFile>,
    /// Whether a compacted file is among the unreadable ones.
    lost: bool,
}

/// Live files of one schema.
struct Group {
    schema: SchemaRef,
    files: Vec<Listed>,
    pending: Vec<RecordBatch>,
    batches: Vec<RecordBatch>,
}

/// What came of the inputs.
pub(crate) struct Outcome {
    /// All their rows; none where some could not be taken over.
    pub(crate) merged: Option<Merged>,
    /// Keys of the live files whose rows are in it.
    pub(crate) taken: BTreeSet<String>,
    pub(crate) unreadable: Vec<UnreadableFile>,
}

impl Inputs {
    /// Reads the files of one side of a partition.
    pub(crate) async fn read<S: Store>(
        &mut self,
        store: &Arc<S>,
        side: Side,
        files: &[Listed],
    ) -> Result<(), StoreError> {
        for files in files.chunks(READS) {
            let mut reads = JoinSet::new();
            for (place, file) in files.iter().enumerate() {
                let (store, key) = (Arc::clone(store), file.key.clone());
                reads.spawn(async move { (place, store.read(side, &key).await) });
            }
            let mut contents = reads.join_all().await;
            // Ties between versions are broken by the order of the keys, not by who answered first.
            contents.sort_by_key(|(place, _)| *place);
            for (place, content) in contents {
                if let Some(bytes) = content? {
                    self.add(side, &files[place], bytes.into());
                }
            }
        }
        Ok(())
    }

    fn add(&mut self, side: Side, file: &Listed, bytes: Bytes) {
        let added = match side {
            Side::Live => self.add_live(file, bytes),
            Side::Compacted => table::open(bytes.clone()).map(|reader| {
                let schema = arrow::array::RecordBatchReader::schema(&reader);
                self.compacted.push((file.clone(), bytes, schema));
            }),
        };
        if let Err(error) = added {
            self.lost |= side == Side::Compacted;
            self.unreadable.push(unreadable(&file.key, &error));
        }
    }

    fn add_live(&mut self, file: &Listed, bytes: Bytes) -> Result<(), TableError> {
        let reader = table::open(bytes)?;
        let schema = arrow::array::RecordBatchReader::schema(&reader);
        let batches = reader.collect::<Result<Vec<_>, _>>()?;
        for batch in &batches {
            table::text(batch, table::ID)?;
            table::text(batch, table::PROCESSED_AT)?;
        }
        let known = self.live.iter().position(|group| group.schema == schema);
        let place = known.unwrap_or(self.live.len());
        if known.is_none() {
            self.live.push(Group {
                schema,
                files: Vec::new(),
                pending: Vec::new(),
                batches: Vec::new(),
            });
        }
        let group = &mut self.live[place];
        group.files.push(file.clone());
        group.pending.extend(batches);
        if group.pending.len() >= FILES_PER_BATCH {
            group.gather()?;
        }
        Ok(())
    }

    /// Merges everything that could be read.
    pub(crate) fn merge(mut self) -> Result<Outcome, TableError> {
        let schema = self.unify();
        let mut outcome = Outcome {
            merged: None,
            taken: BTreeSet::new(),
            unreadable: self.unreadable,
        };
        let Some(schema) = schema else {
            return Ok(outcome);
        };
        let mut rows = Vec::new();
        for group in &mut self.live {
            group.gather()?;
            for batch in group.batches.drain(..) {
                rows.push(table::conform(&batch, &schema)?);
            }
            outcome
                .taken
                .extend(group.files.iter().map(|file| file.key.clone()));
        }
        let mut sources = Vec::new();
        for (file, bytes, _) in self.compacted {
            let schema = &schema;
            let batches = table::open(bytes)?.map(move |batch| table::conform(&batch?, schema));
            sources.push(Source {
                key: file.key,
                batches: Box::new(batches),
            });
        }
        sources.push(Source {
            key: "live files".to_owned(),
            batches: Box::new(std::iter::once(merge::sorted(&schema, &rows))),
        });
        match merge::merge(&schema, sources) {
            Ok(merged) => outcome.merged = Some(merged),
            Err(MergeError::Output(error)) => return Err(error),
            Err(MergeError::Source { key, cause }) => {
                outcome.unreadable.push(unreadable(&key, &cause));
            }
        }
        Ok(outcome)
    }

    /// One schema, the newest file's first. Live files that do not fit it are put aside; there is none when a compacted
    /// file does not fit or could not be read, because then rows would be lost.
    fn unify(&mut self) -> Option<SchemaRef> {
        let compacted = self
            .compacted
            .iter()
            .map(|(file, _, schema)| (file, schema, None));
        let live = self.live.iter().enumerate().filter_map(|(place, group)| {
            let newest = group.files.iter().max()?;
            Some((newest, &group.schema, Some(place)))
        });
        let mut by_age: Vec<_> = compacted.chain(live).collect();
        by_age.sort_by_key(|(file, ..)| std::cmp::Reverse(*file));
        let mut unified = Unified::default();
        let mut unfit = BTreeSet::new();
        for (file, schema, group) in by_age {
            let Err(error) = unified.add(schema) else {
                continue;
            };
            let Some(place) = group else {
                self.lost = true;
                self.unreadable.push(unreadable(&file.key, &error));
                continue;
            };
            let files = self.live[place].files.iter();
            self.unreadable
                .extend(files.map(|file| unreadable(&file.key, &error)));
            unfit.insert(place);
        }
        let mut place = 0;
        self.live.retain(|_| {
            place += 1;
            !unfit.contains(&(place - 1))
        });
        let anything = !(self.live.is_empty() && self.compacted.is_empty());
        (anything && !self.lost).then(|| unified.schema())
    }
}

impl Group {
    fn gather(&mut self) -> Result<(), TableError> {
        if !self.pending.is_empty() {
            self.batches
                .push(concat_batches(&self.schema, &self.pending)?);
            self.pending.clear();
        }
        Ok(())
    }
}

fn unreadable(key: &str, error: &TableError) -> UnreadableFile {
    UnreadableFile {
        key: key.to_owned(),
        reason: error.to_string(),
    }
}
