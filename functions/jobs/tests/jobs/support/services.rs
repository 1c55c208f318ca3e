//! The world as the functions see it.

use std::time::SystemTime;

use jobs::{Finder, Ledger, OpenRows};
use shared::TaskToken;
use shared::contracts::batch::{JobEnd, SubmissionPolicy, job_row};
use shared::run::{BatchJob, Error, ErrorKind, Item, ItemUpdate, NewJob};

use super::{BUCKET, Job, World, failure};

impl World {
    fn known(&self, operation: &'static str, arn: &str) -> Result<Job, Error> {
        let jobs = self.jobs.borrow();
        let job = jobs.iter().find(|job| job.arn == arn).cloned();
        job.ok_or_else(|| failure(operation, ErrorKind::Missing, "ResourceNotFoundException"))
    }

    async fn call<T>(
        &self,
        operation: &'static str,
        work: impl FnOnce() -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.calls.borrow_mut().push(operation);
        self.faults.call(operation, work).await
    }
}

impl Ledger for World {
    fn now(&self) -> SystemTime {
        self.now.get()
    }

    async fn row(&self, name: &str) -> Result<Option<Item>, Error> {
        self.call("GetItem", || Ok(self.rows.borrow().get(name).cloned()))
            .await
    }

    async fn change(&self, update: &ItemUpdate) -> Result<bool, Error> {
        self.call("UpdateItem", || Ok(self.change_now(update)))
            .await
    }

    async fn job(&self, arn: &str) -> Result<BatchJob, Error> {
        let work = || {
            let job = self.known("GetModelInvocationJob", arn)?;
            Ok(BatchJob {
                arn: job.arn,
                name: job.name,
                status: job.status,
                message: job.message,
                total: None,
                processed: job.processed,
                succeeded: None,
                errors: job.errors,
            })
        };
        self.call("GetModelInvocationJob", work).await
    }

    async fn tags(&self, arn: &str) -> Result<Vec<(String, String)>, Error> {
        let work = || Ok(self.known("ListTagsForResource", arn)?.tags);
        self.call("ListTagsForResource", work).await
    }

    async fn tell(&self, token: &TaskToken, end: &JobEnd) -> Result<bool, Error> {
        let work = || {
            let waited = self.waiting.borrow_mut().remove(&token.0);
            if waited {
                let told = (token.0.clone(), end.clone());
                self.told.borrow_mut().push(told);
            }
            Ok(waited)
        };
        self.call("SendTaskSuccess", work).await
    }
}

impl Finder for World {
    async fn find(&self, name: &str) -> Result<Option<String>, Error> {
        let work = || {
            let jobs = self.jobs.borrow();
            let job = jobs
                .iter()
                .find(|job| job.name == name && self.listed.get());
            Ok(job.map(|job| job.arn.clone()))
        };
        self.call("ListModelInvocationJobs", work).await
    }
}

impl OpenRows for World {
    async fn open_rows(&self) -> Result<Vec<Item>, Error> {
        let work = || {
            let rows = self.rows.borrow();
            let open = rows.values().filter(|row| row.contains_key(job_row::OPEN));
            Ok(open.cloned().collect())
        };
        self.call("Query", work).await
    }
}

impl submit_job::Services for World {
    fn policy(&self) -> &SubmissionPolicy {
        &self.policy
    }

    fn bucket(&self) -> &str {
        BUCKET
    }

    async fn create(&self, job: &NewJob) -> Result<String, Error> {
        self.call("CreateModelInvocationJob", || self.create_now(job))
            .await
    }
}

impl stop_jobs::Services for World {
    fn now(&self) -> SystemTime {
        self.now.get()
    }

    async fn stop(&self, arn: &str) -> Result<bool, Error> {
        let work = || {
            let job = self.known("StopModelInvocationJob", arn)?;
            if job.status.is_terminal() {
                return Ok(false);
            }
            self.stops.borrow_mut().push(arn.to_owned());
            Ok(true)
        };
        self.call("StopModelInvocationJob", work).await
    }
}
