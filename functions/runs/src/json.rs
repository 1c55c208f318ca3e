//! Small objects: manifests, chunk records, templates.

use serde::Serialize;
use serde::de::DeserializeOwned;
use shared::contracts::batch::RunFailure;

use crate::error::StoreError;
use crate::store::{Bucket, Destination};

/// Most bytes of a small object: a manifest of a million chunks has 10 MB.
const LIMIT: u64 = 32 << 20;

/// Reads a whole small object; nothing when there is none of this key.
///
/// # Errors
/// When it is not small, and what calls fail with.
pub fn read_bytes(bucket: &dyn Bucket, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let Some(object) = bucket.find(key)? else {
        return Ok(None);
    };
    match object.size {
        0 => Ok(Some(Vec::new())),
        size if size > LIMIT => Err(broken(
            bucket,
            key,
            &format!("has {size} bytes, more than the {LIMIT} that such a file can have"),
        )),
        size => bucket.read(&object, 0..size).map(Some),
    }
}

/// Reads a small object of JSON; nothing when there is none of this key.
///
/// # Errors
/// When it is not what it should be, and what calls fail with.
pub fn read_json<T: DeserializeOwned>(
    bucket: &dyn Bucket,
    key: &str,
) -> Result<Option<T>, StoreError> {
    let Some(bytes) = read_bytes(bucket, key)? else {
        return Ok(None);
    };
    serde_json::from_slice(&bytes)
        .map(Some)
        .map_err(|error| broken(bucket, key, &format!("cannot be understood: {error}")))
}

/// Writes a small object.
///
/// # Errors
/// What calls fail with.
pub fn write_bytes(
    destination: &dyn Destination,
    key: &str,
    content_type: &str,
    bytes: Vec<u8>,
) -> Result<(), StoreError> {
    let mut upload = destination.begin(key, content_type);
    upload.push(bytes)?;
    upload.finish()
}

/// Writes a small object of JSON, for programs and for people.
///
/// # Errors
/// What calls fail with.
pub fn write_json<T: Serialize>(
    destination: &dyn Destination,
    key: &str,
    value: &T,
) -> Result<(), StoreError> {
    let mut bytes = serde_json::to_vec_pretty(value).map_err(|error| {
        let message = format!("`{key}` cannot be written as JSON: {error}");
        StoreError::new(RunFailure::Broken, message)
    })?;
    bytes.push(b'\n');
    write_bytes(destination, key, "application/json", bytes)
}

fn broken(bucket: &dyn Bucket, key: &str, problem: &str) -> StoreError {
    let place = bucket.address(key);
    StoreError::new(
        RunFailure::Broken,
        format!("`{place}` {problem}; write it again, or restore an earlier version of it"),
    )
}
