//! What comes of a record: its line in the output, as a batch job would have written it.

use serde::Serialize;
use serde_json::value::RawValue;
use shared::run::{Error, ErrorKind};

use crate::error::InvokeError;
use crate::input::Record;
use crate::model::Model;

/// Parts of the messages with which Bedrock says, by the code of an invalid request, that it is the model which cannot be
/// invoked: its id is unknown, or it can be invoked by an inference profile only.
const ABOUT_THE_MODEL: [&str; 2] = ["model identifier", "on-demand throughput"];

/// The code of an output that is not one, a model's error.
const MODEL_ERROR: u16 = 424;

/// A line of the output: with `modelOutput`, or with `error` instead.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line<'a> {
    record_id: &'a str,
    model_input: &'a RawValue,
    #[serde(skip_serializing_if = "Option::is_none")]
    model_output: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<LineError<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LineError<'a> {
    error_code: u16,
    error_message: &'a str,
}

/// Sends a record; gives its line, without the line feed.
///
/// # Errors
/// When the model cannot be invoked, whatever the record.
pub(crate) async fn ask(
    model: &impl Model,
    model_id: &str,
    record: Record,
) -> Result<Vec<u8>, InvokeError> {
    let body = record.input.get().as_bytes().to_vec();
    match model.invoke(model_id, body).await {
        Ok(body) => match one_line(&body) {
            Ok(output) => record.answered(&output),
            Err(error) => {
                let message = format!("the answer of the model is not JSON: {error}");
                record.refused(MODEL_ERROR, &message)
            }
        },
        Err(error) if error.kind == ErrorKind::Missing || is_about_the_model(&error) => {
            Err(InvokeError::NoModel {
                model: model_id.to_owned(),
                message: error.message,
            })
        }
        Err(error) if matches!(error.kind, ErrorKind::Denied | ErrorKind::OutsidePort) => {
            Err(InvokeError::Denied {
                model: model_id.to_owned(),
                message: error.message,
            })
        }
        Err(error) => record.refused(code(&error), &error.message),
    }
}

impl Record {
    fn answered(&self, output: &RawValue) -> Result<Vec<u8>, InvokeError> {
        self.line(Some(output), None)
    }

    fn refused(&self, error_code: u16, error_message: &str) -> Result<Vec<u8>, InvokeError> {
        let error = LineError {
            error_code,
            error_message,
        };
        self.line(None, Some(error))
    }

    fn line(
        &self,
        model_output: Option<&RawValue>,
        error: Option<LineError<'_>>,
    ) -> Result<Vec<u8>, InvokeError> {
        let line = Line {
            record_id: &self.id,
            model_input: &self.input,
            model_output,
            error,
        };
        serde_json::to_vec(&line).map_err(InvokeError::Json)
    }
}

/// A body as part of a line. Line breaks in JSON are white space: within texts they are escaped.
fn one_line(body: &[u8]) -> serde_json::Result<Box<RawValue>> {
    let output: Box<RawValue> = serde_json::from_slice(body)?;
    if !output.get().contains(['\n', '\r']) {
        return Ok(output);
    }
    RawValue::from_string(output.get().replace(['\n', '\r'], " "))
}

fn is_about_the_model(error: &Error) -> bool {
    let mut parts = ABOUT_THE_MODEL.into_iter();
    error.kind == ErrorKind::Invalid && parts.any(|part| error.message.contains(part))
}

/// The HTTP status of an error, which is what a batch job writes.
fn code(error: &Error) -> u16 {
    match (error.kind, error.code.as_str()) {
        (ErrorKind::Throttled, _) => 429,
        (ErrorKind::Unavailable, "ModelTimeoutException" | "RequestTimeout") => 408,
        (ErrorKind::Unavailable, "ModelErrorException") => MODEL_ERROR,
        (ErrorKind::Unavailable, "InternalServerException") => 500,
        (ErrorKind::Unavailable, _) => 503,
        (ErrorKind::TooLarge, _) => 413,
        _ => 400,
    }
}
