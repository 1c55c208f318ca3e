//! Templates of anybody, as texts.

use asl::source::{self, Document};
use serde_json::Value;

use crate::CommandError;

/// The template in a text; `path` says where that is from.
pub(crate) fn read(path: &str, text: &str) -> Result<Value, CommandError> {
    Ok(read_document(path, text)?.value)
}

/// The same with its lines.
pub(crate) fn read_document(path: &str, text: &str) -> Result<Document, CommandError> {
    let document = source::read(text).map_err(|error| unreadable(path, error.to_string()))?;
    if document
        .value
        .get("Resources")
        .is_some_and(Value::is_object)
    {
        return Ok(document);
    }
    let problem = "it has no `Resources`, so it is no CloudFormation template";
    Err(unreadable(path, problem.to_owned()))
}

pub(crate) fn unreadable(path: &str, problem: String) -> CommandError {
    CommandError::UnreadableTemplate {
        path: path.to_owned(),
        problem,
    }
}
