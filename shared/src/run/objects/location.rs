//! A bucket and prefixes.

use std::fmt;
use std::str::FromStr;

use crate::run::{Error, ErrorKind};

/// Stands between several prefixes.
const COMMA: char = ',';

/// A bucket and the prefix that every key of a port begins with, written `s3://bucket/prefix`; or several, with one of which
/// it begins, written `s3://bucket/one/,another/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    bucket: String,
    /// One or more.
    prefixes: Vec<String>,
}

/// Why a text is not a location.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a place in S3: write `s3://bucket/prefix`, `s3://bucket/one/,another/`, or `s3://bucket/` for the whole bucket"
)]
pub struct LocationError(String);

impl FromStr for Location {
    type Err = LocationError;

    fn from_str(text: &str) -> Result<Self, LocationError> {
        let bare = text
            .strip_prefix("s3://")
            .ok_or_else(|| LocationError(text.to_owned()))?;
        let (bucket, prefixes) = bare.split_once('/').unwrap_or((bare, ""));
        let several = prefixes.contains(COMMA);
        let wrong = |prefix: &str| prefix.starts_with('/') || (several && prefix.is_empty());
        if bucket.is_empty() || prefixes.split(COMMA).any(wrong) {
            return Err(LocationError(text.to_owned()));
        }
        Ok(Self {
            bucket: bucket.to_owned(),
            prefixes: prefixes.split(COMMA).map(str::to_owned).collect(),
        })
    }
}

impl fmt::Display for Location {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefixes = self.prefixes.join(",");
        write!(formatter, "s3://{}/{prefixes}", self.bucket)
    }
}

impl Location {
    /// A whole bucket.
    pub(in crate::run) fn of_bucket(bucket: &str) -> Self {
        Self {
            bucket: bucket.to_owned(),
            prefixes: vec![String::new()],
        }
    }

    /// The bucket.
    #[must_use]
    pub fn bucket(&self) -> &str {
        &self.bucket
    }

    /// What every key begins with; may be empty. Of several prefixes, what they have in common.
    #[must_use]
    pub fn prefix(&self) -> &str {
        let prefixes = self.prefixes.iter().map(String::as_str);
        prefixes.reduce(common).unwrap_or_default()
    }

    /// Whether every key that begins with `text` is one of the port's.
    pub(super) fn covers(&self, text: &str) -> bool {
        self.prefixes.iter().any(|prefix| text.starts_with(prefix))
    }

    pub(super) fn uri(&self, key: &str) -> String {
        format!("s3://{}/{key}", self.bucket)
    }

    /// Refuses keys that the port was not granted.
    pub(super) fn check(&self, operation: &'static str, key: &str) -> Result<(), Error> {
        if key.is_empty() || !self.covers(key) {
            return Err(self.outside(operation, key));
        }
        Ok(())
    }

    pub(super) fn outside(&self, operation: &'static str, key: &str) -> Error {
        let message = format!("the port reaches only keys below `{self}`");
        Error::local(ErrorKind::OutsidePort, operation, self.uri(key), message)
    }
}

/// What both texts begin with.
fn common<'a>(one: &'a str, other: &str) -> &'a str {
    let different = one.char_indices().zip(other.chars());
    let mut different = different.filter(|((_, one), other)| one != other);
    let end = different.next().map(|((end, _), _)| end);
    &one[..end.unwrap_or(one.len().min(other.len()))]
}
