//! The rows of batch jobs: what is known of each job, and who is told when it ends.
//!
//! A job has one row, which is made before the job and outlives it. As long as the machine waits for the end of the job,
//! the row is *open*: it holds the token under which the machine waits, and is in the index of open jobs.
//!
//! What is true of a job is read from the service each time, for events get lost, come twice and overtake each other.
//! [`settle`] takes the steps in an order that loses nothing wherever it is interrupted: the row learns how the job
//! stands, then the machine is told, then the row is closed. Who comes next to an open row does what is missing, and a
//! machine that is told twice hears the second time that nobody waits.
#![warn(missing_docs)]

pub mod changes;
mod error;
mod ledger;
mod open;
mod ports;
pub mod report;
mod row;
mod settle;
mod tokens;

pub use error::JobsError;
pub use ledger::{Finder, Ledger, OpenRows};
pub use open::OpenJob;
pub use row::{JobRow, RowError, RowStatus};
pub use settle::{Settled, Telling, settle};
pub use tokens::is_tagged;
