//! A notification's records: which archive each means, and what becomes of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use shared::contracts::{ArchiveReport, Failure, SkippedEntry, UnzipReport};
use shared::events::s3::{KeyError, Notification, Record};

use crate::archive::ArchiveError;
use crate::store::{Store, StoreError};
use crate::{name, pipeline};

/// Skipped entries that one failure message names: with the longest names still far from the 256 KiB that SQS carries.
const ENTRIES_PER_MESSAGE: usize = 50;

/// An archive could not be dealt with now; the same notification should be delivered again.
#[derive(Debug, thiserror::Error)]
#[error("archive `{key}` is left for the next attempt: {source}")]
pub struct UnzipError {
    /// Key of the archive.
    pub key: String,
    /// What went wrong.
    pub source: StoreError,
}

/// What became of one archive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Processed {
    /// Its part of the answer.
    pub report: ArchiveReport,
    /// The entries that were left out.
    pub skipped: Vec<SkippedEntry>,
    /// What went to the failure queue.
    pub failures: Vec<Failure>,
}

/// Extracts the archives of a notification and shows each to `observe`.
///
/// # Errors
/// When a retry may help: a bucket or the queue failed. The other archives of the notification are extracted all the
/// same, and a retry writes the same keys again.
pub async fn process<S: Store>(
    store: &Arc<S>,
    notification: &Notification,
    mut observe: impl FnMut(&Processed),
) -> Result<UnzipReport, UnzipError> {
    let mut report = UnzipReport::default();
    let mut failed = None;
    for record in &notification.records {
        match process_one(store, record).await {
            Ok(processed) => {
                observe(&processed);
                report.archives.push(processed.report);
            }
            Err(error) => {
                failed.get_or_insert(error);
            }
        }
    }
    failed.map_or(Ok(report), Err)
}

/// Why an archive ended in the failure queue as a whole.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error(
        "the notification is about `s3://{bucket}/{key}`, but archives land in `{served}`; mend the notification"
    )]
    Elsewhere {
        bucket: String,
        key: String,
        served: String,
    },
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error("the key does not end in `.zip`; mend the notification's suffix filter")]
    NotAZipKey,
    #[error("there is no such object any more; upload the archive again")]
    Missing,
    #[error("there is no image in the archive")]
    NoImages,
    #[error(transparent)]
    Archive(#[from] ArchiveError),
}

impl Refusal {
    /// The stable word for filters, or the error that a retry can mend.
    fn reason(self) -> Result<(&'static str, String), StoreError> {
        let reason = match &self {
            Self::Elsewhere { .. } => "unexpected_location",
            Self::Key(_) => "malformed_key",
            Self::NotAZipKey => "unexpected_key",
            Self::Missing => "archive_missing",
            Self::NoImages => "no_images",
            Self::Archive(error) => error.reason()?,
        };
        Ok((reason, self.to_string()))
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Archive(error.into())
    }
}

async fn process_one<S: Store>(store: &Arc<S>, record: &Record) -> Result<Processed, UnzipError> {
    let object = &record.s3.object;
    let key = object.decoded_key().unwrap_or_else(|_| object.key.clone());
    let mut processed = Processed::default();
    processed.report.key.clone_from(&key);
    let outcome = match extract(store, record, &mut processed).await {
        Ok(()) => Ok(messages(record, &processed)),
        Err(refusal) => refusal
            .reason()
            .map(|(reason, message)| vec![failure(record, &key, reason, message)]),
    };
    let again = |source| UnzipError {
        key: key.clone(),
        source,
    };
    processed.failures = outcome.map_err(again)?;
    for failure in &processed.failures {
        store.give_up(failure).await.map_err(again)?;
    }
    Ok(processed)
}

async fn extract<S: Store>(
    store: &Arc<S>,
    record: &Record,
    processed: &mut Processed,
) -> Result<(), Refusal> {
    let key = record.s3.object.decoded_key()?;
    let (bucket, served) = (&record.s3.bucket.name, store.landing());
    if bucket != served.bucket || !key.starts_with(served.prefix) {
        return Err(Refusal::Elsewhere {
            bucket: bucket.clone(),
            key,
            served: format!("s3://{}/{}", served.bucket, served.prefix),
        });
    }
    if !key.to_ascii_lowercase().ends_with(".zip") {
        return Err(Refusal::NotAZipKey);
    }
    let found = store.find(&key).await?.ok_or(Refusal::Missing)?;
    let extracted = pipeline::extract(store, &key, &found).await?;
    let report = &mut processed.report;
    report.folder = name::folder_of(&key);
    report.images = extracted.images;
    report.ignored = extracted.ignored;
    report.skipped = counted(&extracted.skipped);
    processed.skipped = extracted.skipped;
    if report.images == 0 && processed.skipped.is_empty() {
        return Err(Refusal::NoImages);
    }
    Ok(())
}

fn counted(skipped: &[SkippedEntry]) -> BTreeMap<String, u32> {
    let mut counts = BTreeMap::new();
    for entry in skipped {
        *counts.entry(entry.reason.clone()).or_default() += 1;
    }
    counts
}

/// The failure messages of an archive of which only part was extracted.
fn messages(record: &Record, processed: &Processed) -> Vec<Failure> {
    let total = processed.skipped.len();
    let listed = |entries: &[SkippedEntry]| {
        let lines = entries
            .iter()
            .map(|entry| format!("`{}` ({}): {}", entry.name, entry.reason, entry.message));
        std::iter::once(format!("{} of {total} entries left out:", entries.len()))
            .chain(lines)
            .collect::<Vec<_>>()
            .join("\n")
    };
    processed
        .skipped
        .chunks(ENTRIES_PER_MESSAGE)
        .map(|entries| {
            failure(
                record,
                &processed.report.key,
                "skipped_entries",
                listed(entries),
            )
        })
        .collect()
}

fn failure(record: &Record, key: &str, reason: &str, message: String) -> Failure {
    let function = env!("CARGO_PKG_NAME");
    Failure::of_record(function, record, key.to_owned(), reason, message)
}
