//! `stop-jobs`: jobs that nobody waits for are stopped.
//!
//! An execution that was aborted, that timed out or failed leaves its jobs running, and they are paid for.
#![warn(missing_docs)]

mod handler;
mod ports;
mod services;
mod stop;

pub use handler::handle;
pub use services::Services;
pub use stop::{Stop, StopError, stop};
