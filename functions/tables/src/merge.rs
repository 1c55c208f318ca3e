//! The chunks of a run as one dataset.

use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

use crate::error::TableError;
use crate::join::ChunkCounts;

/// The results of a chunk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChunkResult {
    /// Number of the chunk, from 0.
    pub number: u32,
    /// Where its results are.
    pub file: String,
    /// What became of its records.
    pub counts: ChunkCounts,
}

/// All results of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dataset {
    /// Files, in the order of the rows.
    pub files: Vec<String>,
    /// Sums over the chunks.
    pub counts: ChunkCounts,
    /// Numbers of the chunks with rows that have no answer: what a redrive is about.
    pub incomplete: Vec<u32>,
}

/// Makes a dataset of a run's chunks, which may come in any order; `sizes` are the records that each was written with.
///
/// # Errors
/// [`TableError::Chunk`] when a chunk is missing, comes twice, is none of the run's, or has not as many rows as it had
/// records: then the results are not one row for each row.
pub fn merge(mut chunks: Vec<ChunkResult>, sizes: &[u64]) -> Result<Dataset, TableError> {
    chunks.sort_by_key(|chunk| chunk.number);
    let mut dataset = Dataset {
        files: Vec::with_capacity(chunks.len()),
        counts: ChunkCounts::default(),
        incomplete: Vec::new(),
    };
    let mut chunks = chunks.into_iter().peekable();
    for (number, &size) in (0..).zip(sizes) {
        let Some(chunk) = chunks.next_if(|chunk| chunk.number == number) else {
            return Err(wrong(number, "has no results; post-process it again"));
        };
        if chunk.counts.records != size {
            let problem = format!(
                "has {} rows for {size} records; post-process it again",
                chunk.counts.records
            );
            return Err(wrong(number, &problem));
        }
        if chunk.counts.succeeded < size {
            dataset.incomplete.push(number);
        }
        dataset.counts += chunk.counts;
        dataset.files.push(chunk.file);
        if chunks.peek().is_some_and(|next| next.number == number) {
            return Err(wrong(number, "has results twice; give each chunk once"));
        }
    }
    match chunks.next() {
        None => Ok(dataset),
        Some(chunk) => Err(wrong(
            chunk.number,
            "is not of this run; remove its results",
        )),
    }
}

fn wrong(number: u32, problem: &str) -> TableError {
    TableError::Chunk {
        number,
        problem: problem.to_owned(),
    }
}

impl AddAssign for ChunkCounts {
    fn add_assign(&mut self, other: Self) {
        self.records += other.records;
        self.succeeded += other.succeeded;
        self.failed += other.failed;
        self.missing += other.missing;
        self.input_tokens += other.input_tokens;
        self.output_tokens += other.output_tokens;
        self.outputs += other.outputs;
    }
}
