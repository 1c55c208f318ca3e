//! Writing large objects in parts.

use std::mem;

use aws_sdk_s3::Client;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{ChecksumAlgorithm, CompletedMultipartUpload, CompletedPart};
use tokio::task::{JoinError, JoinSet};

use super::{Location, ObjectWriter};
use crate::run::{Error, ErrorKind};

/// Bytes from which a part is sent. The service takes 5 MiB and more of every part but the last.
const PART: usize = 8 * 1024 * 1024;
/// Parts that are on their way at once.
const IN_FLIGHT: usize = 3;
/// Most parts of an object, which makes the largest object about 78 GiB.
const MOST_PARTS: i32 = 10_000;

const UPLOAD: &str = "UploadPart";
const COMPLETE: &str = "CompleteMultipartUpload";

/// An object that is being written piece by piece. Nothing of it can be seen before [`Upload::finish`] has succeeded; an
/// upload that failed or was dropped leaves parts that nobody sees, which the lifecycle rule of the bucket clears.
///
/// It holds at most four parts: three on their way and one that is being filled, each of 8 MiB and at most one
/// [push](Upload::push) more. Small objects are written in one request.
#[derive(Debug)]
pub struct Upload {
    target: Target,
    waiting: Vec<u8>,
    id: Option<String>,
    /// Parts that were begun.
    begun: i32,
    in_flight: JoinSet<Result<CompletedPart, Error>>,
    done: Vec<CompletedPart>,
}

#[derive(Clone, Debug)]
struct Target {
    writer: ObjectWriter,
    key: String,
    content_type: String,
}

impl Upload {
    pub(super) fn new(writer: &ObjectWriter, key: &str, content_type: &str) -> Self {
        Self {
            target: Target {
                writer: writer.clone(),
                key: key.to_owned(),
                content_type: content_type.to_owned(),
            },
            waiting: Vec::new(),
            id: None,
            begun: 0,
            in_flight: JoinSet::new(),
            done: Vec::new(),
        }
    }

    /// Appends bytes. Waits while three parts are on their way. Parts are sent by tasks of the runtime, so a caller on a
    /// thread of its own goes on computing meanwhile.
    ///
    /// # Errors
    /// When the key is outside the port, [`ErrorKind::TooLarge`], and what calls for this part or an earlier one fail with.
    /// After an error the upload is to be dropped.
    pub async fn push(&mut self, mut bytes: Vec<u8>) -> Result<(), Error> {
        self.target
            .location()
            .check("PutObject", &self.target.key)?;
        if self.waiting.is_empty() {
            self.waiting = bytes;
        } else {
            self.waiting.append(&mut bytes);
        }
        if self.waiting.len() >= PART {
            self.send_part().await?;
        }
        Ok(())
    }

    /// Makes the object appear, with all that was pushed, and replaces one of the same key.
    ///
    /// # Errors
    /// When the key is outside the port, and what calls fail with. Nothing has appeared then, unless the answer to the last
    /// request was lost.
    pub async fn finish(mut self) -> Result<(), Error> {
        let Some(id) = self.id.clone() else {
            let Target {
                writer,
                key,
                content_type,
            } = &self.target;
            return writer.put(key, self.waiting, content_type).await;
        };
        if !self.waiting.is_empty() {
            self.send_part().await?;
        }
        while let Some(part) = self.in_flight.join_next().await {
            self.keep(part)?;
        }
        if i32::try_from(self.done.len()) != Ok(self.begun) {
            let message = "an earlier part was not written: begin the upload again".to_owned();
            return Err(self.target.error(ErrorKind::Invalid, COMPLETE, message));
        }
        self.done.sort_by_key(|part| part.part_number);
        self.target.complete(&id, self.done).await
    }

    async fn send_part(&mut self) -> Result<(), Error> {
        if self.begun == MOST_PARTS {
            let message = format!("an object has at most {MOST_PARTS} parts");
            return Err(self.target.error(ErrorKind::TooLarge, UPLOAD, message));
        }
        while self.in_flight.len() >= IN_FLIGHT {
            if let Some(part) = self.in_flight.join_next().await {
                self.keep(part)?;
            }
        }
        let id = match &self.id {
            Some(id) => id.clone(),
            None => self.id.insert(self.target.begin().await?).clone(),
        };
        self.begun += 1;
        let (target, number) = (self.target.clone(), self.begun);
        let body = mem::take(&mut self.waiting);
        self.in_flight
            .spawn(async move { target.part(&id, number, body).await });
        Ok(())
    }

    fn keep(&mut self, part: Result<Result<CompletedPart, Error>, JoinError>) -> Result<(), Error> {
        let part = part.map_err(|error| {
            let message = format!("the task that sent a part ended early: {error}");
            self.target.error(ErrorKind::Unavailable, UPLOAD, message)
        })??;
        self.done.push(part);
        Ok(())
    }
}

impl Target {
    fn client(&self) -> &Client {
        &self.writer.client
    }

    fn location(&self) -> &Location {
        &self.writer.location
    }

    fn uri(&self) -> String {
        self.location().uri(&self.key)
    }

    fn error(&self, kind: ErrorKind, operation: &'static str, message: String) -> Error {
        Error::local(kind, operation, self.uri(), message)
    }

    /// The checksum is named here because the service refuses parts with one that it was not told of.
    async fn begin(&self) -> Result<String, Error> {
        const OPERATION: &str = "CreateMultipartUpload";
        let answer = self
            .client()
            .create_multipart_upload()
            .bucket(self.location().bucket())
            .key(&self.key)
            .content_type(&self.content_type)
            .checksum_algorithm(ChecksumAlgorithm::Crc32)
            .send()
            .await
            .map_err(|error| Error::of_sdk(OPERATION, self.uri(), &error))?;
        answer.upload_id.ok_or_else(|| {
            let message = "the service gave no upload id".to_owned();
            self.error(ErrorKind::Unavailable, OPERATION, message)
        })
    }

    async fn part(&self, id: &str, number: i32, body: Vec<u8>) -> Result<CompletedPart, Error> {
        let answer = self
            .client()
            .upload_part()
            .bucket(self.location().bucket())
            .key(&self.key)
            .upload_id(id)
            .part_number(number)
            .checksum_algorithm(ChecksumAlgorithm::Crc32)
            .body(ByteStream::from(body))
            .send()
            .await
            .map_err(|error| Error::of_sdk(UPLOAD, self.uri(), &error))?;
        Ok(CompletedPart::builder()
            .part_number(number)
            .set_e_tag(answer.e_tag)
            .set_checksum_crc32(answer.checksum_crc32)
            .build())
    }

    async fn complete(&self, id: &str, parts: Vec<CompletedPart>) -> Result<(), Error> {
        let parts = CompletedMultipartUpload::builder()
            .set_parts(Some(parts))
            .build();
        self.client()
            .complete_multipart_upload()
            .bucket(self.location().bucket())
            .key(&self.key)
            .upload_id(id)
            .multipart_upload(parts)
            .send()
            .await
            .map(drop)
            .map_err(|error| Error::of_sdk(COMPLETE, self.uri(), &error))
    }
}
