//! A bucket and a prefix.

use std::fmt;
use std::str::FromStr;

use crate::run::{Error, ErrorKind};

/// A bucket and the prefix that every key of a port begins with, written `s3://bucket/prefix`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    bucket: String,
    prefix: String,
}

/// Why a text is not a location.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a place in S3: write `s3://bucket/prefix`, or `s3://bucket/` for the whole bucket"
)]
pub struct LocationError(String);

impl FromStr for Location {
    type Err = LocationError;

    fn from_str(text: &str) -> Result<Self, LocationError> {
        let bare = text
            .strip_prefix("s3://")
            .ok_or_else(|| LocationError(text.to_owned()))?;
        let (bucket, prefix) = bare.split_once('/').unwrap_or((bare, ""));
        if bucket.is_empty() || prefix.starts_with('/') {
            return Err(LocationError(text.to_owned()));
        }
        Ok(Self {
            bucket: bucket.to_owned(),
            prefix: prefix.to_owned(),
        })
    }
}

impl fmt::Display for Location {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "s3://{}/{}", self.bucket, self.prefix)
    }
}

impl Location {
    /// A whole bucket.
    pub(in crate::run) fn of_bucket(bucket: &str) -> Self {
        Self {
            bucket: bucket.to_owned(),
            prefix: String::new(),
        }
    }

    /// The bucket.
    #[must_use]
    pub fn bucket(&self) -> &str {
        &self.bucket
    }

    /// What every key begins with; may be empty.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    pub(super) fn uri(&self, key: &str) -> String {
        format!("s3://{}/{key}", self.bucket)
    }

    /// Refuses keys that the port was not granted.
    pub(super) fn check(&self, operation: &'static str, key: &str) -> Result<(), Error> {
        if key.is_empty() || !key.starts_with(&self.prefix) {
            return Err(Error::local(
                ErrorKind::OutsidePort,
                operation,
                self.uri(key),
                format!("the port reaches only keys below `{self}`"),
            ));
        }
        Ok(())
    }
}
