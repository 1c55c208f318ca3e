//! Batch inference: what everybody who takes part in a run must agree on, without AWS and without tables.
//!
//! A [`RunRequest`](request::RunRequest) names a source, a model and a [prompt](prompt). Its records are divided into
//! [chunks](chunk), each the input of one [job](job) of Amazon Bedrock; a [processor](processor) writes the body of each
//! [record](record) and reads what the model made of it into an [outcome](outcome). [Limits](limits) say what a model
//! takes in one job, and [cost](cost) what a run will be billed.

pub mod chunk;
pub mod cost;
pub mod event;
pub mod job;
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
