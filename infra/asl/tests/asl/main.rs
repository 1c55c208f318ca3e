//! What is found in definitions.

mod budgets;
mod source;
mod structure;
mod template;
