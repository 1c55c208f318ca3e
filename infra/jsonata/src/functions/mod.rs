//! The functions of JSONata 2.0.6 and those that Step Functions adds.

mod signature;
mod table;

pub(crate) use signature::{Parameter, Signature};
pub(crate) use table::{FUNCTIONS, Function, Special, find};
