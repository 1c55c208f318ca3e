//! Records that are too few for a batch job are sent one by one.
#![warn(missing_docs)]
