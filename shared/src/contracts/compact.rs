//! `compact`: closed days become one file per partition.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use shared_derive::Ports;

use crate::{Contract, ErrorKind, Fields, Phase, SettingValue};

/// Rewrites the one-record files of closed days into one file per partition.
///
/// Live and compacted files are two tables; what people query is a view over both that shows the newest row of each id.
/// So a compacted file may be written, and later the files that it replaces may go, without a query ever seeing a row
/// twice or not at all.
#[derive(Ports)]
pub struct Compact<P: Phase> {
    /// The keys of live files.
    pub live_keys: P::ListObjects,
    /// The live files.
    pub live: P::ReadObjects,
    /// Removes live files once their rows have long been in a compacted file.
    pub expired: P::DeleteObjects,
    /// The keys of compacted files.
    pub compacted_keys: P::ListObjects,
    /// The compacted files, to be merged with rows that came late.
    pub compacted: P::ReadObjects,
    /// Where compacted files go.
    pub output: P::WriteObjects,
    /// Removes compacted files once their rows have long been in a newer one.
    pub superseded: P::DeleteObjects,
    /// When a day is closed and when the files that were replaced go.
    pub policy: P::Setting<CompactionPolicy>,
}

impl<P: Phase> Contract for Compact<P> {
    const NAME: &'static str = "compact";
    type Event = CompactionRequest;
    type Response = CompactReport;
    type Failure = ErrorKind;
}

/// What the schedule sends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Fields)]
pub struct CompactionRequest {
    /// Now, ISO 8601 in UTC; days before it (and the policy's margin) are closed. The schedule fills it in.
    pub now: String,
}

/// When a day is closed and when the files that were replaced may go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompactionPolicy {
    /// Hours after midnight UTC until a day is closed.
    pub close_after_hours: u32,
    /// Hours between writing a compacted file and removing the files it replaces; longer than the longest query.
    pub grace_hours: u32,
}

impl Default for CompactionPolicy {
    fn default() -> Self {
        Self {
            close_after_hours: 1,
            grace_hours: 12,
        }
    }
}

impl SettingValue for CompactionPolicy {
    fn validate(&self) -> Result<(), String> {
        // Athena stops a query after 30 minutes by default; an hour leaves room for a raised quota.
        if self.grace_hours == 0 {
            Err(
                "`grace_hours` must be at least 1: a running query still reads the live files"
                    .into(),
            )
        } else {
            Ok(())
        }
    }
}

/// What one run did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Fields)]
pub struct CompactReport {
    /// Partitions rewritten, as `year=YYYY/month=MM/day=DD`.
    pub compacted: Vec<String>,
    /// Rows in the rewritten partitions.
    pub rows: u64,
    /// Files removed: live ones, and compacted ones that were replaced.
    pub removed: u64,
    /// Files that could not be read; they stay where they are, and their partitions keep all their files.
    pub unreadable: Vec<UnreadableFile>,
}

/// A file that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Fields)]
pub struct UnreadableFile {
    /// Its key.
    pub key: String,
    /// What is wrong with it, for a person.
    pub reason: String,
}
