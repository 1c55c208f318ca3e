//! A table becomes chunks, each the input of one batch job.
#![warn(missing_docs)]
