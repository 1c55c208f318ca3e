//! The files of a job: lines of input, lines of output, and the manifest.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::json::write_text;
use super::outcome::{Outcome, RecordError};
use super::processor::{BodyError, Input, Options, Processor};

/// Appends the line of a record, without the line feed: lines are joined by one, and a file ends without.
///
/// # Errors
/// When the model takes no such input; nothing was appended then.
pub fn write_line(
    record_id: &str,
    processor: &dyn Processor,
    input: &Input<'_>,
    options: &Options,
    out: &mut Vec<u8>,
) -> Result<(), BodyError> {
    write_line_with(record_id, out, |out| {
        processor.write_body(input, options, out)
    })
}

/// Appends the line of a record whose `modelInput` is what `body` appends.
///
/// # Errors
/// Those of `body`; nothing was appended then.
pub fn write_line_with<E>(
    record_id: &str,
    out: &mut Vec<u8>,
    body: impl FnOnce(&mut Vec<u8>) -> Result<(), E>,
) -> Result<(), E> {
    let start = out.len();
    out.extend_from_slice(br#"{"recordId":"#);
    write_text(record_id, out);
    out.extend_from_slice(br#","modelInput":"#);
    let written = body(out);
    match written {
        Ok(()) => out.push(b'}'),
        Err(_) => out.truncate(start),
    }
    written
}

/// A row that was not sent: a line of a chunk's file of rejected rows, which has no line of the input file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RejectedLine<'a> {
    /// The id of the row.
    #[serde(borrow)]
    pub record_id: Cow<'a, str>,
    /// Why no body can be made of it.
    #[serde(borrow)]
    pub message: Cow<'a, str>,
}

/// A line of an input file.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InputLine<'a> {
    /// Ties the output to the row. The service makes one up where it is missing, so ours never lack it.
    #[serde(borrow)]
    pub record_id: Cow<'a, str>,
    /// The body in the model's format.
    #[serde(borrow)]
    pub model_input: &'a RawValue,
}

/// A line of an output file: one record, with `modelOutput` or `error`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OutputLine<'a> {
    /// The id that the input line had. Lines are matched by it, never by their position.
    #[serde(borrow)]
    pub record_id: Cow<'a, str>,
    /// The body of the answer, in the model's format; JSON not yet read.
    #[serde(borrow)]
    pub model_output: Option<&'a RawValue>,
    error: Option<LineFailure>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct LineFailure {
    error_code: Option<Code>,
    error_message: Option<String>,
}

/// A number in AWS's documentation, a text in the outputs of others.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Code {
    Number(u16),
    Text(String),
    /// Whatever else: the record has failed all the same.
    Other(serde_json::Value),
}

impl OutputLine<'_> {
    /// What became of the record: an outcome whatever the line holds.
    #[must_use]
    pub fn outcome(self, processor: &dyn Processor) -> Outcome {
        if let Some(failure) = self.error {
            return Outcome::failed(failure.into());
        }
        let Some(output) = self.model_output else {
            return Outcome::no_answer("the line has neither `modelOutput` nor `error`");
        };
        processor.read_output(output.get()).unwrap_or_else(|error| {
            let family = processor.family();
            Outcome::no_answer(format!("the output is not one of {family}: {error}"))
        })
    }
}

impl From<LineFailure> for RecordError {
    fn from(failure: LineFailure) -> Self {
        let message = failure
            .error_message
            .unwrap_or_else(|| "the service gave no message".to_owned());
        match failure.error_code {
            None => Self {
                code: None,
                message,
            },
            Some(Code::Number(code)) => Self {
                code: Some(code),
                message,
            },
            Some(Code::Other(code)) => Self {
                code: None,
                message: format!("{code}: {message}"),
            },
            Some(Code::Text(text)) => match text.parse() {
                Ok(code) => Self {
                    code: Some(code),
                    message,
                },
                Err(_) => Self {
                    code: None,
                    message: format!("{text}: {message}"),
                },
            },
        }
    }
}

/// Reads one line of a file.
///
/// Nothing comes of a blank line. A carriage return before the line feed is white space to JSON; one within a text is
/// escaped, and kept.
///
/// # Errors
/// When the line is not what it should be; the message says which line it is, counted from 1.
pub fn parse_line<'a, T: Deserialize<'a>>(
    number: u64,
    line: &'a [u8],
) -> Result<Option<T>, LineError> {
    if line.trim_ascii().is_empty() {
        return Ok(None);
    }
    match serde_json::from_slice(line) {
        Ok(record) => Ok(Some(record)),
        Err(source) => Err(LineError { number, source }),
    }
}

/// Reads the lines of a file that is in memory; blank ones are counted and skipped.
pub fn parse_lines<'a, T: Deserialize<'a>>(
    bytes: &'a [u8],
) -> impl Iterator<Item = Result<T, LineError>> {
    (1..)
        .zip(bytes.split(|byte| *byte == b'\n'))
        .filter_map(|(number, line)| parse_line(number, line).transpose())
}

/// A line that could not be read.
#[derive(Debug, thiserror::Error)]
#[error(
    "line {number} is not a record of a batch job: {source}; the file was cut short or changed, so read the job's output again"
)]
pub struct LineError {
    /// Counted from 1, blank lines included.
    pub number: u64,
    /// What the parser said.
    pub source: serde_json::Error,
}

/// The totals of a job, in `manifest.json.out`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// Records in the input.
    pub total_record_count: u64,
    /// Records with an output.
    pub processed_record_count: u64,
    /// Records with an answer.
    pub success_record_count: u64,
    /// Records with an error. A job may be `Completed` and have some.
    pub error_record_count: u64,
    /// Tokens billed as input; not written for some models.
    #[serde(default)]
    pub input_token_count: u64,
    /// Tokens billed as output; not written for some models.
    #[serde(default)]
    pub output_token_count: u64,
}

/// The name of the manifest's object, below the folder of the job.
pub const MANIFEST: &str = "manifest.json.out";

/// What the name of an output file has behind that of its input file.
pub const OUTPUT_SUFFIX: &str = ".out";
