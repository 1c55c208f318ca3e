//! What the functions of the batch system share: tables in buckets and on the Hugging Face Hub, and the files of a run.
//!
//! Tables are read and written by code that waits, so a function hands its work to a [thread](blocking) that may wait, and
//! that thread sees buckets as a [`Bucket`] and a [`Destination`]: the ports implement them, and so does a map in memory,
//! which tests use. An object becomes a file of any size by [`RangedFile`], a file becomes an object by [`RunFiles`].
#![warn(missing_docs)]

mod bodies;
mod error;
pub mod hub;
mod images;
mod json;
mod memory;
mod ports;
mod ranged;
mod rows;
mod run_files;
mod store;
mod table;

pub use bodies::{Bodies, BodyProblem};
pub use error::{Failures, RunError, StoreError, TableFailure};
pub use images::ImageProblem;
pub use json::{read_bytes, read_json, write_bytes, write_json};
pub use memory::MemoryBucket;
pub use ports::{PortBucket, PortDestination, blocking, port_inputs};
pub use ranged::{Fetch, RangedFile, Stream, open};
pub use rows::{Premises, RunRows, model_of};
pub use run_files::{RunFile, RunFiles};
pub use store::{Bucket, Destination, Found, Upload};
pub use table::{Inputs, OpenBucket, Table, count};
