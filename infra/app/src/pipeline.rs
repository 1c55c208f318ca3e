//! The deployed vision pipeline, seen from outside: put an archive in, watch the records come out.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use aws_sdk_s3::error::DisplayErrorContext;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_sqs::types::QueueAttributeName;
use deploy::Target;

use crate::query::Scope;

/// The resources of a deployed vision stack that its users meet, by its outputs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pipeline {
    /// Where archives go.
    pub landing: String,
    /// Where images go.
    pub raw: String,
    /// Where records go.
    pub processed: String,
    /// Where inputs go that no retry can help.
    pub failures: String,
    /// Where records go that a person should look at.
    pub review: String,
    /// Where SQL runs.
    pub scope: Scope,
}

/// How far the pipeline is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Images taken out of archives.
    pub images: usize,
    /// Records written.
    pub records: usize,
    /// Messages in the failure queue.
    pub failures: usize,
}

impl Progress {
    /// Every image has become a record or a failure.
    fn accounted_for(self) -> bool {
        self.records + self.failures >= self.images && self.records + self.failures > 0
    }
}

/// Why the pipeline could not be used.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    /// The stack is not a vision stack, or an older one.
    #[error("the stack has no output `{0}`; deploy the vision stack of this version")]
    Output(&'static str),
    /// The user's file.
    #[error("cannot read `{path}`: {message}")]
    File {
        /// The file.
        path: String,
        /// What the system said.
        message: String,
    },
    /// A service call failed.
    #[error("cannot {action}: {message}")]
    Call {
        /// What was tried.
        action: &'static str,
        /// What the service said.
        message: String,
    },
    /// Nothing happens any more.
    #[error(
        "nothing has changed for {} seconds: {} of {} images are records, {} failed; read the functions' logs",
        .quiet.as_secs(), .progress.records, .progress.images, .progress.failures
    )]
    Stalled {
        /// How far it came.
        progress: Progress,
        /// For how long nothing changed.
        quiet: Duration,
    },
}

impl Pipeline {
    /// Reads the outputs of a deployed stack.
    ///
    /// # Errors
    /// When an output is missing.
    pub fn from_outputs(outputs: &BTreeMap<String, String>) -> Result<Self, PipelineError> {
        let output = |name: &'static str| {
            outputs
                .get(name)
                .cloned()
                .ok_or(PipelineError::Output(name))
        };
        Ok(Self {
            landing: output("LandingBucket")?,
            raw: output("RawBucket")?,
            processed: output("ProcessedBucket")?,
            failures: output("FailuresQueueUrl")?,
            review: output("ReviewQueueUrl")?,
            scope: Scope {
                workgroup: output("Workgroup")?,
                database: output("Database")?,
            },
        })
    }

    /// Puts an archive into the landing bucket, under its file name.
    ///
    /// # Errors
    /// When the file cannot be read or the upload fails.
    pub async fn upload(&self, target: &Target, archive: &Path) -> Result<u64, PipelineError> {
        let file = |error: &dyn std::fmt::Display| PipelineError::File {
            path: archive.display().to_string(),
            message: error.to_string(),
        };
        let size = tokio::fs::metadata(archive)
            .await
            .map_err(|error| file(&error))?
            .len();
        let name = archive
            .file_name()
            .and_then(|name| name.to_str())
            .ok_or_else(|| file(&"it has no file name in UTF-8"))?;
        let body = ByteStream::from_path(archive)
            .await
            .map_err(|error| file(&error))?;
        target
            .s3()
            .put_object()
            .bucket(&self.landing)
            .key(name)
            .body(body)
            .send()
            .await
            .map_err(call("upload the archive"))?;
        Ok(size)
    }

    /// Counts what has come out so far.
    ///
    /// # Errors
    /// When a service call fails.
    pub async fn progress(&self, target: &Target) -> Result<Progress, PipelineError> {
        Ok(Progress {
            images: count(target, &self.raw, "").await?,
            records: count(target, &self.processed, "processed/").await?,
            failures: messages(target, &self.failures).await?,
        })
    }

    /// Waits until every image has become a record or a failure and nothing new arrives.
    ///
    /// # Errors
    /// When a service call fails, or nothing changes for two minutes.
    pub async fn settle(
        &self,
        target: &Target,
        mut watch: impl FnMut(Progress),
    ) -> Result<Progress, PipelineError> {
        const PAUSE: Duration = Duration::from_millis(250);
        const SETTLED: Duration = Duration::from_secs(1);
        const STALLED: Duration = Duration::from_mins(2);
        let mut last = Progress::default();
        let mut since = Instant::now();
        loop {
            let now = self.progress(target).await?;
            if now != last {
                (last, since) = (now, Instant::now());
                watch(now);
            }
            let quiet = since.elapsed();
            if now.accounted_for() && quiet >= SETTLED {
                return Ok(now);
            }
            if quiet >= STALLED {
                return Err(PipelineError::Stalled {
                    progress: now,
                    quiet,
                });
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}

async fn count(target: &Target, bucket: &str, prefix: &str) -> Result<usize, PipelineError> {
    let mut pages = target
        .s3()
        .list_objects_v2()
        .bucket(bucket)
        .prefix(prefix)
        .into_paginator()
        .send();
    let mut keys = 0;
    while let Some(page) = pages.next().await {
        keys += page.map_err(call("list a bucket"))?.contents().len();
    }
    Ok(keys)
}

async fn messages(target: &Target, queue: &str) -> Result<usize, PipelineError> {
    let wanted = QueueAttributeName::ApproximateNumberOfMessages;
    let answer = aws_sdk_sqs::Client::new(target.config())
        .get_queue_attributes()
        .queue_url(queue)
        .attribute_names(wanted.clone())
        .send()
        .await
        .map_err(call("count the failed inputs"))?;
    let number = answer
        .attributes()
        .and_then(|attributes| attributes.get(&wanted))
        .and_then(|text| text.parse().ok());
    number.ok_or(PipelineError::Call {
        action: "count the failed inputs",
        message: "the queue does not say how many messages it holds".into(),
    })
}

fn call<E: std::error::Error + 'static>(action: &'static str) -> impl Fn(E) -> PipelineError {
    move |error| PipelineError::Call {
        action,
        message: DisplayErrorContext(&error).to_string(),
    }
}
