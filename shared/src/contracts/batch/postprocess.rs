//! `postprocess`: the rows of a chunk with what the model answered, one out for each one in.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ChunkTask, JobEnd, RunFailure};
use crate::{Contract, Fields, Phase, Ports};

/// Joins the rows of a chunk with the outputs of all its attempts, whatever there is of them.
#[derive(Ports)]
pub struct Postprocess<P: Phase> {
    /// The run's files: rows, outputs, and what earlier attempts came to.
    pub files: P::ReadObjects,
    /// The keys of the run's files: whether a job wrote an output.
    pub keys: P::ListObjects,
    /// Where results go.
    pub results: P::WriteObjects,
}

impl<P: Phase> Contract for Postprocess<P> {
    const NAME: &'static str = "postprocess";
    type Event = PostprocessRequest;
    type Response = ChunkSummary;
    type Failure = RunFailure;
}

/// A chunk, and how its sending ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Fields)]
pub struct PostprocessRequest {
    /// The chunk.
    pub task: ChunkTask,
    /// How its sending ended.
    pub end: JobEnd,
}

/// What became of a chunk. The whole of it is in S3.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Fields)]
pub struct ChunkSummary {
    /// The number of the chunk, from 0.
    pub chunk: u64,
    /// Rows.
    pub records: u64,
    /// Rows with an answer.
    pub succeeded: u64,
    /// Key of the result; none when the results could not be written.
    pub result: Option<String>,
    /// Why not.
    pub error: Option<String>,
}
