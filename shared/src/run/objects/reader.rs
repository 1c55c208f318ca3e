//! Reading objects.

use std::ops::Range;

use aws_sdk_s3::Client;
use aws_sdk_s3::operation::get_object::GetObjectOutput;

use super::Location;
use crate::run::{Error, ErrorKind};

/// Reads objects below a prefix, and does nothing else:
///
/// ```compile_fail,E0599
/// async fn misuse(landing: &shared::run::ObjectReader) {
///     landing.put("key", Vec::new(), "image/jpeg").await;
/// }
/// ```
#[derive(Clone, Debug)]
pub struct ObjectReader {
    client: Client,
    location: Location,
}

/// An object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// Its content.
    pub bytes: Vec<u8>,
    /// What the service knows about it.
    pub head: Head,
}

/// What the service knows about an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Size of the whole object in bytes.
    pub size: u64,
    /// Entity tag, without quotes.
    pub etag: String,
    /// Version, in versioned buckets.
    pub version: Option<String>,
}

impl ObjectReader {
    pub(in crate::run) fn new(client: Client, location: Location) -> Self {
        Self { client, location }
    }

    /// The bucket, to be compared with the one an event names.
    #[must_use]
    pub fn bucket(&self) -> &str {
        self.location.bucket()
    }

    /// Where this port reads.
    #[must_use]
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// Reads a whole object of at most `limit` bytes.
    ///
    /// # Errors
    /// [`ErrorKind::TooLarge`] before its content is read, [`ErrorKind::Missing`], and what calls fail with.
    pub async fn get(&self, key: &str, limit: u64) -> Result<Object, Error> {
        const OPERATION: &str = "GetObject";
        self.location.check(OPERATION, key)?;
        let request = self.client.get_object().bucket(self.bucket()).key(key);
        let answer = request
            .send()
            .await
            .map_err(|error| Error::of_sdk(OPERATION, self.location.uri(key), &error))?;
        let head = Head::new(answer.content_length, answer.e_tag(), answer.version_id());
        let bytes = self.content(key, answer, limit).await?;
        Ok(Object { bytes, head })
    }

    /// Reads part of an object. With an entity tag, only of that very object: an archive that is replaced while it is
    /// being read in parts must not be mixed with its successor.
    ///
    /// # Errors
    /// [`ErrorKind::Changed`] when the entity tag is no longer the object's, [`ErrorKind::Invalid`] for a range that is
    /// empty or begins behind the end, and what calls fail with.
    pub async fn get_range(
        &self,
        key: &str,
        range: Range<u64>,
        etag: Option<&str>,
    ) -> Result<Vec<u8>, Error> {
        const OPERATION: &str = "GetObject";
        self.location.check(OPERATION, key)?;
        if range.is_empty() {
            let message = format!("the range {}..{} is empty", range.start, range.end);
            return Err(Error::local(
                ErrorKind::Invalid,
                OPERATION,
                self.location.uri(key),
                message,
            ));
        }
        let answer = self
            .client
            .get_object()
            .bucket(self.bucket())
            .key(key)
            .range(format!("bytes={}-{}", range.start, range.end - 1))
            .set_if_match(etag.map(|etag| format!("\"{etag}\"")))
            .send()
            .await
            .map_err(|error| Error::of_sdk(OPERATION, self.location.uri(key), &error))?;
        self.content(key, answer, range.end - range.start).await
    }

    /// Asks for size and entity tag.
    ///
    /// # Errors
    /// What calls fail with. A missing object is reported as denied when the role may not list the bucket.
    pub async fn head(&self, key: &str) -> Result<Head, Error> {
        const OPERATION: &str = "HeadObject";
        self.location.check(OPERATION, key)?;
        let request = self.client.head_object().bucket(self.bucket()).key(key);
        let answer = request
            .send()
            .await
            .map_err(|error| Error::of_sdk(OPERATION, self.location.uri(key), &error))?;
        Ok(Head::new(
            answer.content_length,
            answer.e_tag(),
            answer.version_id(),
        ))
    }

    async fn content(
        &self,
        key: &str,
        mut answer: GetObjectOutput,
        limit: u64,
    ) -> Result<Vec<u8>, Error> {
        const OPERATION: &str = "GetObject";
        let too_large = |size: u64| {
            let message = format!("{size} bytes or more, {limit} are allowed");
            Error::local(
                ErrorKind::TooLarge,
                OPERATION,
                self.location.uri(key),
                message,
            )
        };
        let announced = length(answer.content_length);
        if announced > limit {
            return Err(too_large(announced));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(announced).unwrap_or_default());
        while let Some(chunk) = answer.body.next().await {
            let chunk = chunk.map_err(|error| {
                Error::local(
                    ErrorKind::Unavailable,
                    OPERATION,
                    self.location.uri(key),
                    error.to_string(),
                )
            })?;
            bytes.extend_from_slice(&chunk);
            if bytes.len() as u64 > limit {
                return Err(too_large(bytes.len() as u64));
            }
        }
        Ok(bytes)
    }
}

impl Head {
    fn new(size: Option<i64>, etag: Option<&str>, version: Option<&str>) -> Self {
        Self {
            size: length(size),
            etag: etag.unwrap_or_default().trim_matches('"').to_owned(),
            version: version.map(str::to_owned),
        }
    }
}

fn length(announced: Option<i64>) -> u64 {
    announced
        .and_then(|size| u64::try_from(size).ok())
        .unwrap_or_default()
}
