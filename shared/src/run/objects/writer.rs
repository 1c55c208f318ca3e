//! Writing objects.

use aws_sdk_s3::Client;
use aws_sdk_s3::primitives::ByteStream;

use super::{Location, Upload};
use crate::run::{Error, ErrorKind};

/// Writes objects below a prefix, and does nothing else:
///
/// ```compile_fail,E0599
/// async fn misuse(raw: &shared::run::ObjectWriter) {
///     raw.get("key", 1).await;
/// }
/// ```
#[derive(Clone, Debug)]
pub struct ObjectWriter {
    pub(super) client: Client,
    pub(super) location: Location,
}

impl ObjectWriter {
    pub(in crate::run) fn new(client: Client, location: Location) -> Self {
        Self { client, location }
    }

    /// The bucket.
    #[must_use]
    pub fn bucket(&self) -> &str {
        self.location.bucket()
    }

    /// Where this port writes; keys begin with its prefix.
    #[must_use]
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// Writes an object in one request, replacing one of the same key.
    ///
    /// # Errors
    /// When the key is outside the port, and what calls fail with.
    pub async fn put(&self, key: &str, body: Vec<u8>, content_type: &str) -> Result<(), Error> {
        const OPERATION: &str = "PutObject";
        self.location.check(OPERATION, key)?;
        self.client
            .put_object()
            .bucket(self.location.bucket())
            .key(key)
            .content_type(content_type)
            .body(ByteStream::from(body))
            .send()
            .await
            .map(drop)
            .map_err(|error| Error::of_sdk(OPERATION, self.location.uri(key), &error))
    }

    /// Begins an object of any size, written piece by piece; makes no call.
    #[must_use = "an upload writes nothing until it is finished"]
    pub fn upload(&self, key: &str, content_type: &str) -> Upload {
        Upload::new(self, key, content_type)
    }

    /// Writes an object unless there is one of the same key already; true if it was written.
    ///
    /// Of several writers at once exactly one succeeds.
    ///
    /// # Errors
    /// When the key is outside the port, and what calls fail with.
    pub async fn create(
        &self,
        key: &str,
        body: Vec<u8>,
        content_type: &str,
    ) -> Result<bool, Error> {
        const OPERATION: &str = "PutObject";
        self.location.check(OPERATION, key)?;
        let written = self
            .client
            .put_object()
            .bucket(self.location.bucket())
            .key(key)
            .content_type(content_type)
            .if_none_match("*")
            .body(ByteStream::from(body))
            .send()
            .await;
        let written =
            written.map_err(|error| Error::of_sdk(OPERATION, self.location.uri(key), &error));
        match written {
            Ok(_) => Ok(true),
            Err(error) if error.kind == ErrorKind::Changed => Ok(false),
            Err(error) => Err(error),
        }
    }
}
