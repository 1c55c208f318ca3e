//! The `infra` command line as a library: the stacks, and what the commands do with them. The end-to-end tests use it the
//! way the binary does.
#![warn(missing_docs)]

pub mod advice;
mod batch;
pub mod cli;
pub mod commands;
mod connection;
pub mod deploy_role;
pub mod deployment;
mod error;
mod failure;
mod intent;
pub mod interruption;
pub mod packaging;
pub mod pipeline;
pub mod query;
pub mod session;
pub mod simulator;
pub mod sql;
pub mod stacks;
pub mod synthesis;
pub mod table;
mod templates;
pub mod terminal;
pub mod workspace;

pub use batch::BatchError;
pub use error::CommandError;
