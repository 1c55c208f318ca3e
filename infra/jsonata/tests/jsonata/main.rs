//! The shapes of data, and what expressions make of them.

mod findings;
mod results;
mod shapes;
mod soundness;
