//! Services in memory, and images made by encoders.

pub(crate) mod pictures;
pub(crate) mod rows;

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, SystemTime};

use extract::place::{Claim, claim_key};
use extract::{Services, Source, StoredImage};
use serde_json::{Value, json};
use shared::contracts::{Failure, ParseMode, ReviewPolicy};
use shared::events::s3::{Bucket, Entity, Notification, Object, Record};
use shared::events::sqs::{Event, Message};
use shared::run::{Error, ErrorKind, Invocation};
use uuid::Uuid;

pub(crate) const BUCKET: &str = "vision-raw";
pub(crate) const MODEL: &str = "eu.anthropic.claude-haiku-4-5-20251001-v1:0";
pub(crate) const GATSBY: &str = r#"{"title": "The Great Gatsby", "author": "F. Scott Fitzgerald", "isbn": "978-0-7432-7356-5", "publisher": "Scribner", "published_year": 2004, "description": "A portrait of the Jazz Age.", "confidence": 0.88}"#;

/// Everything that the function reads and writes.
#[derive(Default)]
pub(crate) struct World {
    pub(crate) mode: ParseMode,
    pub(crate) policy: ReviewPolicy,
    pub(crate) images: BTreeMap<String, Vec<u8>>,
    /// What the model answers, in order; the last one stays.
    pub(crate) answers: RefCell<VecDeque<Result<Vec<u8>, ErrorKind>>>,
    /// Operations that fail.
    pub(crate) failing: BTreeMap<&'static str, ErrorKind>,
    pub(crate) requests: RefCell<Vec<Value>>,
    pub(crate) records: RefCell<BTreeMap<String, Vec<u8>>>,
    pub(crate) claims: RefCell<BTreeMap<String, Claim>>,
    pub(crate) failures: RefCell<Vec<Failure>>,
    pub(crate) reviews: RefCell<Vec<Value>>,
}

impl World {
    /// With one image, and a model that answers with the text.
    pub(crate) fn answering(text: &str) -> Self {
        let world = Self {
            policy: ReviewPolicy {
                sample_one_in: 0,
                ..ReviewPolicy::default()
            },
            ..Self::default()
        };
        world
            .then(&message(text))
            .with("covers/gatsby.jpg", pictures::cover(64, 96))
    }

    pub(crate) fn with(mut self, key: &str, content: Vec<u8>) -> Self {
        self.images.insert(key.to_owned(), content);
        self
    }

    pub(crate) fn then(self, body: &Value) -> Self {
        self.answers
            .borrow_mut()
            .push_back(Ok(body.to_string().into_bytes()));
        self
    }

    pub(crate) fn failing(mut self, operation: &'static str, kind: ErrorKind) -> Self {
        self.failing.insert(operation, kind);
        self
    }

    fn check(&self, operation: &'static str) -> Result<(), Error> {
        self.failing
            .get(operation)
            .map_or(Ok(()), |&kind| Err(error(operation, kind)))
    }
}

fn error(operation: &'static str, kind: ErrorKind) -> Error {
    Error {
        kind,
        operation,
        target: "test".to_owned(),
        code: format!("{kind:?}"),
        message: "as the test wants it".to_owned(),
    }
}

impl Services for World {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_millis(1_773_068_730_123)
    }

    fn source(&self) -> Source<'_> {
        Source {
            bucket: BUCKET,
            prefix: "covers/",
        }
    }

    fn model(&self) -> &str {
        MODEL
    }

    fn parse_mode(&self) -> ParseMode {
        self.mode
    }

    fn review_policy(&self) -> &ReviewPolicy {
        &self.policy
    }

    async fn image(&self, key: &str) -> Result<StoredImage, Error> {
        self.check("GetObject")?;
        let content = self.images.get(key);
        Ok(StoredImage {
            bytes: content
                .cloned()
                .ok_or_else(|| error("GetObject", ErrorKind::Missing))?,
            etag: "9b2cf535f27731c974343645a3985328".to_owned(),
        })
    }

    async fn claim(&self, id: Uuid, claim: &Claim) -> Result<Claim, Error> {
        self.check("Claim")?;
        let mut claims = self.claims.borrow_mut();
        Ok(claims
            .entry(claim_key(id))
            .or_insert_with(|| claim.clone())
            .clone())
    }

    async fn settle(&self, id: Uuid, claim: &Claim) -> Result<(), Error> {
        self.check("Settle")?;
        self.claims
            .borrow_mut()
            .insert(claim_key(id), claim.clone());
        Ok(())
    }

    async fn ask(&self, body: Vec<u8>) -> Result<Invocation, Error> {
        self.check("InvokeModel")?;
        self.requests
            .borrow_mut()
            .push(serde_json::from_slice(&body).unwrap());
        let mut answers = self.answers.borrow_mut();
        let answer = if answers.len() > 1 {
            answers.pop_front()
        } else {
            answers.front().cloned()
        };
        let body = answer.expect("the test gives answers");
        Ok(Invocation {
            body: body.map_err(|kind| error("InvokeModel", kind))?,
            latency: Duration::from_millis(1234),
        })
    }

    async fn store(&self, key: &str, file: Vec<u8>) -> Result<String, Error> {
        self.check("PutObject")?;
        let key = format!("processed/{key}");
        self.records.borrow_mut().insert(key.clone(), file);
        Ok(key)
    }

    async fn give_up(&self, failure: &Failure) -> Result<(), Error> {
        self.check("SendFailure")?;
        self.failures.borrow_mut().push(failure.clone());
        Ok(())
    }

    async fn review(&self, message: String) -> Result<(), Error> {
        self.check("SendReview")?;
        self.reviews
            .borrow_mut()
            .push(serde_json::from_str(&message).unwrap());
        Ok(())
    }
}

/// A response in the Messages format.
pub(crate) fn message(text: &str) -> Value {
    json!({
        "id": "msg_01",
        "type": "message",
        "role": "assistant",
        "content": [{ "type": "text", "text": text }],
        "stop_reason": "end_turn",
        "usage": { "input_tokens": 1893, "output_tokens": 142 },
    })
}

/// The record of a notification about a key, as S3 sends it: form-encoded.
pub(crate) fn created(key: &str) -> Record {
    Record {
        event_name: "ObjectCreated:Put".to_owned(),
        event_time: "2026-03-09T15:05:30.123Z".to_owned(),
        s3: Entity {
            bucket: Bucket {
                name: BUCKET.to_owned(),
            },
            object: Object {
                key: key.to_owned(),
                size: 1,
                e_tag: String::new(),
                version_id: None,
                sequencer: None,
            },
        },
    }
}

/// A batch with one message per body.
pub(crate) fn batch(bodies: &[String]) -> Event {
    Event {
        records: bodies
            .iter()
            .enumerate()
            .map(|(index, body)| Message {
                message_id: format!("message-{index}"),
                body: body.clone(),
                attributes: BTreeMap::new(),
            })
            .collect(),
    }
}

/// The body of a message about records.
pub(crate) fn body(records: Vec<Record>) -> String {
    serde_json::to_string(&Notification { records }).unwrap()
}

/// Runs a future to its end.
pub(crate) fn run<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(future)
}
