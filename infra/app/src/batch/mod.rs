//! The deployed batch system, seen from outside: what a run will cost, start it, watch it, fetch its results.
//!
//! The rules are those of [`shared::batch`], held here before anything is uploaded or paid for; the commands are in
//! `commands/batch`.

mod buckets;
mod dry_run;
mod error;
mod estimate;
pub(crate) mod executions;
mod figures;
mod jobs;
mod metered;
mod models;
mod preview;
mod redrive;
mod request;
mod results;
mod run_files;
mod sample;
mod source;
mod stack;
mod status;
mod upload;

pub(crate) use dry_run::DryRun;
pub use error::BatchError;
pub(crate) use estimate::{Estimate, sampled_rows};
pub(crate) use executions::{Execution, Executions, State, recent};
pub(crate) use figures::{counted, printable};
pub(crate) use models::{Availability, Family, families};
pub(crate) use preview::first_rows;
pub(crate) use redrive::Redrive;
pub(crate) use request::{Order, described, key_of, new_name};
pub(crate) use results::Download;
pub(crate) use run_files::RunFiles;
pub(crate) use sample::Sample;
pub(crate) use source::Source;
pub(crate) use stack::BatchStack;
pub(crate) use status::{RunStatus, find};
