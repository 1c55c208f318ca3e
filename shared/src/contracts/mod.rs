//! The contracts of the functions, one file per function.

pub mod batch;
mod compact;
mod extract;
mod failure;
mod unzip;

pub use compact::{
    Compact, CompactReport, CompactReportFields, CompactionPolicy, CompactionRequest,
    CompactionRequestFields, UnreadableFile, UnreadableFileFields,
};
pub use extract::{Extract, ParseMode, Review, ReviewPolicy, ReviewReason};
pub use failure::Failure;
pub use unzip::{
    ArchiveLimits, ArchiveReport, ArchiveReportFields, SkippedEntry, Unzip, UnzipReport,
    UnzipReportFields,
};
