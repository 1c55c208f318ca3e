//! `extract`: an image in, one validated Parquet record out.

use serde::{Deserialize, Serialize};
use shared_derive::Ports;

use crate::events::sqs;
use crate::{Contract, ErrorKind, Phase, SettingValue};

/// Reads a record from an image with a vision model.
#[derive(Ports)]
pub struct Extract<P: Phase> {
    /// Where images come from.
    pub raw: P::ReadObjects,
    /// Where records go.
    pub processed: P::WriteObjects,
    /// Claims, one small object per image version: where its record goes. The first delivery of an image makes the
    /// claim and every later one keeps to it, so that an archive uploaded again next month adds no rows. Grant the same
    /// place as `claimed`, in no table's location, with the records' own expiry.
    pub claims: P::WriteObjects,
    /// The claims of earlier deliveries.
    pub claimed: P::ReadObjects,
    /// The vision model.
    pub model: P::InvokeModel,
    /// Where images go that no retry can help.
    pub failures: P::SendMessages,
    /// Where records go that a person should look at.
    pub review: P::SendMessages,
    /// How strictly the model's answer is read.
    pub parse_mode: P::Setting<ParseMode>,
    /// Which records a person should look at.
    pub review_policy: P::Setting<ReviewPolicy>,
}

impl<P: Phase> Contract for Extract<P> {
    const NAME: &'static str = "extract";
    type Event = sqs::Event;
    type Response = sqs::BatchResponse;
    type Failure = ErrorKind;
}

/// How a model's answer becomes a record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ParseMode {
    /// One invalid field empties the record (the semantics of the Python original).
    Strict,
    /// An invalid field is left out and named in `validation_errors`; the others stay.
    #[default]
    Lenient,
}

impl SettingValue for ParseMode {}

/// Which records go to the review queue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewPolicy {
    /// Records with a lower confidence (or none) are reviewed; 0.0 to 1.0.
    pub below_confidence: f64,
    /// One in so many of the others is reviewed, chosen by its id; 0 for none.
    pub sample_one_in: u32,
}

impl Default for ReviewPolicy {
    fn default() -> Self {
        Self {
            below_confidence: 0.5,
            sample_one_in: 100,
        }
    }
}

impl SettingValue for ReviewPolicy {
    fn validate(&self) -> Result<(), String> {
        if (0.0..=1.0).contains(&self.below_confidence) {
            Ok(())
        } else {
            Err("`below_confidence` must be between 0.0 and 1.0".into())
        }
    }
}

/// What a message of the review queue holds: a record that a person should look at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Review<R> {
    /// Why it was chosen.
    pub reason: ReviewReason,
    /// Where the row was written.
    pub stored_as: String,
    /// The row: the record and where it came from.
    pub row: crate::record::Row<R>,
}

/// Why a record is reviewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewReason {
    /// The model did not say how sure it is, or nothing could be read.
    NoConfidence,
    /// The model is less sure than the policy asks.
    LowConfidence,
    /// Chosen to see how good the sure ones are.
    Sample,
}
