//! The records, one file each.
//!
//! To read something else from images, write a record next to these and name it in [`Subject`].

mod book_metadata;
mod invoice_summary;

pub use book_metadata::BookMetadata;
pub use invoice_summary::InvoiceSummary;

/// The record that this deployment reads.
pub type Subject = BookMetadata;
