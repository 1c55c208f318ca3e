//! `track-job`: an event says that a batch job changed; what is true is noted and told.
//!
//! The event is trusted in one thing only: that it is worth looking at a job. Events of other people's jobs come too, most
//! of which their names give away without a call.
#![warn(missing_docs)]

mod handler;
mod track;

pub use handler::handle;
pub use track::{Sieved, track};
