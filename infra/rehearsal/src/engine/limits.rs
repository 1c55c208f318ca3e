//! Quotas of the service that definitions run into.
//!
//! Source: "Step Functions service quotas" of its developer guide.

use std::io;
use std::time::Duration;

use serde_json::{Map, Value};

use crate::failure::{Failure, name};

/// Bytes of an input or output of a state, task or execution.
pub(super) const PAYLOAD: usize = 262_144;
/// Events in the history of an execution.
pub(super) const EVENTS: usize = 25_000;
/// How long an execution may take.
pub(super) const EXECUTION: Duration = Duration::from_hours(365 * 24);
/// How long an express execution may take.
pub(super) const EXPRESS: Duration = Duration::from_mins(5);
/// Iterations of an inline map at a time.
pub(super) const INLINE_CONCURRENCY: usize = 40;
/// Child executions of a distributed map at a time.
pub(super) const DISTRIBUTED_CONCURRENCY: usize = 10_000;
/// Seconds of a wait or timeout.
pub(super) const SECONDS: u64 = 99_999_999;

/// Bytes of a value as JSON.
pub(super) fn size(value: &Value) -> usize {
    struct Count(usize);

    impl io::Write for Count {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    let mut count = Count(0);
    // Neither the values nor this writer can fail.
    match serde_json::to_writer(&mut count, value) {
        Ok(()) => count.0,
        Err(_) => usize::MAX,
    }
}

/// Fails for a payload that is too large.
pub(super) fn payload(value: &Value, state: &str, what: &str) -> Result<(), Failure> {
    if size(value) <= PAYLOAD {
        return Ok(());
    }
    Err(too_large(state, what))
}

/// Fails for variables that are too large, together.
pub(super) fn assignment(variables: &Map<String, Value>, state: &str) -> Result<(), Failure> {
    if variables.values().map(size).sum::<usize>() <= PAYLOAD {
        return Ok(());
    }
    Err(too_large(state, "variables"))
}

fn too_large(state: &str, what: &str) -> Failure {
    let cause = format!(
        "The state '{state}' has {what} with a size exceeding the maximum of {PAYLOAD} bytes."
    );
    Failure::new(name::DATA_LIMIT, cause)
}
