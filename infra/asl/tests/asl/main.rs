//! What is found in definitions.

mod source;
mod structure;
mod template;
