//! A table of this machine on its way to the bucket.

use std::path::Path;
use std::sync::Arc;

use aws_sdk_s3::Client;
use aws_sdk_s3::primitives::{ByteStream, Length};
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};
use deploy::service;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::error::file;
use super::{BatchError, BatchStack};

/// Bytes up to which a file is sent in one request, and of a part beyond.
const PART: u64 = 16 << 20;

/// Parts that S3 takes of one upload.
const PARTS: u64 = 10_000;

/// Parts on their way at once.
const AT_ONCE: usize = 4;

impl BatchStack {
    /// Uploads a file; `progress` is told how many bytes have arrived. An object that was there before is replaced.
    pub(crate) async fn upload(
        &self,
        path: &Path,
        key: &str,
        progress: impl Fn(u64),
    ) -> Result<u64, BatchError> {
        let metadata = tokio::fs::metadata(path).await;
        let size = metadata.map_err(file("read", path))?.len();
        if size <= PART {
            let body = part(path, 0, size).await?;
            let put = self.s3().put_object().bucket(&self.bucket).key(key);
            put.body(body)
                .send()
                .await
                .map_err(service(self.uploading(key)))?;
            progress(size);
            return Ok(size);
        }
        let client = self.s3();
        let created = client
            .create_multipart_upload()
            .bucket(&self.bucket)
            .key(key)
            .send()
            .await
            .map_err(service(self.uploading(key)))?;
        let upload = Multipart {
            client,
            bucket: self.bucket.clone(),
            key: key.to_owned(),
            id: created.upload_id().unwrap_or_default().to_owned(),
        };
        let sent = upload.send(path, size, &progress).await;
        if sent.is_err() {
            upload.abort().await;
        }
        sent.map(|()| size)
    }

    fn uploading(&self, key: &str) -> String {
        format!("upload the table to {}", self.uri(key))
    }
}

/// A part of a file as the body of a request.
async fn part(path: &Path, start: u64, length: u64) -> Result<ByteStream, BatchError> {
    let body = ByteStream::read_from()
        .path(path)
        .offset(start)
        .length(Length::Exact(length))
        .build()
        .await;
    body.map_err(|error| file("read", path)(std::io::Error::other(error)))
}

/// An upload in parts.
#[derive(Clone)]
struct Multipart {
    client: Client,
    bucket: String,
    key: String,
    id: String,
}

impl Multipart {
    async fn send(
        &self,
        path: &Path,
        size: u64,
        progress: &impl Fn(u64),
    ) -> Result<(), BatchError> {
        let length = PART.max(size.div_ceil(PARTS));
        let room = Arc::new(Semaphore::new(AT_ONCE));
        let mut tasks = JoinSet::new();
        for (number, start) in
            (1..).zip((0..size).step_by(usize::try_from(length).unwrap_or(usize::MAX)))
        {
            let (upload, path, room) = (self.clone(), path.to_owned(), Arc::clone(&room));
            let length = length.min(size - start);
            tasks.spawn(async move {
                // Nobody closes the semaphore, so this only waits.
                let _permit = room.acquire_owned().await;
                let body = part(&path, start, length).await?;
                upload.put(number, body).await.map(|part| (part, length))
            });
        }
        let (mut parts, mut arrived) = (Vec::new(), 0);
        while let Some(finished) = tasks.join_next().await {
            let (part, length) =
                finished.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))?;
            parts.push(part);
            arrived += length;
            progress(arrived);
        }
        parts.sort_by_key(CompletedPart::part_number);
        self.client
            .complete_multipart_upload()
            .bucket(&self.bucket)
            .key(&self.key)
            .upload_id(&self.id)
            .multipart_upload(
                CompletedMultipartUpload::builder()
                    .set_parts(Some(parts))
                    .build(),
            )
            .send()
            .await
            .map_err(service("complete the upload of the table"))?;
        Ok(())
    }

    async fn put(&self, number: i32, body: ByteStream) -> Result<CompletedPart, BatchError> {
        let answer = self
            .client
            .upload_part()
            .bucket(&self.bucket)
            .key(&self.key)
            .upload_id(&self.id)
            .part_number(number)
            .body(body)
            .send()
            .await
            .map_err(service(format!("upload part {number} of the table")))?;
        Ok(CompletedPart::builder()
            .part_number(number)
            .set_e_tag(answer.e_tag().map(str::to_owned))
            .build())
    }

    /// Gives the parts up. When that fails too, the error that led here is the one to tell.
    async fn abort(&self) {
        let _ = self
            .client
            .abort_multipart_upload()
            .bucket(&self.bucket)
            .key(&self.key)
            .upload_id(&self.id)
            .send()
            .await;
    }
}
