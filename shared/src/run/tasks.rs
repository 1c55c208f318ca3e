//! The port that answers waiting steps.

use aws_sdk_sfn::Client;

use super::Error;

/// What the service says of a token under which nobody waits any more.
const NOBODY_WAITS: [&str; 3] = ["TaskTimedOut", "TaskDoesNotExist", "InvalidToken"];

/// Answers steps of one state machine that wait for a callback.
#[derive(Clone, Debug)]
pub struct TaskAnswerer {
    client: Client,
    machine: String,
}

impl TaskAnswerer {
    pub(super) fn new(client: Client, machine: String) -> Self {
        Self { client, machine }
    }

    /// ARN of the state machine.
    #[must_use]
    pub fn machine(&self) -> &str {
        &self.machine
    }

    /// Ends a step with a result, a JSON text of at most 256 KiB; false if nobody waits under the token any more: the step
    /// was answered before, has timed out, or its execution has ended.
    ///
    /// # Errors
    /// What calls fail with. No error holds the token.
    pub async fn succeed(&self, token: &str, output_json: &str) -> Result<bool, Error> {
        let answered = self
            .client
            .send_task_success()
            .task_token(token)
            .output(output_json)
            .send()
            .await
            .map_err(|error| Error::of_sdk("SendTaskSuccess", &self.machine, &error));
        match answered {
            Ok(_) => Ok(true),
            Err(error) if NOBODY_WAITS.contains(&error.code.as_str()) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
