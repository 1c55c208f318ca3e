//! One chunk: its records out to the model, and their output as that of a batch job.

use std::sync::Arc;

use runs::{Bucket, Destination, read_json};
use shared::batch::layout::on_demand_id;
use shared::batch::model_id::ModelId;
use shared::batch::processor::processor_of;
use shared::batch::record::Manifest;
use shared::contracts::batch::{ChunkTask, Ending, InvocationPolicy, JobEnd, JobMode};

use crate::error::InvokeError;
use crate::input::{Lines, Records};
use crate::model::Model;
use crate::output::write_output;
use crate::parts::{Parts, answered, written};
use crate::send::send;

/// The files of a run, for a thread that waits.
#[derive(Clone)]
pub struct Files {
    /// Where they are read.
    pub bucket: Arc<dyn Bucket>,
    /// Where outputs are written: the same bucket.
    pub outputs: Arc<dyn Destination>,
}

/// What came of a chunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// What the execution is told.
    pub end: JobEnd,
    /// The totals, as they are in the manifest.
    pub manifest: Manifest,
    /// Records that this invocation sent; none when an earlier one had finished.
    pub calls: u64,
}

/// Sends the records of a chunk that are not answered yet, and writes the output of all of them.
///
/// # Errors
/// When files cannot be read or written, or the model cannot be invoked at all. What was answered until then is kept, and
/// another try goes on from it.
pub fn invoke_records(
    files: &Files,
    model: &impl Model,
    policy: &InvocationPolicy,
    task: &ChunkTask,
) -> Result<Sent, InvokeError> {
    if task.mode != JobMode::OnDemand {
        return Err(InvokeError::Mode(task.mode));
    }
    let processor = processor_of(&task.model_id.parse::<ModelId>()?)?;
    let prefix = task.run.job_prefix()?;
    let layout = task.run.layout(&prefix);
    let (chunk, attempt) = (task.chunk, task.attempt);
    let id = on_demand_id(attempt);
    let output = layout.output_of_attempt(chunk, attempt, &id);
    let manifest = layout.manifest(chunk, &id);
    let bucket = &files.bucket;
    if bucket.find(&output)?.is_some() {
        let totals = read_json(&**bucket, &manifest)?;
        let totals = totals.ok_or_else(|| InvokeError::NoFile(bucket.address(&manifest)))?;
        return Ok(sent(totals, 0));
    }

    let Some(input) = bucket.find(&task.input)? else {
        return Err(InvokeError::NoFile(bucket.address(&task.input)));
    };
    let earlier = written(&**bucket, &layout, chunk, attempt)?;
    let mut records = Records::new(Lines::of(bucket, &input), answered(bucket, &earlier)?);
    let mut parts = Parts::after(&earlier, files, &layout, chunk, attempt);
    let calls = send(model, &task.model_id, policy, &mut records, &mut parts)?;
    let parts = written(&**bucket, &layout, chunk, attempt)?;
    let totals = write_output(files, &parts, task.records, processor, &output, &manifest)?;
    Ok(sent(totals, calls))
}

fn sent(manifest: Manifest, calls: u64) -> Sent {
    let (total, processed) = (manifest.total_record_count, manifest.processed_record_count);
    let left = total.saturating_sub(processed);
    let message = (left > 0)
        .then(|| format!("time ran out with {left} of {total} records left that were not sent"));
    Sent {
        end: JobEnd {
            ending: Ending::OnDemand,
            job_arn: None,
            message,
        },
        manifest,
        calls,
    }
}
