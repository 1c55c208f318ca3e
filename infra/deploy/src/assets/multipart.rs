//! Large files, in parts that are sent at the same time and found again after an upload that broke off.

use std::{collections::HashMap, sync::Arc};

use aws_sdk_s3::types::{
    ChecksumAlgorithm, CompletedMultipartUpload, CompletedPart, MultipartUpload,
};
use tokio::task::JoinSet;

use super::{
    Store, all_of, body,
    object::{Object, Part},
};
use crate::{Error, Event, error::service};

/// Two deployments of the same package send to one upload, and the faster completes it. For the slower it is gone then, and the
/// object is there; or somebody has given the upload up, and it has to begin anew.
pub(super) async fn put(store: &Arc<Store>, object: &Arc<Object>) -> Result<(), Error> {
    let sent = begin_or_continue(store, object).await;
    if !sent.as_ref().is_err_and(is_gone) {
        return sent;
    }
    if store.holds(object).await? {
        return Ok(());
    }
    let id = store.begin(object).await?;
    send_and_complete(store, object, id, HashMap::new()).await
}

async fn begin_or_continue(store: &Arc<Store>, object: &Arc<Object>) -> Result<(), Error> {
    let Some(id) = store.interrupted(object).await? else {
        let id = store.begin(object).await?;
        return send_and_complete(store, object, id, HashMap::new()).await;
    };
    let arrived = store.arrived(object, &id).await?;
    let bytes: u64 = (object.parts.iter())
        .filter(|part| arrived.contains_key(&part.number))
        .map(|part| part.length)
        .sum();
    if bytes > 0 {
        store.tell(Event::Resumed {
            key: object.key.clone(),
            bytes,
        });
    }
    send_and_complete(store, object, id, arrived).await
}

/// Sends the parts that have not arrived, and completes the upload.
async fn send_and_complete(
    store: &Arc<Store>,
    object: &Arc<Object>,
    id: String,
    arrived: HashMap<i32, String>,
) -> Result<(), Error> {
    let mut tasks = JoinSet::new();
    for index in 0..object.parts.len() {
        let (store, object, id) = (store.clone(), object.clone(), id.clone());
        let etag = arrived.get(&object.parts[index].number).cloned();
        tasks.spawn(async move {
            let part = &object.parts[index];
            let etag = match etag {
                Some(etag) => Some(etag),
                None => store.send(&object, part, &id).await?,
            };
            let completed = CompletedPart::builder()
                .part_number(part.number)
                .set_e_tag(etag)
                .checksum_sha256(&part.checksum);
            Ok(completed.build())
        });
    }
    let mut parts = all_of(&mut tasks).await?;
    parts.sort_by_key(CompletedPart::part_number);
    store.complete(object, &id, parts).await
}

impl Store {
    async fn begin(&self, object: &Object) -> Result<String, Error> {
        let _turn = self.requests.acquire().await;
        let created = self
            .client
            .create_multipart_upload()
            .bucket(&self.bucket.name)
            .key(&object.key)
            .checksum_algorithm(ChecksumAlgorithm::Sha256)
            .expected_bucket_owner(&self.bucket.owner)
            .send()
            .await
            .map_err(service(self.action("begin to upload", object, "to")))?;
        Ok(created.upload_id.unwrap_or_default())
    }

    /// The newest upload of this key that was never completed. There are few, for the key contains the content's hash.
    async fn interrupted(&self, object: &Object) -> Result<Option<String>, Error> {
        let _turn = self.requests.acquire().await;
        let listed = self
            .client
            .list_multipart_uploads()
            .bucket(&self.bucket.name)
            .prefix(&object.key)
            .expected_bucket_owner(&self.bucket.owner)
            .send()
            .await
            .map_err(service(self.action("look for parts of", object, "in")))?;
        let newest = listed
            .uploads
            .unwrap_or_default()
            .into_iter()
            .filter(|upload| is_continuable(upload, object))
            .max_by_key(|upload| upload.initiated);
        Ok(newest.and_then(|upload| upload.upload_id))
    }

    /// The `ETag`s of the parts that have arrived as they should be, by number. Others are sent again, which replaces them.
    async fn arrived(&self, object: &Object, id: &str) -> Result<HashMap<i32, String>, Error> {
        let mut found = HashMap::new();
        let mut pages = self
            .client
            .list_parts()
            .bucket(&self.bucket.name)
            .key(&object.key)
            .upload_id(id)
            .expected_bucket_owner(&self.bucket.owner)
            .into_paginator()
            .send();
        let _turn = self.requests.acquire().await;
        while let Some(page) = pages.next().await {
            let page = page.map_err(service(self.action("list the parts of", object, "in")))?;
            for part in page.parts.unwrap_or_default() {
                let checksum = part.checksum_sha256.as_deref();
                let expected = |ours: &&Part| {
                    Some(ours.number) == part.part_number && Some(&*ours.checksum) == checksum
                };
                if let (Some(ours), Some(etag)) = (object.parts.iter().find(expected), &part.e_tag)
                {
                    found.insert(ours.number, etag.clone());
                }
            }
        }
        Ok(found)
    }

    /// Sends a part and returns its `ETag`.
    async fn send(&self, object: &Object, part: &Part, id: &str) -> Result<Option<String>, Error> {
        let _turn = self.requests.acquire().await;
        let sent = self
            .client
            .upload_part()
            .bucket(&self.bucket.name)
            .key(&object.key)
            .upload_id(id)
            .part_number(part.number)
            .checksum_sha256(&part.checksum)
            .body(body(object, part).await?)
            .expected_bucket_owner(&self.bucket.owner)
            .send()
            .await
            .map_err(service(self.action("upload a part of", object, "to")))?;
        self.tell_sent(object, part);
        Ok(sent.e_tag)
    }

    async fn complete(
        &self,
        object: &Object,
        id: &str,
        parts: Vec<CompletedPart>,
    ) -> Result<(), Error> {
        let _turn = self.requests.acquire().await;
        let parts = CompletedMultipartUpload::builder().set_parts(Some(parts));
        self.client
            .complete_multipart_upload()
            .bucket(&self.bucket.name)
            .key(&object.key)
            .upload_id(id)
            .multipart_upload(parts.build())
            .expected_bucket_owner(&self.bucket.owner)
            .send()
            .await
            .map_err(service(self.action("complete", object, "in")))?;
        Ok(())
    }
}

fn is_gone(error: &Error) -> bool {
    matches!(error, Error::Service { code: Some(code), .. } if code == "NoSuchUpload")
}

/// The prefix finds longer keys too, and an upload that somebody else began may keep other checksums. Emulators may not say which.
fn is_continuable(upload: &MultipartUpload, object: &Object) -> bool {
    let algorithm = upload.checksum_algorithm.as_ref();
    upload.key.as_deref() == Some(&*object.key)
        && algorithm.is_none_or(|algorithm| *algorithm == ChecksumAlgorithm::Sha256)
}
