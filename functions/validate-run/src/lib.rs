//! `validate-run`: a request is understood, or refused before anything is read but headers and anything is written.
//!
//! What comes out says which run it is: a new one, named after its execution, or an earlier one that is redriven.
#![warn(missing_docs)]

mod handler;
mod redrive;
mod validate;

pub use handler::handle;
pub use redrive::RedriveError;
pub use validate::{Services, ValidateError, validate};
