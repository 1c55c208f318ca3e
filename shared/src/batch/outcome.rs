//! What became of a record: one form for all models, one row of the result.

use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

/// What became of a record.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// In one word.
    pub status: RecordStatus,
    /// What the model answered.
    pub answer: Option<Answer>,
    /// Why the model stopped, in its own word: `end_turn`, `max_tokens`, ...
    pub stop_reason: Option<String>,
    /// Tokens billed as input, where the model says so.
    pub input_tokens: Option<u64>,
    /// Tokens billed as output, where the model says so.
    pub output_tokens: Option<u64>,
    /// What went wrong.
    pub error: Option<RecordError>,
}

/// What a model answered.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// The column `response`.
    Text(String),
    /// The column `embedding`.
    Embedding(Vec<f32>),
}

/// What became of a record, in one word: the column `status`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordStatus {
    /// The model answered.
    Succeeded,
    /// The service reports an error instead of an answer.
    Failed,
    /// The model's output holds no answer: it refused, spent all tokens on thinking, or wrote something unknown.
    NoAnswer,
    /// No body can be made of the row, so it was not sent.
    Rejected,
    /// No output was found: the job ended before it came to this record.
    Missing,
}

impl RecordStatus {
    /// The word in the column.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::NoAnswer => "no_answer",
            Self::Rejected => "rejected",
            Self::Missing => "missing",
        }
    }

    /// The status that a word of the column is.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        use RecordStatus::{Failed, Missing, NoAnswer, Rejected, Succeeded};
        [Succeeded, Failed, NoAnswer, Rejected, Missing]
            .into_iter()
            .find(|status| status.as_str() == word)
    }

    /// Whether a redrive should send a record with this status and error code again. What has an answer is never paid for
    /// twice, and what is wrong stays wrong.
    #[must_use]
    pub fn is_worth_another_try(self, code: Option<u16>) -> bool {
        match self {
            Self::Missing => true,
            Self::Failed => is_transient(code),
            Self::Succeeded | Self::NoAnswer | Self::Rejected => false,
        }
    }
}

/// Whether the service was busy, slow or broken, not the record wrong.
fn is_transient(code: Option<u16>) -> bool {
    matches!(code, Some(408 | 424 | 429 | 500..=599))
}

/// What went wrong with a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordError {
    /// The service's code, an HTTP status; nothing where the service did not name one.
    pub code: Option<u16>,
    /// For a person.
    pub message: String,
}

impl RecordError {
    /// Whether the same record may succeed another time: the service was busy, slow or broken, not the record wrong.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        is_transient(self.code)
    }
}

impl Outcome {
    /// A record that the model answered; token counts and stop reason are to be filled in.
    #[must_use]
    pub fn answered(answer: Answer) -> Self {
        Self {
            answer: Some(answer),
            ..Self::bare(RecordStatus::Succeeded)
        }
    }

    /// An output without an answer.
    #[must_use]
    pub fn no_answer(message: impl Into<String>) -> Self {
        Self::error(RecordStatus::NoAnswer, None, message.into())
    }

    /// A record that the service refused or could not process.
    #[must_use]
    pub fn failed(error: RecordError) -> Self {
        Self::error(RecordStatus::Failed, error.code, error.message)
    }

    /// A row that was not sent.
    #[must_use]
    pub fn rejected(message: impl Into<String>) -> Self {
        Self::error(RecordStatus::Rejected, None, message.into())
    }

    /// A record without output.
    #[must_use]
    pub fn missing() -> Self {
        let message = "the job wrote no output for this record: redrive the run".to_owned();
        Self::error(RecordStatus::Missing, None, message)
    }

    /// Whether a redrive should send the record again.
    #[must_use]
    pub fn is_worth_another_try(&self) -> bool {
        let code = self.error.as_ref().and_then(|error| error.code);
        self.status.is_worth_another_try(code)
    }

    fn bare(status: RecordStatus) -> Self {
        Self {
            status,
            answer: None,
            stop_reason: None,
            input_tokens: None,
            output_tokens: None,
            error: None,
        }
    }

    fn error(status: RecordStatus, code: Option<u16>, message: String) -> Self {
        Self {
            error: Some(RecordError { code, message }),
            ..Self::bare(status)
        }
    }
}

/// What became of many records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordCounts {
    /// Rows in, and rows out.
    pub records: u64,
    /// Those that the model answered.
    pub succeeded: u64,
    /// Those with an error instead of an answer.
    pub failed: u64,
    /// Those whose output holds no answer.
    pub no_answer: u64,
    /// Those that were not sent.
    pub rejected: u64,
    /// Those without output.
    pub missing: u64,
    /// Those that a redrive sends again, see [`Outcome::is_worth_another_try`].
    pub redrivable: u64,
    /// Tokens billed as input, of those that say so.
    pub input_tokens: u64,
    /// Tokens billed as output, of those that say so.
    pub output_tokens: u64,
}

impl RecordCounts {
    /// Counts a record.
    pub fn add(&mut self, outcome: &Outcome) {
        let code = outcome.error.as_ref().and_then(|error| error.code);
        self.count(outcome.status, code);
        self.input_tokens += outcome.input_tokens.unwrap_or_default();
        self.output_tokens += outcome.output_tokens.unwrap_or_default();
    }

    /// Counts a record of which no more is known than its status and error code.
    pub fn count(&mut self, status: RecordStatus, code: Option<u16>) {
        self.records += 1;
        *match status {
            RecordStatus::Succeeded => &mut self.succeeded,
            RecordStatus::Failed => &mut self.failed,
            RecordStatus::NoAnswer => &mut self.no_answer,
            RecordStatus::Rejected => &mut self.rejected,
            RecordStatus::Missing => &mut self.missing,
        } += 1;
        self.redrivable += u64::from(status.is_worth_another_try(code));
    }
}

impl AddAssign for RecordCounts {
    fn add_assign(&mut self, other: Self) {
        self.records += other.records;
        self.succeeded += other.succeeded;
        self.failed += other.failed;
        self.no_answer += other.no_answer;
        self.rejected += other.rejected;
        self.missing += other.missing;
        self.redrivable += other.redrivable;
        self.input_tokens += other.input_tokens;
        self.output_tokens += other.output_tokens;
    }
}
