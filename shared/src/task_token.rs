//! The token under which a waiting step of a workflow is answered.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The token under which a waiting step is answered. As a field of an event it is a text.
///
/// Who has it can answer the step, so what is printed for developers does not show it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct TaskToken(pub String);

impl fmt::Debug for TaskToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TaskToken(..)")
    }
}
