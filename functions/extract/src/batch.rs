//! A batch of messages: each is done, given up on, or left in its queue.

use serde_json::Value;
use shared::contracts::Failure;
use shared::events::s3::Notification;
use shared::events::sqs::{BatchItemFailure, BatchResponse, Event, Message};
use shared::record::Record;

use crate::process::{Outcome, process};
use crate::services::Services;
use crate::stop::{Retry, Stop};
use crate::table::Table;

/// What happened, for logs and metrics.
#[derive(Debug)]
pub enum Happened<R> {
    /// A message that announces nothing: S3 sends one when a notification is configured.
    TestEvent,
    /// An image was dealt with.
    Done {
        /// Its key.
        key: String,
        /// How.
        outcome: Outcome<R>,
    },
    /// An input went to the failure queue.
    GaveUp(Failure),
    /// A message stays in its queue.
    Left {
        /// Key of the image; empty when it is about none.
        key: String,
        /// Why.
        retry: Retry,
    },
}

/// Deals with the messages of a batch one after the other and shows each result to `observe`.
pub async fn process_batch<R: Record>(
    services: &impl Services,
    table: &Table,
    event: &Event,
    mut observe: impl FnMut(Happened<R>),
) -> BatchResponse {
    let mut response = BatchResponse::default();
    for message in &event.records {
        let mut left = false;
        for happened in process_message::<R>(services, table, message).await {
            left |= matches!(happened, Happened::Left { .. });
            observe(happened);
        }
        if left {
            response.batch_item_failures.push(BatchItemFailure {
                item_identifier: message.message_id.clone(),
            });
        }
    }
    response
}

/// A message has several images only in theory. One that is left brings the others again, which is harmless: their
/// records are there already.
async fn process_message<R: Record>(
    services: &impl Services,
    table: &Table,
    message: &Message,
) -> Vec<Happened<R>> {
    let notification = match parse(&message.body) {
        Ok(Parsed::Notification(notification)) => notification,
        Ok(Parsed::TestEvent) => return vec![Happened::TestEvent],
        Err(error) => {
            let failure = malformed(&message.body, &error);
            return vec![give_up(services, failure).await];
        }
    };
    let mut all = Vec::with_capacity(notification.records.len());
    for record in &notification.records {
        let object = &record.s3.object;
        let key = object.decoded_key().unwrap_or_else(|_| object.key.clone());
        all.push(match process::<R>(services, table, record).await {
            Ok(outcome) => Happened::Done { key, outcome },
            Err(Stop::Retry(retry)) => Happened::Left { key, retry },
            Err(Stop::Refused(refusal)) => {
                let (reason, message) = (refusal.reason(), refusal.to_string());
                let function = env!("CARGO_PKG_NAME");
                let failure = Failure::of_record(function, record, key, reason, message);
                give_up(services, failure).await
            }
        });
    }
    all
}

enum Parsed {
    Notification(Notification),
    TestEvent,
}

fn parse(body: &str) -> serde_json::Result<Parsed> {
    let value: Value = serde_json::from_str(body)?;
    if value.get("Event").and_then(Value::as_str) == Some("s3:TestEvent") {
        return Ok(Parsed::TestEvent);
    }
    if value.get("Records").is_none() {
        return Err(serde::de::Error::missing_field("Records"));
    }
    serde_json::from_value(value).map(Parsed::Notification)
}

async fn give_up<R>(services: &impl Services, failure: Failure) -> Happened<R> {
    match services.give_up(&failure).await {
        Ok(()) => Happened::GaveUp(failure),
        Err(error) => Happened::Left {
            key: failure.key,
            retry: error.into(),
        },
    }
}

fn malformed(body: &str, error: &serde_json::Error) -> Failure {
    Failure {
        function: env!("CARGO_PKG_NAME").to_owned(),
        reason: "malformed_event".to_owned(),
        message: format!("the message is no S3 notification: {error}"),
        bucket: String::new(),
        key: String::new(),
        event: Value::String(body.to_owned()),
    }
}
