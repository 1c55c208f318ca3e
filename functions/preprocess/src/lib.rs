//! `preprocess`: a table becomes chunks, each the input of one batch job, and the list of what is to be done with them.
//!
//! A new run counts the rows, divides them evenly and writes for each chunk what the model is given and the rows themselves.
//! A redrive finds the records of each chunk that are worth another try and copies their lines. The list of tasks is written
//! behind all that, and the manifest of a new run last: a run that has one has all its files. Asked again, the function
//! writes the same bytes to the same keys.
#![warn(missing_docs)]

mod error;
mod first;
mod handler;
mod preprocess;
mod redrive;
mod tasks;

pub use error::PreprocessError;
pub use handler::handle;
pub use preprocess::{Preprocessed, Services, preprocess};
