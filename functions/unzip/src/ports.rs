//! The contract's ports as a store.

use std::ops::Range;

use shared::contracts::{ArchiveLimits, Failure, Unzip};
use shared::run::{ErrorKind, MessageSender, ObjectReader, ObjectWriter, Run};

use crate::store::{Found, Landing, Store, StoreError};

/// The clients of one invocation; they share the process's connections.
pub(crate) struct PortStore {
    landing: ObjectReader,
    raw: ObjectWriter,
    failures: MessageSender,
    limits: ArchiveLimits,
}

impl PortStore {
    pub(crate) fn new(ports: &Unzip<Run>) -> Self {
        Self {
            landing: ports.landing.clone(),
            raw: ports.raw.clone(),
            failures: ports.failures.clone(),
            limits: ports.limits.clone(),
        }
    }
}

impl Store for PortStore {
    fn landing(&self) -> Landing<'_> {
        Landing {
            bucket: self.landing.bucket(),
            prefix: self.landing.location().prefix(),
        }
    }

    fn limits(&self) -> &ArchiveLimits {
        &self.limits
    }

    async fn find(&self, key: &str) -> Result<Option<Found>, StoreError> {
        match self.landing.head(key).await {
            Ok(head) => Ok(Some(Found {
                size: head.size,
                etag: head.etag,
            })),
            Err(error) if error.kind == ErrorKind::Missing => Ok(None),
            Err(error) => Err(StoreError::new(error)),
        }
    }

    async fn read(
        &self,
        key: &str,
        range: Range<u64>,
        found: &Found,
    ) -> Result<Vec<u8>, StoreError> {
        self.landing
            .get_range(key, range, Some(&found.etag))
            .await
            .map_err(StoreError::new)
    }

    async fn write(
        &self,
        key: &str,
        content_type: &'static str,
        bytes: Vec<u8>,
    ) -> Result<(), StoreError> {
        let key = format!("{}{key}", self.raw.location().prefix());
        self.raw
            .put(&key, bytes, content_type)
            .await
            .map_err(StoreError::new)
    }

    async fn give_up(&self, failure: &Failure) -> Result<(), StoreError> {
        let body = serde_json::to_string(failure).map_err(StoreError::new)?;
        self.failures.send(body).await.map_err(StoreError::new)
    }
}
