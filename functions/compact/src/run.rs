//! One run over all closed partitions that have live files.

use std::sync::Arc;

use shared::contracts::{CompactReport, CompactionRequest};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::compaction;
use crate::partition::{NotAPartition, Partition};
use crate::store::{Store, StoreError};

/// Why a run did not end well.
#[derive(Debug, thiserror::Error)]
pub enum CompactError {
    /// The schedule did not say what time it is.
    #[error(
        "`now` is `{now}`, not a time in ISO 8601 with an offset ({source}); mend the schedule's input"
    )]
    Now {
        /// What it said.
        now: String,
        /// What is wrong with it.
        source: time::error::Parse,
    },
    /// The live folder has a folder that is no partition.
    #[error("{0} in the live folder; move it elsewhere, queries stumble over it as well")]
    Folder(#[from] NotAPartition),
    /// The live folder could not be listed.
    #[error("cannot list the partitions: {0}")]
    List(#[source] StoreError),
    /// A partition could not be compacted; the others were.
    #[error("partition `{partition}`: {source}")]
    Partition {
        /// The partition.
        partition: Partition,
        /// What went wrong.
        source: StoreError,
    },
}

/// Compacts every closed partition that has live files.
///
/// # Errors
/// The first failure. All other partitions are dealt with first, and another run begins where this one failed.
pub async fn run<S: Store>(
    store: &Arc<S>,
    request: &CompactionRequest,
) -> Result<CompactReport, CompactError> {
    let now =
        OffsetDateTime::parse(&request.now, &Rfc3339).map_err(|source| CompactError::Now {
            now: request.now.clone(),
            source,
        })?;
    let mut report = CompactReport::default();
    let mut failed = None;
    for folder in store.folders().await.map_err(CompactError::List)? {
        if let Err(error) = one(store, &folder, now, &mut report).await {
            failed.get_or_insert(error);
        }
    }
    failed.map_or(Ok(report), Err)
}

async fn one<S: Store>(
    store: &Arc<S>,
    folder: &str,
    now: OffsetDateTime,
    report: &mut CompactReport,
) -> Result<(), CompactError> {
    let partition: Partition = folder.parse()?;
    if !partition.is_closed(now, store.policy().close_after_hours) {
        return Ok(());
    }
    let done = compaction::compact(store, partition, now)
        .await
        .map_err(|source| CompactError::Partition { partition, source })?;
    if let Some(rows) = done.written {
        report.compacted.push(partition.to_string());
        report.rows += rows;
    }
    report.removed += done.removed;
    report.unreadable.extend(done.unreadable);
    Ok(())
}
