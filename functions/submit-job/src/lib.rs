//! `submit-job`: a chunk becomes a batch job, once.
//!
//! The state that asks for a job is retried after throttles, full quotas and lost answers, for hours if need be, and waits
//! under another token each time. So the row of the job is made before the job, each attempt writes its token there first,
//! and a job that is there already is found instead of made again: by its ARN in the row, by its name, which follows from
//! run, chunk and attempt, and by the token of the request, which the service compares itself.
//!
//! An attempt may find a job that has ended by now, and whose end was told under the token of an attempt that nobody waits
//! for any more. Writing the new token opens the row again, and settling the job tells who waits now.
#![warn(missing_docs)]

mod error;
mod handler;
mod ports;
mod services;
mod submit;

pub use error::SubmitError;
pub use handler::handle;
pub use services::Services;
pub use submit::{Submitted, submit};
