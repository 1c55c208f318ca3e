//! The message in the failure queue.

use serde::{Deserialize, Serialize};

use crate::events::s3;

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

impl Failure {
    /// The failure of one record of a notification. Its event is a notification of that record alone, so that a redrive
    /// brings back nothing else.
    ///
    /// # Panics
    /// Never: JSON can hold any notification.
    #[expect(
        clippy::expect_used,
        reason = "JSON can hold any notification: its keys are strings, its numbers integers"
    )]
    pub fn of_record(
        function: &str,
        record: &s3::Record,
        key: String,
        reason: &str,
        message: String,
    ) -> Self {
        let event = s3::Notification {
            records: vec![record.clone()],
        };
        Self {
            function: function.to_owned(),
            reason: reason.to_owned(),
            message,
            bucket: record.s3.bucket.name.clone(),
            key,
            event: serde_json::to_value(event).expect("a notification is JSON"),
        }
    }
}
