//! The contract's ports as services.

use std::time::SystemTime;

use shared::contracts::{Extract, Failure, ParseMode, ReviewPolicy};
use shared::run::{Error, ErrorKind, Invocation, Run};
use uuid::Uuid;

use crate::place::{Claim, claim_key};
use crate::services::{Services, Source, StoredImage};

/// The largest image that is read: what an archive may contain, too.
const IMAGE_BYTES: u64 = 64 << 20;
const CLAIM_BYTES: u64 = 64 << 10;

impl Services for Extract<Run> {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn source(&self) -> Source<'_> {
        Source {
            bucket: self.raw.bucket(),
            prefix: self.raw.location().prefix(),
        }
    }

    fn model(&self) -> &str {
        self.model.model()
    }

    fn parse_mode(&self) -> ParseMode {
        self.parse_mode
    }

    fn review_policy(&self) -> &ReviewPolicy {
        &self.review_policy
    }

    async fn image(&self, key: &str) -> Result<StoredImage, Error> {
        let object = self.raw.get(key, IMAGE_BYTES).await?;
        Ok(StoredImage {
            bytes: object.bytes,
            etag: object.head.etag,
        })
    }

    async fn claim(&self, id: Uuid, claim: &Claim) -> Result<Claim, Error> {
        let key = format!("{}{}", self.claims.location().prefix(), claim_key(id));
        let body = json("PutObject", &key, claim)?;
        if self
            .claims
            .create(&key, body.into_bytes(), "application/json")
            .await?
        {
            return Ok(claim.clone());
        }
        let existing = self.claimed.get(&key, CLAIM_BYTES).await?;
        serde_json::from_slice(&existing.bytes).map_err(|error| invalid("GetObject", &key, &error))
    }

    async fn settle(&self, id: Uuid, claim: &Claim) -> Result<(), Error> {
        let key = format!("{}{}", self.claims.location().prefix(), claim_key(id));
        let body = json("PutObject", &key, claim)?;
        self.claims
            .put(&key, body.into_bytes(), "application/json")
            .await
    }

    async fn ask(&self, body: Vec<u8>) -> Result<Invocation, Error> {
        self.model.invoke(body).await
    }

    async fn store(&self, key: &str, file: Vec<u8>) -> Result<String, Error> {
        let key = format!("{}{key}", self.processed.location().prefix());
        self.processed
            .put(&key, file, "application/octet-stream")
            .await?;
        Ok(key)
    }

    async fn give_up(&self, failure: &Failure) -> Result<(), Error> {
        self.failures
            .send(json("SendMessage", self.failures.url(), failure)?)
            .await
    }

    async fn review(&self, message: String) -> Result<(), Error> {
        self.review.send(message).await
    }
}

fn json<T: serde::Serialize>(
    operation: &'static str,
    target: &str,
    value: &T,
) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| invalid(operation, target, &error))
}

fn invalid(operation: &'static str, target: &str, error: &serde_json::Error) -> Error {
    Error {
        kind: ErrorKind::Invalid,
        operation,
        target: target.to_owned(),
        code: "Invalid".to_owned(),
        message: error.to_string(),
    }
}
