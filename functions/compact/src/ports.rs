//! The contract's ports as a store.

use shared::contracts::{Compact, CompactionPolicy};
use shared::run::{ErrorKind, ObjectLister, ObjectReader, ObjectRemover, ObjectWriter, Run};

use crate::partition::Partition;
use crate::store::{Listed, Side, Store, StoreError};

/// Largest file that is read. A compacted one of this size holds some ten million rows.
const FILE_BYTES: u64 = 150 << 20;
/// Registered with IANA in 2024.
const CONTENT_TYPE: &str = "application/vnd.apache.parquet";

/// The clients of one invocation; they share the process's connections.
pub(crate) struct PortStore {
    live_keys: ObjectLister,
    live: ObjectReader,
    expired: ObjectRemover,
    compacted_keys: ObjectLister,
    compacted: ObjectReader,
    output: ObjectWriter,
    superseded: ObjectRemover,
    policy: CompactionPolicy,
}

impl PortStore {
    pub(crate) fn new(ports: &Compact<Run>) -> Self {
        Self {
            live_keys: ports.live_keys.clone(),
            live: ports.live.clone(),
            expired: ports.expired.clone(),
            compacted_keys: ports.compacted_keys.clone(),
            compacted: ports.compacted.clone(),
            output: ports.output.clone(),
            superseded: ports.superseded.clone(),
            policy: ports.policy.clone(),
        }
    }
}

impl Store for PortStore {
    fn policy(&self) -> &CompactionPolicy {
        &self.policy
    }

    async fn folders(&self) -> Result<Vec<String>, StoreError> {
        let root = self.live_keys.location().prefix();
        let mut folders = vec![root.to_owned()];
        for _year_month_day in 0..3 {
            let mut below = Vec::new();
            for folder in folders {
                below.extend(
                    self.live_keys
                        .folders(&folder)
                        .await
                        .map_err(StoreError::new)?,
                );
            }
            folders = below;
        }
        let relative = |folder: &String| {
            let inner = folder.strip_prefix(root).unwrap_or(folder);
            inner.trim_end_matches('/').to_owned()
        };
        Ok(folders.iter().map(relative).collect())
    }

    async fn list(&self, side: Side, partition: Partition) -> Result<Vec<Listed>, StoreError> {
        let lister = match side {
            Side::Live => &self.live_keys,
            Side::Compacted => &self.compacted_keys,
        };
        let folder = format!("{}{partition}/", lister.location().prefix());
        let entries = lister.list(&folder).await.map_err(StoreError::new)?;
        let files = entries
            .into_iter()
            .filter(|entry| entry.key.ends_with(".parquet"));
        Ok(files
            .map(|entry| Listed {
                modified: entry.modified,
                key: entry.key,
                etag: entry.etag,
            })
            .collect())
    }

    async fn read(&self, side: Side, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let reader = match side {
            Side::Live => &self.live,
            Side::Compacted => &self.compacted,
        };
        match reader.get(key, FILE_BYTES).await {
            Ok(object) => Ok(Some(object.bytes)),
            Err(error) if error.kind == ErrorKind::Missing => Ok(None),
            Err(error) => Err(StoreError::new(error)),
        }
    }

    async fn write(
        &self,
        partition: Partition,
        name: &str,
        bytes: Vec<u8>,
    ) -> Result<(), StoreError> {
        let key = format!("{}{partition}/{name}", self.output.location().prefix());
        self.output
            .put(&key, bytes, CONTENT_TYPE)
            .await
            .map_err(StoreError::new)
    }

    async fn remove(&self, side: Side, keys: &[String]) -> Result<(), StoreError> {
        let remover = match side {
            Side::Live => &self.expired,
            Side::Compacted => &self.superseded,
        };
        remover.delete(keys).await.map_err(StoreError::new)
    }
}
