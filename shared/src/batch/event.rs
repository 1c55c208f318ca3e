//! The event that Bedrock sends when a batch job changes its status.
//!
//! Delivery is best effort: events get lost, come twice, and overtake each other. So an event says that something
//! changed; what is true is what the API says of the job.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{OffsetDateTime, PrimitiveDateTime};

use crate::Fields;

/// `source` of the event.
pub const SOURCE: &str = "aws.bedrock";

/// `detail-type` of the event.
pub const DETAIL_TYPE: &str = "Batch Inference Job State Change";

/// A change of a batch job's status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Fields)]
pub struct StateChange {
    /// Id of the event: a repeated delivery has the same.
    pub id: String,
    /// [`SOURCE`].
    pub source: String,
    /// [`DETAIL_TYPE`].
    #[serde(rename = "detail-type")]
    pub detail_type: String,
    /// The account of the job.
    pub account: String,
    /// The region of the job.
    pub region: String,
    /// When it was sent; see [`parse_time`].
    pub time: String,
    /// What changed.
    pub detail: Detail,
}

/// The job, after the change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Fields)]
#[serde(rename_all = "camelCase")]
pub struct Detail {
    /// The name that the job was created with.
    pub batch_job_name: String,
    /// The job.
    pub batch_job_arn: String,
    /// ARN of the model.
    pub batch_model_id: String,
    /// The status it changed to, in the words of the service. What is true is read from the job, so a word that is not
    /// known here costs no event.
    pub status: String,
    /// Why it failed, or empty.
    #[serde(default)]
    pub failure_message: String,
    /// When the job was created; see [`parse_time`].
    #[serde(default)]
    pub creation_time: String,
}

/// Reads a time of an event, which is one of three forms: `2024-08-28T22:58:30Z`, `Wed Aug 28 22:58:30 UTC 2024` or
/// `Aug 28, 2024, 10:47:53 PM`. The last names no zone and is taken for UTC.
///
/// Nothing comes of other forms: no event is refused for its time.
#[must_use]
pub fn parse_time(text: &str) -> Option<OffsetDateTime> {
    let java = format_description!(
        "[weekday repr:short] [month repr:short] [day padding:none] [hour]:[minute]:[second] UTC [year]"
    );
    let american = format_description!(
        "[month repr:short] [day padding:none], [year], [hour repr:12 padding:none]:[minute]:[second] [period]"
    );
    // Newer releases of Java put a narrow no-break space before AM and PM.
    let text = text.replace('\u{202f}', " ");
    OffsetDateTime::parse(&text, &Rfc3339).ok().or_else(|| {
        let local = PrimitiveDateTime::parse(&text, java)
            .or_else(|_| PrimitiveDateTime::parse(&text, american));
        local.ok().map(PrimitiveDateTime::assume_utc)
    })
}
