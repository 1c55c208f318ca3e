//! Every open batch job is looked at from time to time, because events get lost.
#![warn(missing_docs)]
