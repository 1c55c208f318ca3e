//! An event says that a batch job changed; what is true is noted and told.
#![warn(missing_docs)]
