//! Where the records of a run come from.

use std::fmt;
use std::str::FromStr;

/// The source of a run's records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A table in S3, or all tables under a prefix.
    S3(S3Uri),
    /// The images under a prefix in S3: a row for each.
    Images(S3Uri),
    /// A split of a dataset of the Hugging Face Hub.
    Dataset {
        /// `owner/name`, or `name` for the datasets of the Hub itself.
        id: String,
        /// The configuration; the one called `default`, or the only one, when not given.
        config: Option<String>,
        /// For example `train`.
        split: String,
    },
}

/// An object, or with an empty key or one that ends in `/`, everything under a prefix.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct S3Uri {
    /// The bucket.
    pub bucket: String,
    /// The key, unescaped: S3 URIs have no escapes.
    pub key: String,
}

impl S3Uri {
    /// Whether it names a prefix, not an object.
    #[must_use]
    pub fn is_prefix(&self) -> bool {
        self.key.is_empty() || self.key.ends_with('/')
    }
}

impl FromStr for S3Uri {
    type Err = SourceError;

    fn from_str(text: &str) -> Result<Self, SourceError> {
        let refused = |why| SourceError::S3Uri {
            uri: text.to_owned(),
            why,
        };
        let rest = text
            .strip_prefix("s3://")
            .ok_or_else(|| refused("it does not start with `s3://`"))?;
        let (bucket, key) = rest.split_once('/').unwrap_or((rest, ""));
        let edge = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
        let letters = bucket.as_bytes();
        let plain = letters
            .iter()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.".contains(byte));
        if !(3..=63).contains(&letters.len())
            || !plain
            || !edge(letters.first())
            || !edge(letters.last())
        {
            return Err(refused(
                "the name of a bucket has 3 to 63 lower-case letters, digits, dots and hyphens",
            ));
        }
        if key.len() > 1024 {
            return Err(refused("a key has 1,024 bytes at most"));
        }
        Ok(Self {
            bucket: bucket.to_owned(),
            key: key.to_owned(),
        })
    }
}

impl fmt::Display for S3Uri {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "s3://{}/{}", self.bucket, self.key)
    }
}

/// Holds the id of a dataset against the Hub's rules: it becomes part of an address and of keys.
pub(super) fn dataset(id: &str, config: Option<&str>, split: &str) -> Result<Source, SourceError> {
    let segment = |text: &str| {
        (1..=96).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
            && !text.contains("..")
            && !text.starts_with(['.', '-'])
    };
    let segments: Vec<&str> = id.split('/').collect();
    if segments.len() > 2 || !segments.into_iter().all(segment) {
        return Err(SourceError::Dataset(id.to_owned()));
    }
    if let Some(config) = config.filter(|config| !segment(config)) {
        return Err(SourceError::Config(config.to_owned()));
    }
    if !segment(split) {
        return Err(SourceError::Split(split.to_owned()));
    }
    Ok(Source::Dataset {
        id: id.to_owned(),
        config: config.map(str::to_owned),
        split: split.to_owned(),
    })
}

/// Why a source was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// Not the URI of an object or a prefix.
    #[error("`{uri}` is not an S3 URI: {why}; write one like `s3://bucket/inputs/topics.csv`")]
    S3Uri {
        /// What was given.
        uri: String,
        /// The rule it breaks.
        why: &'static str,
    },
    /// Not the id of a dataset.
    #[error("`{0}` is not the id of a dataset: write it as `owner/name`")]
    Dataset(String),
    /// Not the name of a configuration.
    #[error("`{0}` is not the name of a dataset's configuration: write one like `default`")]
    Config(String),
    /// Not the name of a split.
    #[error("`{0}` is not the name of a split: write one like `train`")]
    Split(String),
}
