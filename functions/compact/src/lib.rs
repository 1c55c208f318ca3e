//! `compact`: closed days become one file per partition.
//!
//! The extractor writes one file per image, and a query spends its time opening them. This function rewrites the live
//! files of closed days into compacted ones, in a second folder. Queries go through a view over both folders that shows
//! the newest row of each id:
//!
//! ```sql
//! SELECT title, ..., id, processed_at, ..., year, month, day
//! FROM (
//!   SELECT *, row_number() OVER (
//!     PARTITION BY year, month, day, id ORDER BY processed_at DESC, side
//!   ) AS version
//!   FROM (
//!     SELECT title, ..., year, month, day, 0 AS side FROM books_compacted
//!     UNION ALL
//!     SELECT title, ..., year, month, day, 1 AS side FROM books_live
//!   ) AS files
//! ) AS versions
//! WHERE version = 1
//! ```
//!
//! It scans each folder once, so it does not matter which of the two a query lists first, nor that files are written or
//! removed in between: compacted files appear whole, nothing is overwritten, and a file goes only when what replaced it
//! is older than any query that may run. An anti-join (`live WHERE id NOT IN compacted`) would list the compacted folder
//! twice, and lose all rows of a file that appears between the two.
#![warn(missing_docs)]

mod compaction;
mod handler;
mod inputs;
mod merge;
mod partition;
mod ports;
mod run;
mod store;
mod table;

pub use handler::handle;
pub use partition::{NotAPartition, Partition};
pub use run::{CompactError, run};
pub use store::{Listed, Side, Store, StoreError};
