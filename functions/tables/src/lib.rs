//! Streams tables for batch inference, without AWS: whatever gives bytes (`Read`, byte ranges) goes in, whatever takes
//! bytes comes out, and no more than a few batches of rows are in memory, however long the table is.
//!
//! 1. [`input`]: CSV (also gzipped) or Parquet, as batches of rows.
//! 2. [`chunks`]: rows become numbered chunks: JSONL for the model, and beside it the same rows as Parquet.
//! 3. [`join`]: a chunk's rows with what the model answered: exactly one row out for each row in.
//! 4. [`redrive`]: the rows that are worth another try, and their lines for the model.
//!
//! What a row is to the model and what became of it are `shared::batch`'s words.
#![warn(missing_docs)]

pub mod chunks;
mod error;
mod fields;
mod files;
pub mod input;
pub mod join;
mod lines;
mod parquet_file;
mod record_ids;
pub mod redrive;

pub use error::{CsvProblem, TableError};
pub use fields::{Fields, Row};
pub use files::{Files, Folder};
