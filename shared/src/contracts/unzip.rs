//! `unzip`: an archive lands, its images go on one by one.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use shared_derive::Ports;

use crate::events::s3;
use crate::{Contract, ErrorKind, Fields, Phase, SettingValue};

/// Extracts the images of an archive.
#[derive(Ports)]
pub struct Unzip<P: Phase> {
    /// Where archives land.
    pub landing: P::ReadObjects,
    /// Where images go.
    pub raw: P::WriteObjects,
    /// Where archives go that cannot be read.
    pub failures: P::SendMessages,
    /// What an archive may cost.
    pub limits: P::Setting<ArchiveLimits>,
}

impl<P: Phase> Contract for Unzip<P> {
    const NAME: &'static str = "unzip";
    type Event = s3::Notification;
    type Response = UnzipReport;
    type Failure = ErrorKind;
}

/// Bounds on an archive; a hostile one is refused before it costs more than this.
///
/// They bound the function's memory as well: about `2 * entry_bytes` and 50 MB.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArchiveLimits {
    /// Entries in the archive, directories and skipped ones included.
    pub entries: u32,
    /// Uncompressed bytes of one entry.
    pub entry_bytes: u64,
    /// Uncompressed bytes of all extracted entries together.
    pub total_bytes: u64,
    /// Uncompressed over compressed size of one entry.
    pub ratio: u32,
}

impl Default for ArchiveLimits {
    fn default() -> Self {
        Self {
            entries: 10_000,
            entry_bytes: 64 << 20,
            total_bytes: 4 << 30,
            ratio: 200,
        }
    }
}

impl SettingValue for ArchiveLimits {
    fn validate(&self) -> Result<(), String> {
        if self.entries == 0 || self.entry_bytes == 0 || self.total_bytes == 0 || self.ratio == 0 {
            return Err("archive limits must all be at least 1".into());
        }
        if self.entry_bytes > self.total_bytes {
            return Err("`entry_bytes` must not exceed `total_bytes`".into());
        }
        Ok(())
    }
}

/// What became of the archives of one event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Fields)]
pub struct UnzipReport {
    /// One entry per archive.
    pub archives: Vec<ArchiveReport>,
}

/// What became of one archive.
///
/// An archive that could not be read at all has no images and is in the failure queue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Fields)]
pub struct ArchiveReport {
    /// Key of the archive.
    pub key: String,
    /// Folder that its images were written to.
    pub folder: String,
    /// Images written.
    pub images: u32,
    /// Entries that are not images we read: counted, not failures.
    pub ignored: u32,
    /// Entries that somebody may miss, by the reason for which they were not extracted. Each is in the log and in the
    /// failure queue with its name; a list of names here could outgrow the 6 MB that a function may answer.
    pub skipped: BTreeMap<String, u32>,
}

/// An entry that was not extracted although it looked like an image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkippedEntry {
    /// Name in the archive, control characters replaced, cut at 200 characters.
    pub name: String,
    /// A stable word for the kind of failure.
    pub reason: String,
    /// What happened, for a person.
    pub message: String,
}
