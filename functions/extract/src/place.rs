//! Where a record goes: its id, its key, and the claim that keeps both stable.
//!
//! The id follows from bucket, key and content of the image. Entity tags would not do: with KMS encryption they differ
//! for the same content. The key contains the time of the event that brought the image first, and later deliveries of
//! the same content have other times: an archive uploaded again next month, for example. So the first delivery claims
//! the key by a conditional write, and whoever comes later, or second at the same moment, reads the claim and keeps to
//! it. A claim also remembers how the record was made, so that what is already there is not made again.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use uuid::Uuid;

/// Identifies an image: the same content under the same key has the same id.
#[must_use]
pub fn id(bucket: &str, key: &str, content: &[u8]) -> Uuid {
    let digest = hexadecimal(&Sha256::digest(content));
    let name = format!("s3://{bucket}/{key}#{digest}");
    Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes())
}

/// Identifies how a record is made: by which model, from which prompt, read how.
#[must_use]
pub fn method(model: &str, prompt: &str, mode: shared::contracts::ParseMode) -> String {
    let digest = Sha256::digest(format!("{model}\n{mode:?}\n{prompt}"));
    hexadecimal(&digest[..8])
}

fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The time of an event, ISO 8601.
///
/// # Errors
/// When it is not.
pub fn event_time(text: &str) -> Result<OffsetDateTime, time::error::Parse> {
    OffsetDateTime::parse(text, &Rfc3339).map(|time| time.to_offset(time::UtcOffset::UTC))
}

/// The key of a record below the port's prefix: its partition, its time and its id.
///
/// # Errors
/// None in practice: a time has all the parts of the format.
pub fn record_key(time: OffsetDateTime, id: Uuid) -> Result<String, time::error::Format> {
    let format = format_description!(
        "year=[year]/month=[month]/day=[day]/metadata_[year][month][day]_[hour][minute][second]_"
    );
    Ok(format!("{}{id}.parquet", time.format(format)?))
}

/// The key of a claim below the port's prefix.
#[must_use]
pub fn claim_key(id: Uuid) -> String {
    format!("{id}.json")
}

/// Where the record of an image goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// The record's key, without the port's prefix.
    pub record: String,
    /// The [`method`] by which the record that is there was made; none as long as there is none worth keeping.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
}
