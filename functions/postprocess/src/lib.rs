//! The rows of a chunk with what the model answered.
#![warn(missing_docs)]
