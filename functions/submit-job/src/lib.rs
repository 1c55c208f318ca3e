//! A chunk becomes a batch job, once.
#![warn(missing_docs)]
