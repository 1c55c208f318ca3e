//! Places in S3.

use std::fmt;

/// `s3://bucket/key`; the key may be empty, or a prefix.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct S3Uri {
    /// The bucket's name.
    pub bucket: String,
    /// The key or the prefix, without a leading slash.
    pub key: String,
}

impl S3Uri {
    /// `None` when the text is not an S3 URI with a bucket.
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix("s3://")?;
        let (bucket, key) = rest.split_once('/').unwrap_or((rest, ""));
        (!bucket.is_empty()).then(|| Self {
            bucket: bucket.to_owned(),
            key: key.to_owned(),
        })
    }

    /// The same as a folder: with a slash at its end, unless it is the whole bucket.
    #[must_use]
    pub fn folder(mut self) -> Self {
        if !self.key.is_empty() && !self.key.ends_with('/') {
            self.key.push('/');
        }
        self
    }

    /// What lies at a path in this folder.
    #[must_use]
    pub fn child(&self, path: &str) -> Self {
        let folder = self.clone().folder();
        Self {
            key: folder.key + path,
            bucket: folder.bucket,
        }
    }
}

impl fmt::Display for S3Uri {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "s3://{}/{}", self.bucket, self.key)
    }
}
