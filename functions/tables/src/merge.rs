//! The chunks of a run as one dataset.

use shared::batch::outcome::RecordCounts;

use crate::error::TableError;

/// The results of a chunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChunkResult {
    /// Number of the chunk, from 0.
    pub number: u64,
    /// Where its results are.
    pub file: String,
    /// What became of its rows.
    pub counts: RecordCounts,
}

/// All results of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dataset {
    /// Files, in the order of the rows.
    pub files: Vec<String>,
    /// Sums over the chunks.
    pub counts: RecordCounts,
    /// Numbers of the chunks with rows that are worth another try: what a redrive is about.
    pub redrivable: Vec<u64>,
}

/// Makes a dataset of a run's chunks, which may come in any order; `sizes` are the rows that each was written with.
///
/// # Errors
/// [`TableError::Chunk`] when a chunk is missing, comes twice, is none of the run's, or has not as many results as it had
/// rows: then the results are not one row for each row.
pub fn merge(mut chunks: Vec<ChunkResult>, sizes: &[u64]) -> Result<Dataset, TableError> {
    chunks.sort_by_key(|chunk| chunk.number);
    let mut dataset = Dataset::default();
    let mut chunks = chunks.into_iter().peekable();
    for (number, &size) in (0..).zip(sizes) {
        let Some(chunk) = chunks.next_if(|chunk| chunk.number == number) else {
            return Err(wrong(number, "has no results; post-process it again"));
        };
        if chunk.counts.records != size {
            let problem = format!(
                "has {} results for {size} rows; post-process it again",
                chunk.counts.records
            );
            return Err(wrong(number, &problem));
        }
        if chunk.counts.redrivable > 0 {
            dataset.redrivable.push(number);
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

fn wrong(number: u64, problem: &str) -> TableError {
    TableError::Chunk {
        number,
        problem: problem.to_owned(),
    }
}
