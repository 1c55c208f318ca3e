//! Structured log lines: one JSON object per line.

use std::str::FromStr;
use std::time::SystemTime;

use serde::Serialize;
use serde_json::{Map, Value};
use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

/// ISO 8601 with milliseconds, the form that `CloudWatch` recognises.
const TIMESTAMP: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");

/// How much a line matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Level {
    /// For developing.
    Debug,
    /// The normal course of things.
    #[default]
    Info,
    /// Odd, but dealt with.
    Warning,
    /// Something was not done.
    Error,
    /// Nothing can be done.
    Critical,
}

/// The variable that holds the lowest level written.
pub const LEVEL_VARIABLE: &str = "LOG_LEVEL";

/// A text that is no level.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a log level: use DEBUG, INFO, WARNING, ERROR or CRITICAL")]
pub struct LevelError(String);

impl FromStr for Level {
    type Err = LevelError;

    fn from_str(text: &str) -> Result<Self, LevelError> {
        match text {
            "DEBUG" => Ok(Self::Debug),
            "INFO" => Ok(Self::Info),
            "WARNING" => Ok(Self::Warning),
            "ERROR" => Ok(Self::Error),
            "CRITICAL" => Ok(Self::Critical),
            _ => Err(LevelError(text.to_owned())),
        }
    }
}

/// One log line.
#[derive(Clone, Debug, PartialEq)]
pub struct Line<'a> {
    /// When it was written.
    pub at: SystemTime,
    /// How much it matters.
    pub level: Level,
    /// What happened: the same words every time, so that lines can be counted. What varies goes into the fields.
    pub message: &'a str,
    /// The function.
    pub function: &'a str,
    /// The invocation, once there is one.
    pub request_id: Option<&'a str>,
    /// Details. Object keys and ids are fine; content, credentials and answers of models are not.
    pub fields: Map<String, Value>,
}

impl Line<'_> {
    /// The line, without the line break.
    #[must_use]
    pub fn to_json(&self) -> String {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Shape<'a> {
            timestamp: String,
            level: Level,
            message: &'a str,
            function: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            request_id: Option<&'a str>,
            #[serde(skip_serializing_if = "Map::is_empty")]
            fields: &'a Map<String, Value>,
        }
        let shape = Shape {
            timestamp: timestamp(self.at),
            level: self.level,
            message: self.message,
            function: self.function,
            request_id: self.request_id,
            fields: &self.fields,
        };
        // Maps of JSON values with text keys always serialize.
        serde_json::to_string(&shape).unwrap_or_default()
    }
}

/// ISO 8601 in UTC with milliseconds.
#[must_use]
pub fn timestamp(at: SystemTime) -> String {
    // Formatting into a string fails only on components that a date with time and offset lacks.
    OffsetDateTime::from(at)
        .format(TIMESTAMP)
        .unwrap_or_default()
}
