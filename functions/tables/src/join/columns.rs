//! The columns that results add to the rows.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float32Builder, Int64Builder, ListBuilder, StringBuilder};
use arrow::datatypes::{DataType, Field};
use parquet::schema::types::ColumnPath;
use shared::batch::outcome::RecordStatus;
use shared::batch::processor::Kind;
use simdutf8::basic::from_utf8;

use super::answers::{Answers, spill_error};
use crate::error::TableError;

/// The added column that says what became of a row.
pub(crate) const STATUS: &str = "status";

/// The added column with the service's code of an error.
pub(crate) const ERROR_CODE: &str = "error_code";

/// The added fields, in order.
pub(crate) fn fields(kind: Kind) -> Vec<Field> {
    let content = match kind {
        Kind::Text => DataType::Utf8,
        Kind::Embedding => DataType::List(Arc::new(Field::new("item", DataType::Float32, true))),
    };
    let text = |name: &str| Field::new(name, DataType::Utf8, true);
    let number = |name: &str| Field::new(name, DataType::Int64, true);
    vec![
        Field::new(kind.column(), content, true),
        Field::new(STATUS, DataType::Utf8, false),
        text(ERROR_CODE),
        text("error_message"),
        text("stop_reason"),
        number("input_tokens"),
        number("output_tokens"),
        text("job_arn"),
    ]
}

/// The added columns whose values hardly repeat.
pub(crate) fn unique_columns(kind: Kind) -> Vec<ColumnPath> {
    let path: &[&str] = match kind {
        Kind::Text => &["response"],
        Kind::Embedding => &["embedding", "list", "item"],
    };
    vec![ColumnPath::new(
        path.iter().map(|&part| part.to_owned()).collect(),
    )]
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

    fn append(&mut self, payload: Option<&[u8]>) -> Result<(), TableError> {
        match self {
            Self::Text(texts) => texts.append_option(payload.map(text).transpose()?),
            Self::Embedding(lists) => {
                let (numbers, _) = payload.unwrap_or_default().as_chunks();
                for &number in numbers {
                    lists.values().append_value(f32::from_le_bytes(number));
                }
                lists.append(payload.is_some());
            }
        }
        Ok(())
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
        let known = answers.known(row);
        let mut payload = None;
        if let Some(place) = known.payload {
            let read = answers.spill.read(place, &mut buffer);
            payload = Some(read.map_err(spill_error)?);
        }
        let succeeded = known.status == RecordStatus::Succeeded;
        content.append(payload.filter(|_| succeeded))?;
        let problem = payload.filter(|_| !succeeded);
        message.append_option(problem.map(text).transpose()?);
        status.append_value(known.status.as_str());
        error_code.append_option(known.error_code.map(|code| code.to_string()));
        stop_reason.append_option(known.stop_reason);
        input.append_option(known.input_tokens.map(as_signed));
        output.append_option(known.output_tokens.map(as_signed));
        job_arn.append_option(known.job_arn);
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

/// The bytes were text when they were kept; the temporary file may have changed since.
fn text(bytes: &[u8]) -> Result<&str, TableError> {
    from_utf8(bytes).map_err(|cause| spill_error(std::io::Error::other(cause)))
}

/// Parquet's readers know signed numbers best; no count of tokens comes near the difference.
fn as_signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
