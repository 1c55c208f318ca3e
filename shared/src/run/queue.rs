//! The port that sends messages.

use aws_sdk_sqs::Client;

use super::Error;

/// Sends messages to one queue.
#[derive(Clone, Debug)]
pub struct MessageSender {
    client: Client,
    url: String,
}

impl MessageSender {
    pub(super) fn new(client: Client, url: String) -> Self {
        Self { client, url }
    }

    /// The queue's URL.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Sends one message.
    ///
    /// # Errors
    /// When the queue did not take it: the caller still owns what it is about.
    pub async fn send(&self, body: impl Into<String>) -> Result<(), Error> {
        self.client
            .send_message()
            .queue_url(&self.url)
            .message_body(body)
            .send()
            .await
            .map(drop)
            .map_err(|error| Error::of_sdk("SendMessage", &self.url, &error))
    }
}
