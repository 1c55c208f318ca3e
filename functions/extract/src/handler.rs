//! The function as Lambda calls it: ports in, log lines and metrics out.

use std::sync::LazyLock;

use shared::contracts::Extract;
use shared::events::sqs::{BatchResponse, Event};
use shared::records::Subject;
use shared::run::{Run, log, metrics};

use crate::batch::{Happened, process_batch};
use crate::report;
use crate::table::{Table, TableError};

/// Handles a batch of messages.
///
/// # Errors
/// Only when the record's columns make no table, which is a bug; the batch is then delivered again.
pub async fn handle(
    ports: &Extract<Run>,
    event: Event,
) -> Result<BatchResponse, &'static TableError> {
    static TABLE: LazyLock<Result<Table, TableError>> = LazyLock::new(Table::of::<Subject>);
    let table = TABLE.as_ref()?;
    Ok(process_batch::<Subject>(ports, table, &event, |happened| tell(&happened)).await)
}

fn tell(happened: &Happened<Subject>) {
    for entry in report::entries(happened) {
        log::write(entry.level, entry.message, entry.fields);
    }
    if let Some(measurement) = report::measurement(happened) {
        metrics::emit(&measurement);
    }
}
