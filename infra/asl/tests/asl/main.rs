//! What is found in definitions.

mod structure;
