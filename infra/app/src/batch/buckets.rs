//! Buckets for the code that reads tables, which waits for its answers: those of S3, and a file of this machine that is to be
//! put in one.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::ops::Range;
use std::path::PathBuf;

use aws_sdk_s3::Client;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::operation::head_object::HeadObjectError;
use deploy::service;
use runs::{Bucket, Found, StoreError};
use shared::contracts::batch::RunFailure;
use tokio::runtime::Handle;

/// A bucket of S3. Its methods wait, so they must not be called from an asynchronous task.
#[derive(Clone, Debug)]
pub(super) struct S3Bucket {
    pub(super) client: Client,
    pub(super) runtime: Handle,
    pub(super) name: String,
}

impl Bucket for S3Bucket {
    fn address(&self, key: &str) -> String {
        format!("s3://{}/{key}", self.name)
    }

    fn find(&self, key: &str) -> Result<Option<Found>, StoreError> {
        let request = self.client.head_object().bucket(&self.name).key(key);
        match self.runtime.block_on(request.send()) {
            Ok(head) => Ok(Some(Found {
                key: key.to_owned(),
                size: length(head.content_length()),
                etag: head.e_tag().unwrap_or_default().to_owned(),
            })),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(HeadObjectError::is_not_found) =>
            {
                Ok(None)
            }
            Err(error) => Err(self.failed("look for", key, error)),
        }
    }

    fn read(&self, object: &Found, range: Range<u64>) -> Result<Vec<u8>, StoreError> {
        let request = self
            .client
            .get_object()
            .bucket(&self.name)
            .key(&object.key)
            .if_match(&object.etag)
            .range(format!(
                "bytes={}-{}",
                range.start,
                range.end.saturating_sub(1)
            ));
        self.runtime.block_on(async {
            let answer = request
                .send()
                .await
                .map_err(|error| self.failed("read", &object.key, error))?;
            let bytes = answer.body.collect().await.map_err(|error| {
                let address = self.address(&object.key);
                StoreError::new(
                    RunFailure::Unavailable,
                    format!("the transfer of {address} broke off ({error}): try again"),
                )
            })?;
            Ok(bytes.to_vec())
        })
    }

    fn list(&self, prefix: &str) -> Result<Vec<Found>, StoreError> {
        let mut pages = self
            .client
            .list_objects_v2()
            .bucket(&self.name)
            .prefix(prefix)
            .into_paginator()
            .send();
        self.runtime.block_on(async {
            let mut found = Vec::new();
            while let Some(page) = pages.next().await {
                let page = page.map_err(|error| self.failed("list", prefix, error))?;
                found.extend(page.contents().iter().map(|object| Found {
                    key: object.key().unwrap_or_default().to_owned(),
                    size: length(object.size()),
                    etag: object.e_tag().unwrap_or_default().to_owned(),
                }));
            }
            Ok(found)
        })
    }
}

impl S3Bucket {
    fn failed<E>(
        &self,
        action: &str,
        key: &str,
        error: SdkError<E, aws_sdk_s3::config::http::HttpResponse>,
    ) -> StoreError
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        let status = error.raw_response().map(|answer| answer.status().as_u16());
        let failure = match status {
            Some(401 | 403) => RunFailure::Broken,
            _ => RunFailure::Unavailable,
        };
        let error = service(format!("{action} {}", self.address(key)))(error);
        StoreError::new(failure, error.to_string())
    }
}

fn length(bytes: Option<i64>) -> u64 {
    bytes
        .and_then(|bytes| u64::try_from(bytes).ok())
        .unwrap_or_default()
}

/// A file of this machine, under the key that it will have in a bucket. Everything else is what the bucket has.
#[derive(Clone, Debug)]
pub(super) struct LocalFile {
    pub(super) path: PathBuf,
    pub(super) key: String,
    pub(super) bucket: S3Bucket,
}

impl LocalFile {
    fn failed(&self, error: &std::io::Error) -> StoreError {
        let path = self.path.display();
        StoreError::new(RunFailure::Broken, format!("cannot read `{path}`: {error}"))
    }
}

impl Bucket for LocalFile {
    fn address(&self, key: &str) -> String {
        if key != self.key {
            return self.bucket.address(key);
        }
        self.path.display().to_string()
    }

    fn find(&self, key: &str) -> Result<Option<Found>, StoreError> {
        if key != self.key {
            return self.bucket.find(key);
        }
        let metadata = std::fs::metadata(&self.path).map_err(|error| self.failed(&error))?;
        Ok(Some(Found {
            key: key.to_owned(),
            size: metadata.len(),
            etag: String::new(),
        }))
    }

    fn read(&self, object: &Found, range: Range<u64>) -> Result<Vec<u8>, StoreError> {
        if object.key != self.key {
            return self.bucket.read(object, range);
        }
        let read = || {
            let mut file = File::open(&self.path)?;
            file.seek(SeekFrom::Start(range.start))?;
            let mut bytes = Vec::new();
            file.take(range.end - range.start).read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        read().map_err(|error| self.failed(&error))
    }

    fn list(&self, prefix: &str) -> Result<Vec<Found>, StoreError> {
        let found = self.find(&self.key)?;
        Ok(found
            .into_iter()
            .filter(|found| found.key.starts_with(prefix))
            .collect())
    }
}
