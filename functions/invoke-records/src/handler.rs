//! The function as Lambda calls it: ports in, log lines out.

use std::sync::Arc;

use runs::{PortBucket, PortDestination, blocking};
use serde_json::json;
use shared::contracts::batch::{ChunkTask, InvokeRecords, JobEnd};
use shared::run::{Run, log};

use crate::error::InvokeError;
use crate::invoke::{Files, invoke_records};
use crate::ports::PortModel;

/// Sends the records of a chunk.
///
/// # Errors
/// When files cannot be read or written, or the model cannot be invoked at all; what was answered until then is kept.
pub async fn handle(ports: &InvokeRecords<Run>, task: ChunkTask) -> Result<JobEnd, InvokeError> {
    let files = Files {
        bucket: Arc::new(PortBucket::new(&ports.files, &ports.keys)),
        outputs: Arc::new(PortDestination::new(&ports.outputs)),
    };
    let (model, policy) = (PortModel::new(ports), ports.policy.clone());
    let (run, chunk, attempt) = (task.run.run.clone(), task.chunk, task.attempt);
    let sent = blocking(move || invoke_records(&files, &model, &policy, &task)).await?;
    log::info(
        "records sent one by one",
        json!({
            "run": run,
            "chunk": chunk,
            "attempt": attempt,
            "calls": sent.calls,
            "records": sent.manifest.total_record_count,
            "processed": sent.manifest.processed_record_count,
            "errors": sent.manifest.error_record_count,
        }),
    );
    Ok(sent.end)
}
