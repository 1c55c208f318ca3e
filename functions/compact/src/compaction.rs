//! One partition: what is there is merged, written if that is news, and what was replaced goes once it is old.

use std::collections::BTreeSet;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};
use shared::contracts::UnreadableFile;
use time::OffsetDateTime;

use crate::inputs::Inputs;
use crate::partition::Partition;
use crate::store::{Listed, Side, Store, StoreError};

/// Live files taken into one run: what bounds the memory. The others wait until these are gone.
const LIVE_FILES: usize = 50_000;

/// What was done with a partition.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Compacted {
    /// Rows of the compacted file, if one was written.
    pub(crate) written: Option<u64>,
    /// Files removed.
    pub(crate) removed: u64,
    /// Files left alone.
    pub(crate) unreadable: Vec<UnreadableFile>,
}

/// Compacts a partition.
///
/// The compacted file is named by its content and never overwritten, so a query that has listed it can read it to the
/// end. A run either writes or removes: what it replaces goes in a later run, when every query that began before the
/// file was there has ended.
pub(crate) async fn compact<S: Store>(
    store: &Arc<S>,
    partition: Partition,
    now: OffsetDateTime,
) -> Result<Compacted, StoreError> {
    let mut live = store.list(Side::Live, partition).await?;
    live.truncate(LIVE_FILES);
    let compacted = store.list(Side::Compacted, partition).await?;
    let mut inputs = Inputs::default();
    inputs.read(store, Side::Compacted, &compacted).await?;
    inputs.read(store, Side::Live, &live).await?;
    let outcome = inputs.merge().map_err(StoreError::new)?;
    let mut done = Compacted {
        unreadable: outcome.unreadable,
        ..Compacted::default()
    };
    let Some(merged) = outcome.merged else {
        return Ok(done);
    };
    let name = name_of(&merged.bytes);
    let Some(current) = compacted.iter().find(|file| file.key.ends_with(&name)) else {
        store.write(partition, &name, merged.bytes).await?;
        done.written = Some(merged.rows);
        return Ok(done);
    };
    let grace = i64::from(store.policy().grace_hours) * 3_600;
    if now.unix_timestamp() - current.modified >= grace {
        live.retain(|file| outcome.taken.contains(&file.key));
        done.removed = remove_replaced(store, partition, current, &live, &compacted).await?;
    }
    Ok(done)
}

/// Removes what the current file holds as well. Compacted files first: as long as there are live ones, the partition is
/// looked at again, should this be interrupted.
async fn remove_replaced<S: Store>(
    store: &Arc<S>,
    partition: Partition,
    current: &Listed,
    live: &[Listed],
    compacted: &[Listed],
) -> Result<u64, StoreError> {
    let replaced: Vec<String> = compacted
        .iter()
        .filter(|file| file.key != current.key)
        .map(|file| file.key.clone())
        .collect();
    store.remove(Side::Compacted, &replaced).await?;
    // A file written anew since it was read holds a version of its row that is nowhere else.
    let unchanged: BTreeSet<Listed> = store
        .list(Side::Live, partition)
        .await?
        .into_iter()
        .collect();
    let expired: Vec<String> = live
        .iter()
        .filter(|file| unchanged.contains(file))
        .map(|file| file.key.clone())
        .collect();
    store.remove(Side::Live, &expired).await?;
    Ok((replaced.len() + expired.len()) as u64)
}

fn name_of(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut name = String::from("rows-");
    for byte in Sha256::digest(bytes).iter().take(8) {
        // Writing to a string cannot fail.
        let _ = write!(name, "{byte:02x}");
    }
    name + ".parquet"
}
