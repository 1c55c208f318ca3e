//! Batch inference: what everybody who takes part in a run must agree on, without AWS and without tables.
//!
//! A [`RunRequest`](request::RunRequest) names a source, a model and a [prompt]. Its records are divided into
//! [chunks](chunk), each the input of one [job] of Amazon Bedrock; a [processor] writes the body of each
//! [record] and reads what the model made of it into an [outcome]. [Limits](limits) say what a model
//! takes in one job, and [cost] what a run will be billed.

mod body;
pub mod chunk;
pub mod cost;
pub mod event;
pub mod job;
mod json;
pub mod layout;
pub mod limits;
pub mod model_id;
pub mod outcome;
pub mod processor;
pub mod prompt;
pub mod record;
pub mod request;
pub mod source;
pub mod status;
pub mod task_token;

pub use body::{PROMPT_ID, RowError};
