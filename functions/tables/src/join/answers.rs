//! What the model answered, record by record, ready to be asked for by row.

use std::collections::HashMap;
use std::io::BufRead;
use std::ops::AddAssign;

use shared::batch::outcome::{Answer, Outcome, RecordStatus};
use shared::batch::processor::{Kind, Processor};
use shared::batch::record::{OutputLine, RejectedLine, parse_line};
use simdutf8::basic::from_utf8;

use super::spill::{Place, Spill};
use crate::error::TableError;
use crate::lines::{LINE_BYTES, damaged, each_line};

/// What was found in output files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
#[derive(Clone, Copy)]
struct Slot {
    status: RecordStatus,
    /// Response, vector or error message.
    payload: Option<Place>,
    error_code: Option<u16>,
    stop_reason: Option<Word>,
    input_tokens: Option<u64>,
    output_tokens: Option<u64>,
    job: Option<Word>,
}

/// A record's outcome, borrowed from [`Answers`].
pub(crate) struct Known<'a> {
    pub(crate) status: RecordStatus,
    pub(crate) payload: Option<Place>,
    pub(crate) error_code: Option<u16>,
    pub(crate) stop_reason: Option<&'a str>,
    pub(crate) input_tokens: Option<u64>,
    pub(crate) output_tokens: Option<u64>,
    pub(crate) job_arn: Option<&'a str>,
}

/// The answers to the records of one chunk.
pub(crate) struct Answers {
    pub(crate) kind: Kind,
    rows: HashMap<Box<str>, u32>,
    slots: Vec<Slot>,
    /// The outcome of every record that nothing else is known of.
    missing: Slot,
    words: Words,
    pub(crate) spill: Spill,
    pub(crate) counts: OutputCounts,
}

impl Answers {
    pub(crate) fn new(kind: Kind, memory_bytes: usize) -> Result<Self, TableError> {
        let mut spill = Spill::new(memory_bytes);
        let message = Outcome::missing().error.map(|error| error.message);
        let message = message.unwrap_or_default();
        let missing = Slot {
            status: RecordStatus::Missing,
            payload: Some(spill.append(message.as_bytes()).map_err(spill_error)?),
            error_code: None,
            stop_reason: None,
            input_tokens: None,
            output_tokens: None,
            job: None,
        };
        Ok(Self {
            kind,
            rows: HashMap::new(),
            slots: Vec::new(),
            missing,
            words: Words::default(),
            spill,
            counts: OutputCounts::default(),
        })
    }

    /// Adds the next row of the chunk; `false` when its id is taken.
    pub(crate) fn add_row(&mut self, id: &str) -> bool {
        let row = u32::try_from(self.slots.len()).unwrap_or(u32::MAX);
        self.slots.push(self.missing);
        self.rows.insert(id.into(), row).is_none()
    }

    /// Reads the output lines of a job.
    pub(crate) fn read(
        &mut self,
        file: &str,
        job_arn: &str,
        lines: impl BufRead,
        line_bytes: u64,
        processor: &dyn Processor,
    ) -> Result<(), TableError> {
        let job = self.words.number(job_arn);
        each_line(file, lines, line_bytes, |_, line| {
            if line.trim_ascii().is_empty() {
                return Ok(());
            }
            self.take(line, job, processor)
        })?;
        self.spill.flush().map_err(spill_error)
    }

    /// Of several lines for a record the first success counts: it is paid for, and may have been given on already. Anything
    /// else gives way to whatever comes later, so a redrive's answer replaces a failure.
    fn take(
        &mut self,
        line: &[u8],
        job: Word,
        processor: &dyn Processor,
    ) -> Result<(), TableError> {
        self.counts.lines += 1;
        let text = from_utf8(line).ok();
        let line = text.and_then(|text| serde_json::from_str::<OutputLine<'_>>(text).ok());
        let Some(line) = line else {
            self.counts.unreadable += 1;
            return Ok(());
        };
        let Some(&row) = self.rows.get(line.record_id.as_ref()) else {
            self.counts.unknown_ids += 1;
            return Ok(());
        };
        let row = row as usize;
        let before = self.slots[row].status;
        if !matches!(before, RecordStatus::Missing | RecordStatus::Rejected) {
            self.counts.duplicates += 1;
        }
        if before == RecordStatus::Succeeded {
            return Ok(());
        }
        self.slots[row] = self.slot(line.outcome(processor), Some(job))?;
        Ok(())
    }

    /// Reads the rows that were not sent.
    pub(crate) fn read_rejected(
        &mut self,
        file: &str,
        lines: impl BufRead,
    ) -> Result<(), TableError> {
        each_line(file, lines, LINE_BYTES, |number, line| {
            let rejected = parse_line::<RejectedLine<'_>>(number, line);
            let Some(rejected) = rejected.map_err(|error| damaged(file, &error))? else {
                return Ok(());
            };
            let Some(&row) = self.rows.get(rejected.record_id.as_ref()) else {
                let problem = format!("line {number} has an id that no row of the chunk has");
                return Err(damaged(file, &problem));
            };
            let row = row as usize;
            if self.slots[row].status == RecordStatus::Missing {
                self.slots[row] = self.slot(Outcome::rejected(rejected.message), None)?;
            }
            Ok(())
        })?;
        self.spill.flush().map_err(spill_error)
    }

    /// Says why records have no output.
    pub(crate) fn explain_missing(&mut self, message: &str) -> Result<(), TableError> {
        self.missing.payload = Some(self.keep(message.as_bytes())?);
        self.spill.flush().map_err(spill_error)
    }

    fn slot(&mut self, outcome: Outcome, job: Option<Word>) -> Result<Slot, TableError> {
        let outcome = match &outcome.answer {
            Some(answer) if !self.takes(answer) => Outcome {
                input_tokens: outcome.input_tokens,
                output_tokens: outcome.output_tokens,
                ..Outcome::no_answer("the model gave a vector for a text, or a text for a vector")
            },
            _ => outcome,
        };
        let payload = match (&outcome.answer, &outcome.error) {
            (Some(Answer::Text(text)), _) => Some(self.keep(text.as_bytes())?),
            (Some(Answer::Embedding(vector)), _) => {
                let bytes: Vec<u8> = vector
                    .iter()
                    .flat_map(|value| value.to_le_bytes())
                    .collect();
                Some(self.keep(&bytes)?)
            }
            (None, Some(error)) => Some(self.keep(error.message.as_bytes())?),
            (None, None) => None,
        };
        let stop_reason = outcome.stop_reason.as_deref();
        Ok(Slot {
            status: outcome.status,
            payload,
            error_code: outcome.error.and_then(|error| error.code),
            stop_reason: stop_reason.map(|reason| self.words.number(reason)),
            input_tokens: outcome.input_tokens,
            output_tokens: outcome.output_tokens,
            job,
        })
    }

    /// Whether an answer fits the column.
    fn takes(&self, answer: &Answer) -> bool {
        matches!(
            (self.kind, answer),
            (Kind::Text, Answer::Text(_)) | (Kind::Embedding, Answer::Embedding(_))
        )
    }

    fn keep(&mut self, bytes: &[u8]) -> Result<Place, TableError> {
        self.spill.append(bytes).map_err(spill_error)
    }

    pub(crate) fn known(&self, row: usize) -> Known<'_> {
        let slot = match self.slots[row] {
            slot if slot.status == RecordStatus::Missing => self.missing,
            slot => slot,
        };
        Known {
            status: slot.status,
            payload: slot.payload,
            error_code: slot.error_code,
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
