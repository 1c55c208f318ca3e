//! The files of a run in memory.

use std::cell::RefCell;
use std::collections::BTreeMap;

use report_run::{ReportError, Reported, Services, report};
use shared::batch::cost::Usage;
use shared::batch::job::JobPrefix;
use shared::batch::outcome::RecordCounts;
use shared::batch::request::RunRequest;
use shared::contracts::batch::{
    AttemptRecord, ChunkRecord, Ending, JobEnd, JobMode, RunManifest, RunPlan, RunReference,
};
use shared::run::{Error, ErrorKind};

pub(crate) const HAIKU: &str = "global.anthropic.claude-haiku-4-5-20251001-v1:0";

#[derive(Default)]
pub(crate) struct Bucket {
    pub(crate) files: RefCell<BTreeMap<String, Vec<u8>>>,
    /// A key that cannot be read, and why.
    pub(crate) fails: Option<(String, ErrorKind)>,
}

impl Services for Bucket {
    fn bucket(&self) -> &'static str {
        "runs-bucket"
    }

    async fn keys(&self, prefix: &str) -> Result<Vec<String>, Error> {
        let files = self.files.borrow();
        let keys = files.keys().filter(|key| key.starts_with(prefix));
        Ok(keys.cloned().collect())
    }

    async fn read(&self, key: &str) -> Result<Vec<u8>, Error> {
        match &self.fails {
            Some((failing, kind)) if failing == key => return Err(error(*kind, key)),
            _ => {}
        }
        let file = self.files.borrow().get(key).cloned();
        // Not in the order of asking: some answers take longer.
        for _ in 0..key.bytes().map(u32::from).sum::<u32>() * 7 % 50 {
            tokio::task::yield_now().await;
        }
        file.ok_or_else(|| error(ErrorKind::Missing, key))
    }

    async fn write(&self, key: &str, json: Vec<u8>) -> Result<(), Error> {
        self.files.borrow_mut().insert(key.to_owned(), json);
        Ok(())
    }
}

pub(crate) fn error(kind: ErrorKind, key: &str) -> Error {
    Error {
        kind,
        operation: "GetObject",
        target: key.to_owned(),
        code: format!("{kind:?}"),
        message: "as the test wants it".to_owned(),
    }
}

impl Bucket {
    /// A run whose chunks have these numbers of rows, none of them post-processed.
    pub(crate) fn of_run(model_id: &str, chunks: &[u64]) -> Self {
        let bucket = Self::default();
        let manifest = RunManifest {
            request: RunRequest {
                job_name_prefix: "jokes".to_owned(),
                model_id: model_id.to_owned(),
                ..RunRequest::default()
            },
            execution: execution(),
            created: "2026-11-27T10:00:00Z".to_owned(),
            chunks: chunks.to_vec(),
        };
        bucket.put(
            "runs/jokes/5f1c/run.json",
            &serde_json::to_string(&manifest).unwrap(),
        );
        bucket
    }

    pub(crate) fn put(&self, key: &str, text: &str) {
        let files = &mut self.files.borrow_mut();
        files.insert(key.to_owned(), text.as_bytes().to_vec());
    }

    pub(crate) fn put_record(&self, record: &ChunkRecord) {
        let prefix: JobPrefix = "jokes".parse().unwrap();
        let run = plan(0).run;
        let key = run.layout(&prefix).chunk_record(record.chunk);
        self.put(&key, &serde_json::to_string(record).unwrap());
    }

    pub(crate) fn report(&self, attempt: u32) -> Result<Reported, ReportError> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        runtime.block_on(report(self, &plan(attempt)))
    }
}

fn execution() -> String {
    "arn:aws:states:eu-central-1:111122223333:execution:batch:5f1c".to_owned()
}

pub(crate) fn plan(attempt: u32) -> RunPlan {
    RunPlan {
        run: RunReference {
            run: "5f1c".to_owned(),
            prefix: "jokes".to_owned(),
            execution: execution(),
        },
        attempt,
        tasks: "runs/jokes/5f1c/tasks-0.jsonl".to_owned(),
        chunks: 2,
        records: 300,
        max_concurrency: 20,
    }
}

/// Counts of rows that were all answered.
pub(crate) fn answered(records: u64) -> RecordCounts {
    RecordCounts {
        records,
        succeeded: records,
        input_tokens: 10 * records,
        output_tokens: 2 * records,
        ..RecordCounts::default()
    }
}

/// The record of a chunk with these attempts: how, and how many records were answered, at 10 tokens in and 2 out.
pub(crate) fn record(chunk: u64, counts: RecordCounts, attempts: &[(JobMode, u64)]) -> ChunkRecord {
    let attempt = |(attempt, &(mode, records)): (u32, &(JobMode, u64))| AttemptRecord {
        attempt,
        mode,
        records: counts.records,
        end: JobEnd {
            ending: Ending::Completed,
            job_arn: None,
            message: None,
        },
        output: None,
        usage: Usage {
            records,
            input_tokens: 10 * records,
            output_tokens: 2 * records,
        },
    };
    ChunkRecord {
        chunk,
        attempts: (0..).zip(attempts).map(attempt).collect(),
        counts,
        result: format!("batch_output_parquet/jokes/5f1c/{chunk:04}.snappy.parquet"),
        csv: None,
    }
}
