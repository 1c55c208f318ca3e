//! The message in the failure queue.

use serde::{Deserialize, Serialize};

/// An input that no retry can help: sent to the failure queue at once, with the reason and all that a redrive needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The function that gave up.
    pub function: String,
    /// A stable word for the kind of failure, for filters and alarms: `undecodable_image`, `encrypted_archive`, ...
    pub reason: String,
    /// What happened, for a person.
    pub message: String,
    /// Bucket of the input.
    pub bucket: String,
    /// Decoded key of the input.
    pub key: String,
    /// The event, unchanged, to be sent again once the cause is mended.
    pub event: serde_json::Value,
}
