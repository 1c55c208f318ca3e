use std::{path::PathBuf, sync::Arc};

use aws_sdk_s3::{
    Client, operation::head_object::HeadObjectError, primitives::ByteStream, types::ChecksumMode,
};
use sha2::{Digest, Sha256};
use tokio::task::JoinSet;

use crate::{AssetBucket, Error, Event, Listener, Target, error::service};

/// A file for the asset bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// The file.
    pub path: PathBuf,
    /// Where it goes in the bucket. The key should contain the file's hash, so that what is deployed is never overwritten.
    pub key: String,
}

/// An object on its way to the bucket.
struct Object {
    key: String,
    bytes: Vec<u8>,
    checksum: String,
}

/// Brings the files into the bucket, at the same time; those that are there already stay.
pub async fn upload(
    target: &Target,
    bucket: &AssetBucket,
    uploads: &[Upload],
    listener: &mut Listener<'_>,
) -> Result<(), Error> {
    let client = target.s3();
    let bucket = Arc::new(bucket.clone());
    let mut tasks = JoinSet::new();
    for upload in uploads {
        let object = read(upload).await?;
        if is_present(&client, &bucket, &object).await? {
            listener(Event::AlreadyUploaded { key: object.key });
            continue;
        }
        listener(Event::Uploading {
            key: object.key.clone(),
            size: object.bytes.len() as u64,
        });
        tasks.spawn(put(client.clone(), bucket.clone(), object));
    }
    while let Some(finished) = tasks.join_next().await {
        let key = finished.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))?;
        listener(Event::Uploaded { key });
    }
    Ok(())
}

async fn read(upload: &Upload) -> Result<Object, Error> {
    let bytes = tokio::fs::read(&upload.path)
        .await
        .map_err(|source| Error::Asset {
            path: upload.path.clone(),
            source,
        })?;
    Ok(Object {
        key: upload.key.clone(),
        checksum: checksum(&bytes),
        bytes,
    })
}

/// An object by that key with another checksum was not put there by us, and is put right.
async fn is_present(client: &Client, bucket: &AssetBucket, object: &Object) -> Result<bool, Error> {
    let head = client
        .head_object()
        .bucket(&bucket.name)
        .key(&object.key)
        .checksum_mode(ChecksumMode::Enabled)
        .expected_bucket_owner(&bucket.owner)
        .send()
        .await;
    match head {
        Ok(head) => Ok(head
            .checksum_sha256()
            .is_none_or(|found| found == object.checksum)),
        Err(error)
            if error
                .as_service_error()
                .is_some_and(HeadObjectError::is_not_found) =>
        {
            Ok(false)
        }
        Err(error) => Err(service(format!(
            "look for {} in {}",
            object.key, bucket.name
        ))(error)),
    }
}

async fn put(client: Client, bucket: Arc<AssetBucket>, object: Object) -> Result<String, Error> {
    client
        .put_object()
        .bucket(&bucket.name)
        .key(&object.key)
        .body(ByteStream::from(object.bytes))
        .checksum_sha256(object.checksum)
        .expected_bucket_owner(&bucket.owner)
        .send()
        .await
        .map_err(service(format!("upload {} to {}", object.key, bucket.name)))?;
    Ok(object.key)
}

/// The SHA-256 as S3 writes it, in base64. S3 refuses an upload that does not match.
pub(crate) fn checksum(bytes: &[u8]) -> String {
    aws_smithy_types::base64::encode(Sha256::digest(bytes))
}
