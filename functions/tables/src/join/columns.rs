//! The columns that results add to the rows.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float32Builder, Int64Builder, ListBuilder, StringBuilder};
use arrow::datatypes::{DataType, Field};

use super::answers::{Answers, Content, Status, spill_error};
use crate::error::TableError;

/// What a run's model gives: decides which column the results have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A column `response` of text.
    Text,
    /// A column `embedding` of lists of 32-bit numbers.
    Embedding,
}

impl Kind {
    /// Whether an answer fits the column; one without content fits both.
    pub(crate) fn takes(self, content: &Content) -> bool {
        !matches!(
            (self, content),
            (Self::Text, Content::Embedding(_)) | (Self::Embedding, Content::Text(_))
        )
    }

    /// The added fields, in order.
    pub(crate) fn fields(self) -> Vec<Field> {
        let content = match self {
            Self::Text => Field::new("response", DataType::Utf8, true),
            Self::Embedding => {
                let item = Arc::new(Field::new("item", DataType::Float32, true));
                Field::new("embedding", DataType::List(item), true)
            }
        };
        let text = |name: &str| Field::new(name, DataType::Utf8, true);
        let number = |name: &str| Field::new(name, DataType::Int64, true);
        vec![
            content,
            Field::new("status", DataType::Utf8, false),
            text("error_code"),
            text("error_message"),
            text("stop_reason"),
            number("input_tokens"),
            number("output_tokens"),
            text("job_arn"),
        ]
    }
}

enum ContentBuilder {
    Text(StringBuilder),
    Embedding(ListBuilder<Float32Builder>),
}

impl ContentBuilder {
    fn new(kind: Kind) -> Self {
        match kind {
            Kind::Text => Self::Text(StringBuilder::new()),
            Kind::Embedding => Self::Embedding(ListBuilder::new(Float32Builder::new())),
        }
    }

    fn append(&mut self, payload: Option<&[u8]>) {
        match self {
            // The bytes were text when they were kept.
            Self::Text(texts) => texts.append_option(payload.map(String::from_utf8_lossy)),
            Self::Embedding(lists) => {
                let (numbers, _) = payload.unwrap_or_default().as_chunks();
                for &number in numbers {
                    lists.values().append_value(f32::from_le_bytes(number));
                }
                lists.append(payload.is_some());
            }
        }
    }

    fn finish(self) -> ArrayRef {
        match self {
            Self::Text(mut texts) => Arc::new(texts.finish()),
            Self::Embedding(mut lists) => Arc::new(lists.finish()),
        }
    }
}

/// The added columns for a range of rows.
pub(crate) fn columns(answers: &Answers, rows: Range<usize>) -> Result<Vec<ArrayRef>, TableError> {
    let mut content = ContentBuilder::new(answers.kind);
    let (mut status, mut error_code) = (StringBuilder::new(), StringBuilder::new());
    let (mut message, mut stop_reason) = (StringBuilder::new(), StringBuilder::new());
    let (mut input, mut output) = (Int64Builder::new(), Int64Builder::new());
    let mut job_arn = StringBuilder::new();
    let mut buffer = Vec::new();
    for row in rows {
        let outcome = answers.outcome(row);
        let mut payload = None;
        if let Some(place) = outcome.payload {
            answers
                .spill
                .read(place, &mut buffer)
                .map_err(spill_error)?;
            payload = Some(buffer.as_slice());
        }
        let succeeded = outcome.status == Status::Succeeded;
        content.append(payload.filter(|_| succeeded));
        let failed = payload.filter(|_| !succeeded);
        message.append_option(failed.map(String::from_utf8_lossy));
        status.append_value(outcome.status.as_str());
        error_code.append_option(outcome.error_code);
        stop_reason.append_option(outcome.stop_reason);
        input.append_option(outcome.input_tokens);
        output.append_option(outcome.output_tokens);
        job_arn.append_option(outcome.job_arn);
    }
    Ok(vec![
        content.finish(),
        Arc::new(status.finish()),
        Arc::new(error_code.finish()),
        Arc::new(message.finish()),
        Arc::new(stop_reason.finish()),
        Arc::new(input.finish()),
        Arc::new(output.finish()),
        Arc::new(job_arn.finish()),
    ])
}
