//! The contract's ports as services.

use shared::contracts::batch::ReportRun;
use shared::run::{Error, Run};

use crate::services::Services;

/// Largest file that is read: the manifest of a run of a million chunks has 10 MB.
const FILE_BYTES: u64 = 64 << 20;

impl Services for ReportRun<Run> {
    fn bucket(&self) -> &str {
        self.files.bucket()
    }

    async fn keys(&self, prefix: &str) -> Result<Vec<String>, Error> {
        let entries = self.keys.list(prefix).await?;
        Ok(entries.into_iter().map(|entry| entry.key).collect())
    }

    async fn read(&self, key: &str) -> Result<Vec<u8>, Error> {
        Ok(self.files.get(key, FILE_BYTES).await?.bytes)
    }

    async fn write(&self, key: &str, json: Vec<u8>) -> Result<(), Error> {
        self.report.put(key, json, "application/json").await
    }
}
