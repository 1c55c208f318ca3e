//! The list of what is to be done with the chunks.

use std::io::Write as _;

use runs::{RunFile, RunFiles, StoreError};
use shared::batch::job::{JobKey, JobPrefix};
use shared::batch::layout::Layout;
use shared::batch::limits::Limits;
use shared::batch::model_id::ModelId;
use shared::batch::request::BelowMinimum;
use shared::contracts::batch::{ChunkTask, JobMode, RunOrder, RunPlan};
use tables::TableError;

use crate::error::PreprocessError;
use crate::preprocess::Services;

/// The list of tasks of an attempt, which is written while the chunks are gone through.
pub(crate) struct Tasks<'a> {
    order: &'a RunOrder,
    layout: Layout<'a>,
    /// ARN of the run's first execution: what makes the names of its jobs unique.
    first_execution: &'a str,
    limits: Limits,
    max_concurrency: u64,
    file: RunFile,
    count: u64,
    records: u64,
}

impl<'a> Tasks<'a> {
    pub(crate) fn begin(
        services: &Services,
        order: &'a RunOrder,
        prefix: &'a JobPrefix,
        model: &ModelId,
        first_execution: &'a str,
        files: &RunFiles,
    ) -> Self {
        let layout = order.run.layout(prefix);
        let limits = services.premises.policy.limits_of(model);
        Self {
            order,
            layout,
            first_execution,
            limits,
            max_concurrency: services.max_concurrent_jobs.min(limits.maximum_jobs),
            file: files.begin(&layout.tasks(order.attempt)),
            count: 0,
            records: 0,
        }
    }

    /// Adds a chunk of which `sent` records are in the input.
    pub(crate) fn add(&mut self, chunk: u64, sent: u64) -> Result<(), PreprocessError> {
        let RunOrder {
            run,
            attempt,
            request,
        } = self.order;
        let job = JobKey {
            run: self.first_execution,
            chunk,
            attempt: *attempt,
        };
        let task = ChunkTask {
            run: run.clone(),
            chunk,
            attempt: *attempt,
            mode: self.mode(chunk, sent)?,
            model_id: request.model_id.clone(),
            records: sent,
            input: self.layout.input_of_attempt(chunk, *attempt),
            outputs: self.layout.outputs(chunk),
            job_name: job.name(self.layout.prefix),
            client_request_token: job.client_request_token(),
            csv: request.csv,
        };
        let written = serde_json::to_writer(&mut self.file, &task)
            .map_err(std::io::Error::from)
            .and_then(|()| self.file.write_all(b"\n"));
        written.map_err(|cause| self.failed(cause))?;
        self.count += 1;
        self.records += sent;
        Ok(())
    }

    fn mode(&self, chunk: u64, sent: u64) -> Result<JobMode, PreprocessError> {
        let minimum = self.limits.minimum_records;
        match (sent, self.order.request.below_minimum) {
            (0, _) => Ok(JobMode::Nothing),
            (records, _) if records >= minimum => Ok(JobMode::Batch),
            (_, BelowMinimum::OnDemand) => Ok(JobMode::OnDemand),
            (records, BelowMinimum::Refuse) => Err(PreprocessError::BelowMinimum {
                records,
                minimum,
                chunk,
            }),
        }
    }

    /// Makes the list visible, and says what is to be done.
    pub(crate) fn finish(self) -> Result<RunPlan, PreprocessError> {
        let key = self.layout.tasks(self.order.attempt);
        let plan = RunPlan {
            run: self.order.run.clone(),
            attempt: self.order.attempt,
            tasks: key.clone(),
            chunks: self.count,
            records: self.records,
            max_concurrency: self.max_concurrency.max(1),
        };
        let finished = self.file.finish();
        finished.map_err(|cause| write_error(key, cause))?;
        Ok(plan)
    }

    fn failed(&self, cause: std::io::Error) -> PreprocessError {
        write_error(self.layout.tasks(self.order.attempt), cause)
    }
}

/// The bucket's own words, when it was the bucket.
pub(crate) fn write_error(file: String, cause: std::io::Error) -> PreprocessError {
    match cause.downcast::<StoreError>() {
        Ok(error) => error.into(),
        Err(cause) => TableError::Write { file, cause }.into(),
    }
}
