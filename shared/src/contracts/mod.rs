//! The contracts of the functions, one file per function.

mod compact;
mod extract;
mod failure;
mod unzip;

pub use compact::{Compact, CompactReport, CompactionPolicy, CompactionRequest};
pub use extract::{Extract, ParseMode, ReviewPolicy};
pub use failure::Failure;
pub use unzip::{ArchiveLimits, ArchiveReport, SkippedEntry, Unzip, UnzipReport};
