//! `reconcile-jobs`: every open batch job is looked at from time to time, because events get lost.
//!
//! It does what a lost event would have done, and what a crash left undone: the row of such a job is open still. A row whose
//! job never turned up is closed after a day.
#![warn(missing_docs)]

mod handler;
mod reconcile;

pub use handler::handle;
pub use reconcile::{Looked, Outcome, ReconcileError, reconcile};
