//! S3 event notifications, as delivered to Lambda and to SQS.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Fields;

/// One notification; S3 puts one record in it in practice, but the format allows many.
///
/// `s3:TestEvent`, which S3 sends when a notification is configured, has no records.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Fields)]
pub struct Notification {
    /// What happened.
    #[serde(rename = "Records", default)]
    pub records: Vec<Record>,
}

/// One thing that happened to one object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Fields)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// For example `ObjectCreated:Put`.
    pub event_name: String,
    /// When it happened, ISO 8601 in UTC.
    pub event_time: String,
    /// The bucket and the object.
    pub s3: Entity,
}

/// The `s3` member of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Fields)]
pub struct Entity {
    /// The bucket.
    pub bucket: Bucket,
    /// The object.
    pub object: Object,
}

/// The bucket of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Fields)]
pub struct Bucket {
    /// Its name.
    pub name: String,
}

/// The object of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Fields)]
#[serde(rename_all = "camelCase")]
pub struct Object {
    /// The key as S3 sends it: form-encoded, a space as `+`. Read it through [`Object::decoded_key`].
    pub key: String,
    /// Size in bytes.
    #[serde(default)]
    pub size: u64,
    /// Entity tag, without quotes.
    #[serde(default)]
    pub e_tag: String,
    /// Version, in versioned buckets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version_id: Option<String>,
    /// Orders events of one key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sequencer: Option<String>,
}

impl Object {
    /// The key of the object: `+` is a space and `%XX` a byte of its UTF-8 form.
    ///
    /// # Errors
    /// When the bytes are not UTF-8 or a `%` is not followed by two hexadecimal digits.
    pub fn decoded_key(&self) -> Result<String, KeyError> {
        let mut bytes = Vec::with_capacity(self.key.len());
        let mut rest = self.key.as_bytes();
        while let [first, tail @ ..] = rest {
            rest = tail;
            match first {
                b'+' => bytes.push(b' '),
                b'%' => {
                    let (pair, tail) = rest
                        .split_at_checked(2)
                        .ok_or_else(|| KeyError::Escape(self.key.clone()))?;
                    let text = std::str::from_utf8(pair)
                        .map_err(|_| KeyError::Escape(self.key.clone()))?;
                    bytes.push(
                        u8::from_str_radix(text, 16)
                            .map_err(|_| KeyError::Escape(self.key.clone()))?,
                    );
                    rest = tail;
                }
                other => bytes.push(*other),
            }
        }
        String::from_utf8(bytes).map_err(|_| KeyError::Utf8(self.key.clone()))
    }
}

/// Why a key could not be decoded.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// A `%` without two hexadecimal digits after it.
    #[error("object key `{0}` has a malformed percent escape")]
    Escape(String),
    /// The decoded bytes are not UTF-8.
    #[error("object key `{0}` is not UTF-8 once decoded")]
    Utf8(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(key: &str) -> Result<String, KeyError> {
        Object {
            key: key.to_owned(),
            size: 0,
            e_tag: String::new(),
            version_id: None,
            sequencer: None,
        }
        .decoded_key()
    }

    #[test]
    fn plus_is_space_and_escapes_are_bytes() {
        assert_eq!(
            decoded("my+cover%2B1+%C3%BC.jpg").as_deref(),
            Ok("my cover+1 ü.jpg")
        );
    }

    #[test]
    fn malformed_keys_are_refused() {
        assert_eq!(decoded("a%2"), Err(KeyError::Escape("a%2".into())));
        assert_eq!(decoded("a%zz"), Err(KeyError::Escape("a%zz".into())));
        assert_eq!(decoded("%FF"), Err(KeyError::Utf8("%FF".into())));
    }
}
