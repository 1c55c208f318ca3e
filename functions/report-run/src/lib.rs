//! `report-run`: the chunks of a batch run as one dataset, counted, and held to be complete.
//!
//! The manifest of the run says how many rows each chunk has. A chunk without a record, or with another number of rows,
//! makes the run [broken](shared::contracts::batch::RunVerdict::Broken), and the report says which it is: that is no
//! error of this function. Its rows count as missing, so the report always accounts for every row of the run.
#![warn(missing_docs)]

mod handler;
mod measurement;
mod ports;
mod report;
mod services;
mod tally;

pub use handler::handle;
pub use measurement::measurement;
pub use report::{Problem, ReportError, Reported, report};
pub use services::Services;
pub use tally::Bill;
