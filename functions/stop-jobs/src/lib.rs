//! Jobs that nobody waits for are stopped.
#![warn(missing_docs)]
