//! The port that reads a secret.

use aws_sdk_secretsmanager::Client;

use super::{Error, ErrorKind};

/// Reads one secret, if the operator named one.
#[derive(Clone, Debug)]
pub struct SecretReader {
    client: Client,
    arn: Option<String>,
}

impl SecretReader {
    pub(super) fn new(client: Client, arn: Option<String>) -> Self {
        Self { client, arn }
    }

    /// The current text of the secret; none when the operator named no secret.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`] for a secret that is no text, and what calls fail with.
    pub async fn get(&self) -> Result<Option<String>, Error> {
        const OPERATION: &str = "GetSecretValue";
        let Some(arn) = &self.arn else {
            return Ok(None);
        };
        let secret = self
            .client
            .get_secret_value()
            .secret_id(arn)
            .send()
            .await
            .map_err(|error| Error::of_sdk(OPERATION, arn, &error))?;
        let no_text = || {
            let message = "the secret is binary: store the text itself as the secret string";
            Error::local(ErrorKind::Invalid, OPERATION, arn, message)
        };
        secret.secret_string.map(Some).ok_or_else(no_text)
    }
}
