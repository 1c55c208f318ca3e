//! What is found in definitions.

mod budgets;
mod corpus;
mod data;
mod readme;
mod source;
mod structure;
mod template;
