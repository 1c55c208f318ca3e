//! One chunk: rows, rejected rows and outputs in, results and the record of the chunk out.

use std::collections::BTreeSet;
use std::io::BufReader;
use std::sync::Arc;

use runs::{Bucket, Destination, Failures, Found, RangedFile, open, read_json, write_json};
use shared::batch::layout::Layout;
use shared::batch::model_id::ModelId;
use shared::batch::processor::{Processor, processor_of};
use shared::contracts::batch::{AttemptRecord, ChunkRecord, ChunkSummary, PostprocessRequest};
use tables::TableError;
use tables::join::{Join, JoinLimits, OutputCounts};

use crate::attempts::Attempts;
use crate::error::PostprocessError;
use crate::metered::Metered;
use crate::outputs::{Output, outputs};
use crate::results::{write_csv, write_parquet};

/// A chunk that was joined.
#[derive(Clone, Debug, PartialEq)]
pub struct Postprocessed {
    /// What the execution is told.
    pub summary: ChunkSummary,
    /// What was written beside the results.
    pub record: ChunkRecord,
    /// What the outputs were like.
    pub outputs: OutputCounts,
}

/// Joins the rows of a chunk with the outputs of all its attempts, and writes results and record. Called again, it writes
/// the same.
///
/// # Errors
/// When files cannot be read or written, are damaged, or an output that was read before is gone.
pub fn postprocess(
    files: &Arc<dyn Bucket>,
    results: &Arc<dyn Destination>,
    request: &PostprocessRequest,
) -> Result<Postprocessed, PostprocessError> {
    let task = &request.task;
    let prefix = task.run.job_prefix()?;
    let chunk = Chunk {
        files,
        layout: task.run.layout(&prefix),
        number: task.chunk,
        processor: processor_of(&task.model_id.parse::<ModelId>()?)?,
        failures: Failures::default(),
    };
    let record_key = chunk.layout.chunk_record(task.chunk);
    let recorded: Option<ChunkRecord> = read_json(&**files, &record_key)?;
    let recorded = recorded.map(|record| record.attempts).unwrap_or_default();
    let listed = chunk.outputs(&recorded)?;
    let mut attempts = Attempts::new(recorded, request);
    let mut join = chunk.rows()?;
    chunk.read_rejected(&mut join)?;
    for output in outputs(&chunk.layout, task.chunk, &listed) {
        let metered = Metered::new(chunk.processor);
        chunk.read_output(&mut join, &output, attempts.job_of(&output), &metered)?;
        attempts.note(&output, metered.usage());
    }
    if let Some(message) = attempts.missing_message() {
        chunk.explain(join.explain_missing(&message))?;
    }

    let result = chunk.layout.result(task.chunk);
    let csv = task.csv.then(|| chunk.layout.csv_result(task.chunk));
    let (results, failures) = (&**results, &chunk.failures);
    let joined = chunk.explain(write_parquet(&join, &result, results, failures))?;
    if let Some(key) = &csv {
        chunk.explain(write_csv(&join, key, results, failures))?;
    }
    let record = ChunkRecord {
        chunk: task.chunk,
        attempts: attempts.into_records(),
        counts: joined.counts,
        result: result.clone(),
        csv,
    };
    write_json(results, &record_key, &record)?;
    Ok(Postprocessed {
        summary: ChunkSummary {
            chunk: task.chunk,
            records: joined.counts.records,
            succeeded: joined.counts.succeeded,
            result: Some(result),
            error: None,
        },
        record,
        outputs: joined.outputs,
    })
}

/// A chunk, and how its files are read.
struct Chunk<'a> {
    files: &'a Arc<dyn Bucket>,
    layout: Layout<'a>,
    number: u64,
    processor: &'static dyn Processor,
    failures: Failures,
}

impl Chunk<'_> {
    fn rows(&self) -> Result<Join<RangedFile>, PostprocessError> {
        let key = self.layout.rows(self.number);
        let Some(object) = self.files.find(&key)? else {
            return Err(PostprocessError::NoRows(self.files.address(&key)));
        };
        let rows = open(self.files, &object, &self.failures);
        self.explain(Join::new(
            &key,
            rows,
            self.processor.kind(),
            JoinLimits::default(),
        ))
    }

    fn read_rejected(&self, join: &mut Join<RangedFile>) -> Result<(), PostprocessError> {
        let key = self.layout.rejected(self.number);
        let Some(object) = self.files.find(&key)? else {
            return Ok(());
        };
        let lines = open(self.files, &object, &self.failures).stream(0);
        self.explain(join.read_rejected(&key, BufReader::new(lines)))
    }

    /// What is in the chunk's folder of outputs: at least what results were made of before.
    fn outputs(&self, recorded: &[AttemptRecord]) -> Result<Vec<Found>, PostprocessError> {
        let listed = self.files.list(&self.layout.outputs(self.number))?;
        let keys: BTreeSet<&String> = listed.iter().map(|object| &object.key).collect();
        let mut outputs = recorded
            .iter()
            .filter_map(|attempt| attempt.output.as_ref());
        match outputs.find(|key| !keys.contains(key)) {
            Some(gone) => Err(PostprocessError::OutputGone(self.files.address(gone))),
            None => Ok(listed),
        }
    }

    fn read_output(
        &self,
        join: &mut Join<RangedFile>,
        output: &Output<'_>,
        job: &str,
        processor: &Metered,
    ) -> Result<(), PostprocessError> {
        let lines = open(self.files, output.object, &self.failures).stream(0);
        let lines = BufReader::new(lines);
        self.explain(join.read_outputs(&output.object.key, job, lines, processor))
    }

    /// Tells what a bucket could not do from what a file is not.
    fn explain<T>(&self, result: Result<T, TableError>) -> Result<T, PostprocessError> {
        result.map_err(|error| self.failures.explain(error).into())
    }
}
