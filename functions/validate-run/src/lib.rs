//! A request for a batch run, understood or refused.
#![warn(missing_docs)]
