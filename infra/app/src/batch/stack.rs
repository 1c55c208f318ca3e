//! The deployed stack: where its things are, and the clients that reach them.

use std::collections::BTreeMap;

use aws_sdk_s3::error::ProvideErrorMetadata as _;
use deploy::{Target, service};

use super::BatchError;

/// A deployed batch stack, by its outputs.
#[derive(Clone, Debug)]
pub(crate) struct BatchStack {
    /// The account and region it is in.
    pub(crate) target: Target,
    /// The bucket of inputs, chunks and results.
    pub(crate) bucket: String,
    /// ARN of the state machine of runs.
    pub(crate) machine: String,
    /// The table of jobs.
    pub(crate) job_table: String,
}

impl BatchStack {
    /// Reads the outputs of a stack.
    pub(crate) fn from_outputs(
        target: Target,
        stack: &str,
        outputs: &BTreeMap<String, String>,
    ) -> Result<Self, BatchError> {
        let output = |output: &'static str| {
            outputs
                .get(output)
                .cloned()
                .ok_or_else(|| BatchError::Output {
                    stack: stack.to_owned(),
                    output,
                })
        };
        Ok(Self {
            bucket: output("Bucket")?,
            machine: output("Machine")?,
            job_table: output("JobTable")?,
            target,
        })
    }

    pub(crate) fn s3(&self) -> aws_sdk_s3::Client {
        self.target.s3()
    }

    pub(super) fn states(&self) -> aws_sdk_sfn::Client {
        aws_sdk_sfn::Client::new(self.target.config())
    }

    pub(super) fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        aws_sdk_dynamodb::Client::new(self.target.config())
    }

    /// The location of an object, for messages.
    pub(crate) fn uri(&self, key: &str) -> String {
        format!("s3://{}/{key}", self.bucket)
    }

    /// A small object of the bucket; none when there is none.
    pub(crate) async fn read(&self, key: &str) -> Result<Option<Vec<u8>>, BatchError> {
        let got = self
            .s3()
            .get_object()
            .bucket(&self.bucket)
            .key(key)
            .send()
            .await;
        let object = match got {
            Ok(object) => object,
            Err(error) if error.code() == Some("NoSuchKey") => return Ok(None),
            Err(error) => return Err(service(format!("read {}", self.uri(key)))(error).into()),
        };
        let bytes = object
            .body
            .collect()
            .await
            .map_err(|error| deploy::Error::Service {
                action: format!("read {}", self.uri(key)),
                code: None,
                message: error.to_string(),
            })?;
        Ok(Some(bytes.to_vec()))
    }

    /// Every object below a prefix.
    pub(crate) async fn list(&self, prefix: &str) -> Result<Vec<StoredObject>, BatchError> {
        let mut pages = self
            .s3()
            .list_objects_v2()
            .bucket(&self.bucket)
            .prefix(prefix)
            .into_paginator()
            .send();
        let mut objects = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(service(format!("list {}", self.uri(prefix))))?;
            let stored = page.contents().iter().map(|object| StoredObject {
                key: object.key().unwrap_or_default().to_owned(),
                size: object
                    .size()
                    .and_then(|size| u64::try_from(size).ok())
                    .unwrap_or_default(),
                modified: object
                    .last_modified()
                    .map(aws_sdk_s3::primitives::DateTime::secs)
                    .unwrap_or_default(),
            });
            objects.extend(stored);
        }
        Ok(objects)
    }
}

/// An object as a listing shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoredObject {
    /// Its key.
    pub(crate) key: String,
    /// Its size in bytes.
    pub(crate) size: u64,
    /// When it was written, in seconds since 1970.
    pub(crate) modified: i64,
}
