//! The port that reads several buckets.

use aws_sdk_s3::Client;

use super::objects::Location;
use super::{Error, ErrorKind, ObjectLister, ObjectReader};

/// Reads and lists the objects of the buckets it names. The role may narrow it to some prefixes of a bucket.
#[derive(Clone, Debug)]
pub struct BucketsReader {
    client: Client,
    buckets: Vec<String>,
}

impl BucketsReader {
    pub(super) fn new(client: Client, buckets: Vec<String>) -> Self {
        Self { client, buckets }
    }

    /// The names of the buckets.
    #[must_use]
    pub fn buckets(&self) -> &[String] {
        &self.buckets
    }

    /// Reads objects of one of the buckets.
    ///
    /// # Errors
    /// [`ErrorKind::OutsidePort`] when it is none of them.
    pub fn reader(&self, bucket: &str) -> Result<ObjectReader, Error> {
        let location = self.location("GetObject", bucket)?;
        Ok(ObjectReader::new(self.client.clone(), location))
    }

    /// Lists the keys of one of the buckets.
    ///
    /// # Errors
    /// [`ErrorKind::OutsidePort`] when it is none of them.
    pub fn lister(&self, bucket: &str) -> Result<ObjectLister, Error> {
        let location = self.location("ListObjectsV2", bucket)?;
        Ok(ObjectLister::new(self.client.clone(), location))
    }

    fn location(&self, operation: &'static str, bucket: &str) -> Result<Location, Error> {
        if self.buckets.iter().any(|name| name == bucket) {
            return Ok(Location::of_bucket(bucket));
        }
        let message = format!(
            "the port reaches only these buckets: {}",
            self.buckets.join(", ")
        );
        Err(Error::local(
            ErrorKind::OutsidePort,
            operation,
            format!("s3://{bucket}/"),
            message,
        ))
    }
}
