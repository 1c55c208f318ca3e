//! `invoke-records`: records that are too few for a batch job are sent one by one.
//!
//! The output is that of a batch job, line by line and with a manifest, in the folder of
//! [`on_demand_id`](shared::batch::layout::on_demand_id), so that whoever reads outputs needs not know the difference.
//!
//! Nothing is paid for twice. Answers are written in parts while the sending goes on, the whole output at its end: an
//! invocation that finds the whole answers from it, one that finds parts sends the records that are in none. What can be
//! lost are the answers of one part and of the calls in flight, when the function dies.
//!
//! When time runs out, no further record is sent, and the whole is written without the rest: a redrive sends those.
#![warn(missing_docs)]

mod answer;
mod error;
mod handler;
mod input;
mod invoke;
mod model;
mod output;
mod parts;
mod ports;
mod send;

pub use error::InvokeError;
pub use handler::handle;
pub use invoke::{Files, Sent, invoke_records};
pub use model::Model;
