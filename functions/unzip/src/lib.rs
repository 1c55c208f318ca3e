//! `unzip`: ZIP archive in, images out.
//!
//! The archive is read by ranges and its entries are uploaded one by one, so memory depends on the configured limits and
//! not on the archive. Every way in which an archive or an entry can be bad has a name ([`ArchiveError`], [`Skip`]) and
//! ends in the failure queue; what a retry can mend fails the invocation instead.
#![warn(missing_docs)]

mod archive;
mod handler;
pub mod name;
mod notification;
mod pipeline;
mod ports;
mod skip;
mod source;
mod store;

pub use archive::{Archive, ArchiveError, Image, Outcome};
pub use handler::handle;
pub use notification::{Processed, UnzipError, process};
pub use skip::Skip;
pub use source::Fetch;
pub use store::{Found, Landing, Store, StoreError};
