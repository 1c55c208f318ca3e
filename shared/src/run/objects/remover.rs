//! Deleting objects.

use aws_sdk_s3::Client;
use aws_sdk_s3::types::{Delete, ObjectIdentifier};

use super::Location;
use crate::run::{Error, ErrorKind};

/// Most keys in one request.
const BATCH: usize = 1000;

/// Deletes objects below a prefix.
#[derive(Clone, Debug)]
pub struct ObjectRemover {
    client: Client,
    location: Location,
}

impl ObjectRemover {
    pub(in crate::run) fn new(client: Client, location: Location) -> Self {
        Self { client, location }
    }

    /// Where this port deletes.
    #[must_use]
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// Deletes objects; those that are gone already count as deleted.
    ///
    /// # Errors
    /// The first failure. No key is touched when one is outside the port; otherwise some may be gone already, and the
    /// same call may be made again.
    pub async fn delete(&self, keys: &[String]) -> Result<(), Error> {
        for key in keys {
            self.location.check("DeleteObjects", key)?;
        }
        for batch in keys.chunks(BATCH) {
            self.delete_batch(batch).await?;
        }
        Ok(())
    }

    async fn delete_batch(&self, keys: &[String]) -> Result<(), Error> {
        const OPERATION: &str = "DeleteObjects";
        let refused = |error| Error::of_sdk(OPERATION, self.location.to_string(), &error);
        let unbuildable = |error: aws_sdk_s3::error::BuildError| {
            Error::local(
                ErrorKind::Invalid,
                OPERATION,
                self.location.to_string(),
                error.to_string(),
            )
        };
        let objects = keys
            .iter()
            .map(|key| ObjectIdentifier::builder().key(key).build())
            .collect::<Result<Vec<_>, _>>()
            .map_err(unbuildable)?;
        let delete = Delete::builder()
            .set_objects(Some(objects))
            .quiet(true)
            .build()
            .map_err(unbuildable)?;
        let request = self
            .client
            .delete_objects()
            .bucket(self.location.bucket())
            .delete(delete);
        let answer = request.send().await.map_err(refused)?;
        match answer.errors().first() {
            None => Ok(()),
            Some(error) => Err(Error::of_code(
                OPERATION,
                self.location.uri(error.key().unwrap_or_default()),
                error.code().unwrap_or_default(),
                error.message().unwrap_or_default(),
            )),
        }
    }
}
