//! The files that a run left in the bucket.

use deploy::service;
use serde::de::DeserializeOwned;
use shared::batch::job::JobPrefix;
use shared::batch::layout::{Layout, RUNS};
use shared::batch::outcome::RecordCounts;
use shared::batch::request::RunRequest;
use shared::contracts::batch::{ChunkRecord, RunManifest, RunReport, RunVerdict};

use super::stack::StoredObject;
use super::{BatchError, BatchStack};

/// The files of one run: what is below `runs/<prefix>/<run>/`.
#[derive(Clone, Debug)]
pub(crate) struct RunFiles {
    pub(crate) run: String,
    pub(crate) prefix: JobPrefix,
    objects: Vec<StoredObject>,
}

impl RunFiles {
    /// Lists the files of a run whose prefix is that of its request, or is looked for when there is none.
    pub(crate) async fn find(
        stack: &BatchStack,
        run: &str,
        request: Option<&RunRequest>,
    ) -> Result<Option<Self>, BatchError> {
        let asked = request.and_then(|request| request.job_name_prefix.parse().ok());
        let prefixes = match asked {
            Some(prefix) => vec![prefix],
            None => prefixes(stack).await?,
        };
        for prefix in prefixes {
            let folder = format!("{RUNS}{}/{run}/", prefix.as_str());
            let objects = stack.list(&folder).await?;
            if !objects.is_empty() {
                return Ok(Some(Self {
                    run: run.to_owned(),
                    prefix,
                    objects,
                }));
            }
        }
        Ok(None)
    }

    /// Where the run's files are.
    pub(crate) fn layout(&self) -> Layout<'_> {
        Layout {
            prefix: &self.prefix,
            run: &self.run,
        }
    }

    /// What the run was asked to do; none when it did not come so far as to be divided.
    pub(crate) async fn manifest(
        &self,
        stack: &BatchStack,
    ) -> Result<Option<RunManifest>, BatchError> {
        json(
            stack,
            &self.layout().manifest_of_run(),
            "the manifest of a run",
        )
        .await
    }

    /// What the run came to last.
    pub(crate) async fn report(&self, stack: &BatchStack) -> Result<Option<RunReport>, BatchError> {
        json(stack, &self.layout().report(), "the report of a run").await
    }

    /// Redrives that have left files.
    pub(crate) fn attempts(&self) -> u32 {
        let mut attempts = 0;
        while self.has(&self.layout().tasks(attempts + 1)) {
            attempts += 1;
        }
        attempts
    }

    /// Chunks that came to something since a time, in seconds since 1970.
    pub(crate) fn chunks_since(&self, time: i64) -> u64 {
        let records = self.chunk_records();
        records.filter(|object| object.modified >= time).count() as u64
    }

    /// How many tasks an attempt has; none when its list is not written yet.
    pub(crate) async fn tasks(
        &self,
        stack: &BatchStack,
        attempt: u32,
    ) -> Result<Option<u64>, BatchError> {
        let key = self.layout().tasks(attempt);
        let Some(lines) = stack.read(&key).await? else {
            return Ok(None);
        };
        let lines = lines.split(|byte| *byte == b'\n');
        Ok(Some(
            lines.filter(|line| !line.trim_ascii().is_empty()).count() as u64,
        ))
    }

    /// What became of the rows. The report says it, unless it is older than a chunk or lacks chunks; then the chunks do,
    /// and the rows of those without a record are missing.
    pub(crate) async fn counts(
        &self,
        stack: &BatchStack,
        manifest: &RunManifest,
    ) -> Result<RecordCounts, BatchError> {
        if let Some(report) = self
            .report(stack)
            .await?
            .filter(|report| self.holds(report))
        {
            return Ok(counts_of(&report));
        }
        let mut counts = RecordCounts::default();
        for (chunk, rows) in (0..).zip(&manifest.chunks) {
            if let Some(record) = self.chunk(stack, chunk).await? {
                counts += record.counts;
                continue;
            }
            counts.records += rows;
            counts.missing += rows;
            counts.redrivable += rows;
        }
        Ok(counts)
    }

    async fn chunk(
        &self,
        stack: &BatchStack,
        chunk: u64,
    ) -> Result<Option<ChunkRecord>, BatchError> {
        let key = self.layout().chunk_record(chunk);
        if !self.has(&key) {
            return Ok(None);
        }
        json(stack, &key, "the record of a chunk").await
    }

    /// Whether a report is about the chunks as they are.
    fn holds(&self, report: &RunReport) -> bool {
        let written = self
            .objects
            .iter()
            .find(|object| object.key == self.layout().report());
        let newest = self.chunk_records().map(|object| object.modified).max();
        report.verdict != RunVerdict::Broken
            && written.is_some_and(|report| newest.is_none_or(|chunk| chunk <= report.modified))
    }

    fn chunk_records(&self) -> impl Iterator<Item = &StoredObject> {
        let folder = self.layout().chunk_records();
        self.objects
            .iter()
            .filter(move |object| object.key.starts_with(&folder))
    }

    fn has(&self, key: &str) -> bool {
        self.objects.iter().any(|object| object.key == key)
    }
}

/// The counts in a report.
pub(crate) fn counts_of(report: &RunReport) -> RecordCounts {
    RecordCounts {
        records: report.records,
        succeeded: report.succeeded,
        failed: report.failed,
        no_answer: report.no_answer,
        rejected: report.rejected,
        missing: report.missing,
        redrivable: report.redrivable,
        input_tokens: report.input_tokens,
        output_tokens: report.output_tokens,
    }
}

/// The prefixes under which there are runs.
async fn prefixes(stack: &BatchStack) -> Result<Vec<JobPrefix>, BatchError> {
    let mut pages = stack
        .s3()
        .list_objects_v2()
        .bucket(&stack.bucket)
        .prefix(RUNS)
        .delimiter("/")
        .into_paginator()
        .send();
    let mut found = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.map_err(service("list the runs"))?;
        let names = page
            .common_prefixes()
            .iter()
            .filter_map(|common| common.prefix());
        let names =
            names.filter_map(|name| name.strip_prefix(RUNS)?.strip_suffix('/')?.parse().ok());
        found.extend(names);
    }
    Ok(found)
}

/// A JSON object of the bucket; none when there is none.
async fn json<T: DeserializeOwned>(
    stack: &BatchStack,
    key: &str,
    what: &'static str,
) -> Result<Option<T>, BatchError> {
    let Some(bytes) = stack.read(key).await? else {
        return Ok(None);
    };
    let read = serde_json::from_slice(&bytes);
    read.map(Some).map_err(|problem| BatchError::Broken {
        uri: stack.uri(key),
        what,
        problem: problem.to_string(),
    })
}
