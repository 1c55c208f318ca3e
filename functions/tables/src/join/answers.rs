//! What the model answered, record by record, ready to be asked for by row.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::io::{BufRead, Read as _};
use std::ops::AddAssign;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::columns::Kind;
use super::spill::{Place, Spill};
use crate::error::TableError;

/// What a model's output says, in the terms of the results.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// Text or vector.
    pub content: Content,
    /// Why the model stopped, in its own word.
    pub stop_reason: Option<String>,
    /// Tokens read.
    pub input_tokens: Option<i64>,
    /// Tokens written.
    pub output_tokens: Option<i64>,
}

/// The content of an answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Content {
    /// The model answered without content.
    #[default]
    Nothing,
    /// A text.
    Text(String),
    /// A vector.
    Embedding(Vec<f32>),
}

/// What happened to a record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// No output line has the record's id.
    #[default]
    Missing,
    /// The model, or reading its output, failed.
    Failed,
    /// There is an answer.
    Succeeded,
}

impl Status {
    /// The word in the results.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Failed => "failed",
            Self::Succeeded => "succeeded",
        }
    }
}

/// What was found in output files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutputCounts {
    /// Lines that are not blank.
    pub lines: u64,
    /// Lines for a record that had one already.
    pub duplicates: u64,
    /// Lines whose id no row of the chunk has.
    pub unknown_ids: u64,
    /// Lines that are not a record of Bedrock: cut off, as a rule, when a job was stopped. Their rows stay missing.
    pub unreadable: u64,
}

impl AddAssign for OutputCounts {
    fn add_assign(&mut self, other: Self) {
        self.lines += other.lines;
        self.duplicates += other.duplicates;
        self.unknown_ids += other.unknown_ids;
        self.unreadable += other.unreadable;
    }
}

/// An output line, as far as it is needed.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Line<'a> {
    #[serde(borrow)]
    record_id: Cow<'a, str>,
    #[serde(borrow)]
    model_output: Option<&'a RawValue>,
    #[serde(borrow)]
    error: Option<Failure<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Failure<'a> {
    error_code: Option<serde_json::Value>,
    #[serde(borrow)]
    error_message: Option<Cow<'a, str>>,
}

/// Number of a word in [`Words`].
type Word = u32;

/// Words that repeat: stop reasons, error codes, jobs.
#[derive(Default)]
struct Words {
    list: Vec<String>,
    numbers: HashMap<String, Word>,
}

impl Words {
    fn number(&mut self, word: &str) -> Word {
        if let Some(&number) = self.numbers.get(word) {
            return number;
        }
        let number = Word::try_from(self.list.len()).unwrap_or(Word::MAX);
        self.list.push(word.to_owned());
        self.numbers.insert(word.to_owned(), number);
        number
    }

    fn get(&self, number: Option<Word>) -> Option<&str> {
        number
            .and_then(|number| self.list.get(number as usize))
            .map(String::as_str)
    }
}

/// What is known of a record; its long part is in the spill.
#[derive(Clone, Copy, Default)]
struct Slot {
    status: Status,
    /// Response, vector or error message.
    payload: Option<Place>,
    error_code: Option<Word>,
    stop_reason: Option<Word>,
    input_tokens: Option<i64>,
    output_tokens: Option<i64>,
    job: Option<Word>,
}

/// A record's outcome, borrowed from [`Answers`].
pub(crate) struct Outcome<'a> {
    pub(crate) status: Status,
    pub(crate) payload: Option<Place>,
    pub(crate) error_code: Option<&'a str>,
    pub(crate) stop_reason: Option<&'a str>,
    pub(crate) input_tokens: Option<i64>,
    pub(crate) output_tokens: Option<i64>,
    pub(crate) job_arn: Option<&'a str>,
}

/// The answers to the records of one chunk.
pub(crate) struct Answers {
    pub(crate) kind: Kind,
    rows: HashMap<Box<str>, u32>,
    slots: Vec<Slot>,
    words: Words,
    pub(crate) spill: Spill,
    pub(crate) counts: OutputCounts,
}

impl Answers {
    pub(crate) fn new(kind: Kind, memory_bytes: usize) -> Self {
        Self {
            kind,
            rows: HashMap::new(),
            slots: Vec::new(),
            words: Words::default(),
            spill: Spill::new(memory_bytes),
            counts: OutputCounts::default(),
        }
    }

    /// Adds the next row of the chunk; `false` when its id is taken.
    pub(crate) fn add_row(&mut self, id: &str) -> bool {
        let row = u32::try_from(self.slots.len()).unwrap_or(u32::MAX);
        self.slots.push(Slot::default());
        self.rows.insert(id.into(), row).is_none()
    }

    /// Reads the output lines of a job.
    pub(crate) fn read<E: fmt::Display>(
        &mut self,
        file: &str,
        job_arn: &str,
        mut lines: impl BufRead,
        line_bytes: u64,
        parse: impl Fn(&RawValue) -> Result<Answer, E>,
    ) -> Result<(), TableError> {
        let job = self.words.number(job_arn);
        let mut line = Vec::new();
        for number in 1.. {
            line.clear();
            let read = (&mut lines)
                .take(line_bytes + 1)
                .read_until(b'\n', &mut line);
            let length = read.map_err(|cause| TableError::Read {
                file: file.to_owned(),
                cause,
            })?;
            if length == 0 {
                break;
            }
            if length as u64 > line_bytes {
                return Err(TableError::LineTooLong {
                    file: file.to_owned(),
                    line: number,
                    limit: line_bytes,
                });
            }
            let text = line.trim_ascii();
            if !text.is_empty() {
                self.take(text, job, &parse)?;
            }
        }
        self.spill.flush().map_err(spill_error)
    }

    /// Of several lines for a record the first success counts: it is paid for, and may have been given on already. A
    /// failure gives way to whatever comes later, so a redrive's answer replaces it.
    fn take<E: fmt::Display>(
        &mut self,
        text: &[u8],
        job: Word,
        parse: impl Fn(&RawValue) -> Result<Answer, E>,
    ) -> Result<(), TableError> {
        self.counts.lines += 1;
        let Ok(line) = serde_json::from_slice::<Line<'_>>(text) else {
            self.counts.unreadable += 1;
            return Ok(());
        };
        let Some(&row) = self.rows.get(line.record_id.as_ref()) else {
            self.counts.unknown_ids += 1;
            return Ok(());
        };
        let row = row as usize;
        let before = self.slots[row].status;
        if before != Status::Missing {
            self.counts.duplicates += 1;
        }
        if before == Status::Succeeded {
            return Ok(());
        }
        let slot = match (line.model_output, line.error) {
            (_, Some(failure)) => self.failure(job, &failure)?,
            (Some(output), None) => match parse(output) {
                Ok(answer) if self.kind.takes(&answer.content) => self.success(job, &answer)?,
                Ok(_) => self.failed(job, "unreadable_output", "text and vectors are mixed up")?,
                Err(error) => self.failed(job, "unreadable_output", &error.to_string())?,
            },
            (None, None) => self.failed(
                job,
                "no_output",
                "the line has neither modelOutput nor error",
            )?,
        };
        self.slots[row] = slot;
        Ok(())
    }

    fn success(&mut self, job: Word, answer: &Answer) -> Result<Slot, TableError> {
        let payload = match &answer.content {
            Content::Nothing => None,
            Content::Text(text) => Some(self.keep(text.as_bytes())?),
            Content::Embedding(vector) => {
                let bytes: Vec<u8> = vector
                    .iter()
                    .flat_map(|value| value.to_le_bytes())
                    .collect();
                Some(self.keep(&bytes)?)
            }
        };
        let stop_reason = answer.stop_reason.as_deref();
        Ok(Slot {
            status: Status::Succeeded,
            payload,
            error_code: None,
            stop_reason: stop_reason.map(|reason| self.words.number(reason)),
            input_tokens: answer.input_tokens,
            output_tokens: answer.output_tokens,
            job: Some(job),
        })
    }

    fn failure(&mut self, job: Word, failure: &Failure<'_>) -> Result<Slot, TableError> {
        let code = match &failure.error_code {
            None => "unknown".to_owned(),
            Some(serde_json::Value::String(code)) => code.clone(),
            Some(code) => code.to_string(),
        };
        let message = failure.error_message.as_deref().unwrap_or_default();
        self.failed(job, &code, message)
    }

    fn failed(&mut self, job: Word, code: &str, message: &str) -> Result<Slot, TableError> {
        Ok(Slot {
            status: Status::Failed,
            payload: Some(self.keep(message.as_bytes())?),
            error_code: Some(self.words.number(code)),
            job: Some(job),
            ..Slot::default()
        })
    }

    fn keep(&mut self, bytes: &[u8]) -> Result<Place, TableError> {
        self.spill.append(bytes).map_err(spill_error)
    }

    pub(crate) fn outcome(&self, row: usize) -> Outcome<'_> {
        let slot = self.slots[row];
        Outcome {
            status: slot.status,
            payload: slot.payload,
            error_code: self.words.get(slot.error_code),
            stop_reason: self.words.get(slot.stop_reason),
            input_tokens: slot.input_tokens,
            output_tokens: slot.output_tokens,
            job_arn: self.words.get(slot.job),
        }
    }
}

pub(crate) fn spill_error(cause: std::io::Error) -> TableError {
    TableError::Spill { cause }
}
