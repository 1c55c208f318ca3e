//! SQS messages, as an event source mapping delivers them, and the partial-batch answer.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Fields;

/// A batch of messages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Fields)]
pub struct Event {
    /// The messages.
    #[serde(rename = "Records", default)]
    pub records: Vec<Message>,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Fields)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// Identifies the message in the batch answer.
    pub message_id: String,
    /// The text sent.
    pub body: String,
    /// System attributes, `ApproximateReceiveCount` among them.
    #[serde(default)]
    pub attributes: BTreeMap<String, String>,
}

/// The answer of a function whose mapping has `ReportBatchItemFailures`: only these messages are delivered again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Fields)]
#[serde(rename_all = "camelCase")]
pub struct BatchResponse {
    /// The messages that failed; none means that the whole batch succeeded.
    pub batch_item_failures: Vec<BatchItemFailure>,
}

/// One failed message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Fields)]
#[serde(rename_all = "camelCase")]
pub struct BatchItemFailure {
    /// Its message id.
    pub item_identifier: String,
}
