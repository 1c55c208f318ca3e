//! One image: from the event that announces it to its row.

use std::time::Duration;

use shared::contracts::{Review, ReviewPolicy, ReviewReason};
use shared::events::s3;
use shared::record::{ParseStage, Provenance, Reading, Record, Row, prompt, read};
use shared::run::{Error, ErrorKind};
use shared::telemetry::log::timestamp;
use uuid::Uuid;

use crate::answer::{Answer, AnswerError, Usage};
use crate::image::{Format, ImageError, Prepared, prepare};
use crate::place::{Claim, event_time, id, method, record_key};
use crate::request;
use crate::services::{Services, Source};
use crate::table::{Table, TableError};

/// What became of an image that is all right.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome<R> {
    /// Its record was written.
    Recorded(Box<Recorded<R>>),
    /// Its record had been written before, in the same way: nothing was done.
    AlreadyRecorded {
        /// Key of the record, without the port's prefix.
        record: String,
    },
    /// The event is not about a new object.
    Ignored {
        /// What it is about.
        event: String,
    },
}

/// A record that was written, and what it took.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded<R> {
    /// The row.
    pub row: Row<R>,
    /// Its key.
    pub stored_as: String,
    /// How it was read.
    pub stage: ParseStage,
    /// Invalid fields.
    pub invalid_fields: usize,
    /// Whether the answer was cut off.
    pub cut_off: bool,
    /// From the request to the whole answer.
    pub latency: Duration,
    /// Tokens billed.
    pub usage: Option<Usage>,
    /// Why a person should look at it, if so.
    pub review: Option<ReviewReason>,
    /// The content's format, when the key's extension says another.
    pub mislabelled: Option<Format>,
}

/// Why an image did not become a record.
#[derive(Debug)]
pub enum Stop {
    /// It never will.
    Refused(Refusal),
    /// It may at the next delivery.
    Retry(Retry),
}

/// Why an image never becomes a record: for the failure queue.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The notification is about another place.
    #[error(
        "the notification is about `s3://{bucket}`, but images are read from `{served}`; mend the notification"
    )]
    Elsewhere {
        /// Bucket and key of the event.
        bucket: String,
        /// What the port reads.
        served: String,
    },
    /// The key is not what S3 sends.
    #[error(transparent)]
    Key(#[from] s3::KeyError),
    /// The key points out of its place.
    #[error("the key begins with `/` or has `..` in it; upload the image under a plain key")]
    UnsafeKey,
    /// The key's extension is of no format that is read.
    #[error(
        "the key ends in none of `.jpg`, `.jpeg` and `.png`; convert the image and upload it again"
    )]
    UnsupportedExtension,
    /// The time of the event is no time.
    #[error("`{0}` is no time in ISO 8601; this is no event of S3")]
    EventTime(String),
    /// The object is gone.
    #[error("there is no such object any more; upload the image again")]
    Missing,
    /// The object is larger than any image worth reading.
    #[error("the object is too large: {0}; scale the image down and upload it again")]
    ObjectTooLarge(String),
    /// The image cannot be used.
    #[error(transparent)]
    Image(#[from] ImageError),
    /// The model does not accept the request, and will not the next time.
    #[error("the model rejects the request: {0}")]
    ModelRejects(String),
}

impl Refusal {
    /// The stable word for filters and alarms.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Elsewhere { .. } => "unexpected_location",
            Self::Key(_) => "malformed_key",
            Self::UnsafeKey => "unsafe_key",
            Self::UnsupportedExtension => "unsupported_extension",
            Self::EventTime(_) => "malformed_event",
            Self::Missing => "missing_object",
            Self::ObjectTooLarge(_) => "object_too_large",
            Self::Image(error) => error.reason(),
            Self::ModelRejects(_) => "model_rejects_request",
        }
    }
}

/// Why an image is left for the next delivery. After the queue's last one the message goes to the dead letters.
#[derive(Debug, thiserror::Error)]
pub enum Retry {
    /// A service failed or throttles, or refuses access: a fault of the deployment that someone can mend meanwhile.
    #[error(transparent)]
    Service(#[from] Error),
    /// The model's response is not usable.
    #[error(transparent)]
    Answer(#[from] AnswerError),
    /// The row could not be written: a bug, but not the image's.
    #[error(transparent)]
    Table(#[from] TableError),
    /// Something that never fails did.
    #[error("{0}")]
    Unexpected(String),
}

impl<T: Into<Refusal>> From<T> for Stop {
    fn from(refusal: T) -> Self {
        Self::Refused(refusal.into())
    }
}

fn again(error: impl Into<Retry>) -> Stop {
    Stop::Retry(error.into())
}

fn unexpected(error: impl std::error::Error) -> Stop {
    Stop::Retry(Retry::Unexpected(error.to_string()))
}

/// Reads the record of the image that an event announces, and writes it.
///
/// # Errors
/// [`Stop`] says what to do with the event.
pub async fn process<R: Record>(
    services: &impl Services,
    table: &Table,
    event: &s3::Record,
) -> Result<Outcome<R>, Stop> {
    if !event.event_name.starts_with("ObjectCreated:") {
        let event = event.event_name.clone();
        return Ok(Outcome::Ignored { event });
    }
    let bucket = &event.s3.bucket.name;
    let key = event.s3.object.decoded_key()?;
    let extension = check_key(services.source(), bucket, &key)?;
    let time =
        event_time(&event.event_time).map_err(|_| Refusal::EventTime(event.event_time.clone()))?;
    let stored = services.image(&key).await.map_err(while_reading)?;
    let image = prepare(&stored.bytes)?;

    let prompt = prompt::<R>();
    let method = method(services.model(), &prompt, services.parse_mode());
    let id = id(bucket, &key, &stored.bytes);
    let claim = Claim {
        record: record_key(time, id).map_err(unexpected)?,
        method: None,
    };
    let claim = services.claim(id, &claim).await.map_err(again)?;
    if claim.method.as_ref() == Some(&method) {
        let record = claim.record;
        return Ok(Outcome::AlreadyRecorded { record });
    }

    let body = request::body(&image.jpeg, &prompt).map_err(unexpected)?;
    let invocation = services.ask(body).await.map_err(while_asking)?;
    let answer = Answer::read(&invocation.body).map_err(again)?;
    let reading: Reading<R> = read(&answer.text, services.parse_mode());
    let provenance = Provenance {
        id: id.to_string(),
        filename: key,
        processed_at: timestamp(services.now()),
        source_bucket: bucket.clone(),
        etag: stored.etag,
        model_id: services.model().to_owned(),
        parse_stage: reading.stage.to_string(),
        validation_errors: reading.errors_text(),
        input_tokens: answer.usage.map(|usage| usage.input_tokens.into()),
        output_tokens: answer.usage.map(|usage| usage.output_tokens.into()),
    };
    let row = Row {
        record: reading.record,
        provenance,
    };
    let file = table.file(&row).map_err(again)?;
    let stored_as = services.store(&claim.record, file).await.map_err(again)?;

    let review = review_reason(services.review_policy(), row.record.confidence(), id);
    if let Some(reason) = review {
        let review = Review {
            reason,
            stored_as: stored_as.clone(),
            row: row.clone(),
        };
        let message = serde_json::to_string(&review).map_err(unexpected)?;
        services.review(message).await.map_err(again)?;
    }
    // An empty record may turn out better the next time the image comes.
    if reading.stage != ParseStage::Empty {
        let settled = Claim {
            method: Some(method),
            ..claim
        };
        services.settle(id, &settled).await.map_err(again)?;
    }
    Ok(Outcome::Recorded(Box::new(Recorded {
        row,
        stored_as,
        stage: reading.stage,
        invalid_fields: reading.validation_errors.len(),
        cut_off: answer.cut_off,
        latency: invocation.latency,
        usage: answer.usage,
        review,
        mislabelled: mislabelled(&image, extension),
    })))
}

/// Checks where the image is said to be; returns the format that its extension names.
fn check_key(source: Source<'_>, bucket: &str, key: &str) -> Result<Format, Refusal> {
    if key.starts_with('/') || key.split(['/', '\\']).any(|segment| segment == "..") {
        return Err(Refusal::UnsafeKey);
    }
    if bucket != source.bucket || !key.starts_with(source.prefix) {
        return Err(Refusal::Elsewhere {
            bucket: format!("{bucket}/{key}"),
            served: format!("s3://{}/{}", source.bucket, source.prefix),
        });
    }
    Format::of_key(key).ok_or(Refusal::UnsupportedExtension)
}

fn while_reading(error: Error) -> Stop {
    match error.kind {
        ErrorKind::Missing => Refusal::Missing.into(),
        ErrorKind::TooLarge => Refusal::ObjectTooLarge(error.message).into(),
        _ => again(error),
    }
}

fn while_asking(error: Error) -> Stop {
    match error.kind {
        ErrorKind::Invalid => Refusal::ModelRejects(error.to_string()).into(),
        _ => again(error),
    }
}

/// Whether a person should look at a record. The sample follows from the id, so a redelivery samples the same records.
fn review_reason(policy: &ReviewPolicy, confidence: Option<f64>, id: Uuid) -> Option<ReviewReason> {
    let sampled = || {
        let one_in = u128::from(policy.sample_one_in);
        one_in > 0 && id.as_u128().is_multiple_of(one_in)
    };
    match confidence {
        None => Some(ReviewReason::NoConfidence),
        Some(confidence) if confidence < policy.below_confidence => {
            Some(ReviewReason::LowConfidence)
        }
        Some(_) => sampled().then_some(ReviewReason::Sample),
    }
}

fn mislabelled(image: &Prepared, extension: Format) -> Option<Format> {
    (image.format != extension).then_some(image.format)
}
