//! The token under which a waiting step of a workflow is answered.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The token under which a waiting step is answered. As a field of an event it is a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct TaskToken(pub String);
