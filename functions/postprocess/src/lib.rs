//! `postprocess`: the rows of a chunk with what the model answered, one out for each one in.
//!
//! However a job ended, what it wrote was paid for, so it is read: a job that failed, was lost or stopped differs from one
//! that completed only in what its missing rows say. A redrive reads the outputs of all attempts again, the first one
//! first; the first answer to a record counts, so finished rows stay as they are.
//!
//! Which outputs there are, a listing of the chunk's folder says, not the ending of a job: a job that nobody heard of
//! any more may have written one, and it may have appeared since the attempt before.
#![warn(missing_docs)]

mod attempts;
mod error;
mod handler;
mod metered;
mod outputs;
mod process;
mod results;

pub use error::PostprocessError;
pub use handler::handle;
pub use process::{Postprocessed, postprocess};
