//! Writes log lines to standard output, from where Lambda takes them to `CloudWatch`.

use std::io::Write as _;
use std::sync::{OnceLock, PoisonError, RwLock};
use std::time::SystemTime;

use serde_json::Value;

use crate::telemetry::log::{LEVEL_VARIABLE, Level, LevelError, Line};

/// The process's logger: set up once, before the first event.
static LOGGER: OnceLock<Logger> = OnceLock::new();

#[derive(Debug)]
struct Logger {
    function: &'static str,
    lowest: Level,
    /// The invocation being handled. A function handles one at a time, but may do so on several threads.
    request_id: RwLock<Option<String>>,
}

/// Sets the lowest level from `LOG_LEVEL` (INFO when it is not set). What is logged before is dropped.
pub(super) fn start(function: &'static str) -> Result<(), LevelError> {
    let lowest = match std::env::var(LEVEL_VARIABLE) {
        Ok(text) => text.parse()?,
        Err(_) => Level::default(),
    };
    LOGGER.get_or_init(|| Logger {
        function,
        lowest,
        request_id: RwLock::default(),
    });
    Ok(())
}

pub(super) fn begin_request(request_id: &str) {
    if let Some(logger) = LOGGER.get() {
        let mut current = logger
            .request_id
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        *current = Some(request_id.to_owned());
    }
}

/// Writes a line of the given level; `fields` is a JSON object with what varies (`json!({ "key": key })`).
pub fn write(level: Level, message: &str, fields: Value) {
    let Some(logger) = LOGGER.get() else { return };
    if level < logger.lowest {
        return;
    }
    let request_id = logger
        .request_id
        .read()
        .unwrap_or_else(PoisonError::into_inner);
    let line = Line {
        at: SystemTime::now(),
        level,
        message,
        function: logger.function,
        request_id: request_id.as_deref(),
        fields: match fields {
            Value::Object(fields) => fields,
            Value::Null => serde_json::Map::new(),
            other => std::iter::once(("value".to_owned(), other)).collect(),
        },
    };
    write_line(&line.to_json());
}

/// For developing.
pub fn debug(message: &str, fields: Value) {
    write(Level::Debug, message, fields);
}

/// The normal course of things.
pub fn info(message: &str, fields: Value) {
    write(Level::Info, message, fields);
}

/// Odd, but dealt with.
pub fn warning(message: &str, fields: Value) {
    write(Level::Warning, message, fields);
}

/// Something was not done.
pub fn error(message: &str, fields: Value) {
    write(Level::Error, message, fields);
}

/// Whole lines in one write, so that threads do not mix theirs.
pub(super) fn write_line(line: &str) {
    let whole = format!("{line}\n");
    // There is nowhere to report that standard output is gone.
    drop(std::io::stdout().lock().write_all(whole.as_bytes()));
}
