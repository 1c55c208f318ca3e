//! The chunks of a batch run as one dataset, counted.
#![warn(missing_docs)]
