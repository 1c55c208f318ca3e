//! The function as Lambda calls it: ports in, log lines out.

use std::sync::Arc;

use runs::{Bucket, Destination, PortBucket, PortDestination, blocking};
use serde_json::json;
use shared::contracts::batch::{ChunkSummary, Postprocess, PostprocessRequest};
use shared::run::{Run, log};

use crate::error::PostprocessError;
use crate::process::{Postprocessed, postprocess};

/// Joins the rows of a chunk with what was answered.
///
/// # Errors
/// When the files of the chunk cannot be read or written, are damaged, or an output that was read before is gone.
pub async fn handle(
    ports: &Postprocess<Run>,
    request: PostprocessRequest,
) -> Result<ChunkSummary, PostprocessError> {
    let files: Arc<dyn Bucket> = Arc::new(PortBucket::new(&ports.files, &ports.keys));
    let results: Arc<dyn Destination> = Arc::new(PortDestination::new(&ports.results));
    let run = request.task.run.run.clone();
    let done = blocking(move || postprocess(&files, &results, &request)).await?;
    tell(&run, &done);
    Ok(done.summary)
}

fn tell(run: &str, done: &Postprocessed) {
    let Postprocessed {
        record, outputs, ..
    } = done;
    let place = json!({ "run": run, "chunk": record.chunk, "attempts": record.attempts.len() });
    log::info(
        "chunk joined",
        json!({ "place": place, "counts": record.counts }),
    );
    if outputs.unknown_ids + outputs.unreadable > 0 {
        log::warning(
            "lines of outputs left out",
            json!({
                "place": place,
                "unknown_ids": outputs.unknown_ids,
                "unreadable": outputs.unreadable,
            }),
        );
    }
}
