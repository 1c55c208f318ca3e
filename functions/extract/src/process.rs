//! One image: from the event that announces it to its row.

use std::time::Duration;

use shared::contracts::{Review, ReviewPolicy, ReviewReason};
use shared::events::s3;
use shared::record::{ParseStage, Provenance, Reading, Record, Row, prompt, read};
use shared::run::{Error, ErrorKind};
use shared::telemetry::log::timestamp;
use uuid::Uuid;

use crate::answer::{Answer, Usage};
use crate::image::{Format, Prepared, prepare};
use crate::place::{Claim, event_time, id, method, record_key};
use crate::request;
use crate::services::{Services, Source};
use crate::stop::{Refusal, Stop, again, unexpected};
use crate::table::Table;

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
    let image = fetch(services, event).await?;
    let prompt = prompt::<R>();
    let method = method(services.model(), &prompt, services.parse_mode());
    let mut claim = services
        .claim(image.id, &image.claim)
        .await
        .map_err(again)?;
    if claim.method.as_ref() == Some(&method) {
        let record = claim.record;
        return Ok(Outcome::AlreadyRecorded { record });
    }

    let body = request::body(&image.prepared.jpeg, &prompt).map_err(unexpected)?;
    let invocation = services.ask(body).await.map_err(while_asking)?;
    let answer = Answer::read(&invocation.body).map_err(again)?;
    let reading = read::<R>(&answer.text, services.parse_mode());
    let row = Row {
        provenance: provenance(services, &image, &answer, &reading),
        record: reading.record,
    };
    let file = table.file(&row).map_err(again)?;
    let stored_as = services.store(&claim.record, file).await.map_err(again)?;
    let review = review(services, image.id, &row, &stored_as).await?;
    // An empty record may turn out better the next time the image comes.
    if reading.stage != ParseStage::Empty {
        claim.method = Some(method);
        services.settle(image.id, &claim).await.map_err(again)?;
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
        mislabelled: image.mislabelled,
    })))
}

/// An image that can be used, and what is known about it.
struct Image {
    bucket: String,
    key: String,
    etag: String,
    id: Uuid,
    /// The claim that its first delivery makes.
    claim: Claim,
    prepared: Prepared,
    mislabelled: Option<Format>,
}

/// Reads the image and makes it ready.
async fn fetch(services: &impl Services, event: &s3::Record) -> Result<Image, Stop> {
    let bucket = event.s3.bucket.name.clone();
    let key = event.s3.object.decoded_key()?;
    let extension = check_key(services.source(), &bucket, &key)?;
    let time =
        event_time(&event.event_time).map_err(|_| Refusal::EventTime(event.event_time.clone()))?;
    let stored = services.image(&key).await.map_err(while_reading)?;
    let prepared = prepare(&stored.bytes)?;
    let id = id(&bucket, &key, &stored.bytes);
    Ok(Image {
        id,
        claim: Claim {
            record: record_key(time, id).map_err(unexpected)?,
            method: None,
        },
        mislabelled: (prepared.format != extension).then_some(prepared.format),
        prepared,
        etag: stored.etag,
        bucket,
        key,
    })
}

fn provenance<R>(
    services: &impl Services,
    image: &Image,
    answer: &Answer,
    reading: &Reading<R>,
) -> Provenance {
    Provenance {
        id: image.id.to_string(),
        filename: image.key.clone(),
        processed_at: timestamp(services.now()),
        source_bucket: image.bucket.clone(),
        etag: image.etag.clone(),
        model_id: services.model().to_owned(),
        parse_stage: reading.stage.to_string(),
        validation_errors: reading.errors_text(),
        input_tokens: answer.usage.map(|usage| usage.input_tokens.into()),
        output_tokens: answer.usage.map(|usage| usage.output_tokens.into()),
    }
}

/// Sends a row to the review queue if a person should look at it.
async fn review<R: Record>(
    services: &impl Services,
    id: Uuid,
    row: &Row<R>,
    stored_as: &str,
) -> Result<Option<ReviewReason>, Stop> {
    let Some(reason) = review_reason(services.review_policy(), row.record.confidence(), id) else {
        return Ok(None);
    };
    let review = Review {
        reason,
        stored_as: stored_as.to_owned(),
        row: row.clone(),
    };
    let message = serde_json::to_string(&review).map_err(unexpected)?;
    services.review(message).await.map_err(again)?;
    Ok(Some(reason))
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
