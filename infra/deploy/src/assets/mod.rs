//! Files on their way to the asset bucket: streamed, several at a time, large ones in parts.

mod multipart;
mod object;

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use aws_sdk_s3::{
    Client,
    operation::head_object::HeadObjectError,
    primitives::{ByteStream, Length},
    types::{ChecksumAlgorithm, ChecksumMode},
};
use tokio::{
    sync::{Semaphore, mpsc},
    task::JoinSet,
    time::Instant,
};

use crate::{
    AssetBucket, Error, Event, Listener, Polling, Target, error::service, patience::Patience,
};
use object::{Object, Part};

pub(crate) use object::checksum;

/// How many requests are under way at once, over all files.
const REQUESTS: usize = 8;

/// A file for the asset bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// The file.
    pub path: PathBuf,
    /// Where it goes in the bucket. The key should contain the file's hash, so that what is deployed is never overwritten. If the
    /// name at its end, without an extension, is 64 hexadecimal digits, they have to be the file's SHA-256.
    pub key: String,
}

/// Brings the files into the bucket, at the same time; those that are there already stay.
///
/// Files over 16 MiB go in parts. What has arrived of them when an upload breaks off is not sent again by the next one; the
/// bucket forgets parts after a week. If a file fails, the others are still brought, and the first error is returned.
pub async fn upload(
    target: &Target,
    bucket: &AssetBucket,
    uploads: &[Upload],
    listener: &mut Listener<'_>,
) -> Result<(), Error> {
    let mut objects = Vec::with_capacity(uploads.len());
    for upload in uploads {
        objects.push(Arc::new(Object::read(upload).await?));
    }
    let (events, mut received) = mpsc::unbounded_channel();
    let store = Store {
        client: target.s3(),
        bucket: bucket.clone(),
        polling: target.polling(),
        is_told: AtomicBool::new(false),
        requests: Semaphore::new(REQUESTS),
        events,
    };
    let store = Arc::new(store);
    let mut tasks: JoinSet<Result<(), Error>> = objects
        .into_iter()
        .map(|object| bring(store.clone(), object))
        .collect();
    // The tasks hold the store from here on, so that the events end with them.
    drop(store);
    while let Some(event) = received.recv().await {
        listener(event);
    }
    all_of(&mut tasks).await?;
    Ok(())
}

/// What the tasks return, in the order in which they end, or the first error after all have ended.
async fn all_of<T: 'static>(tasks: &mut JoinSet<Result<T, Error>>) -> Result<Vec<T>, Error> {
    let mut results = Vec::with_capacity(tasks.len());
    while let Some(finished) = tasks.join_next().await {
        results
            .push(finished.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic())));
    }
    results.into_iter().collect()
}

/// How long a file is begun again and again. One request may take ten minutes by itself.
const TRYING: Duration = Duration::from_mins(10);

/// A fault that may pass is borne for a while. Then the file is begun again; what has arrived of it in parts is found there.
async fn bring(store: Arc<Store>, object: Arc<Object>) -> Result<(), Error> {
    let begun = Instant::now();
    let mut patience = Patience::new(store.polling);
    loop {
        match try_to_bring(&store, &object).await {
            Err(fault) if begun.elapsed() < TRYING => {
                let mut listener = |event| store.tell_once(event);
                patience.bear(fault, &mut listener).await?;
            }
            ended => return ended,
        }
    }
}

async fn try_to_bring(store: &Arc<Store>, object: &Arc<Object>) -> Result<(), Error> {
    let key = object.key.clone();
    if store.holds(object).await? {
        store.tell(Event::AlreadyUploaded { key });
        return Ok(());
    }
    store.tell(Event::Uploading {
        key: key.clone(),
        size: object.size,
    });
    match object.parts.as_slice() {
        [whole] => store.put(object, whole).await?,
        _ => multipart::put(store, object).await?,
    }
    store.tell(Event::Uploaded { key });
    Ok(())
}

/// The bucket, as all tasks see it.
struct Store {
    client: Client,
    bucket: AssetBucket,
    polling: Polling,
    /// Whether trouble was told of.
    is_told: AtomicBool,
    requests: Semaphore,
    events: mpsc::UnboundedSender<Event>,
}

impl Store {
    /// An object by that key with another checksum, or without a SHA-256, was not put there by us, and is put right.
    async fn holds(&self, object: &Object) -> Result<bool, Error> {
        let _turn = self.requests.acquire().await;
        let head = self
            .client
            .head_object()
            .bucket(&self.bucket.name)
            .key(&object.key)
            .checksum_mode(ChecksumMode::Enabled)
            .expected_bucket_owner(&self.bucket.owner)
            .send()
            .await;
        match head {
            Ok(head) => Ok(head.checksum_sha256() == Some(&*object.checksum())),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(HeadObjectError::is_not_found) =>
            {
                Ok(false)
            }
            Err(error) => Err(service(self.action("look for", object, "in"))(error)),
        }
    }

    async fn put(&self, object: &Object, whole: &Part) -> Result<(), Error> {
        let _turn = self.requests.acquire().await;
        self.client
            .put_object()
            .bucket(&self.bucket.name)
            .key(&object.key)
            .body(body(object, whole).await?)
            // The server of moto keeps no checksum without it.
            .checksum_algorithm(ChecksumAlgorithm::Sha256)
            .checksum_sha256(&whole.checksum)
            .expected_bucket_owner(&self.bucket.owner)
            .send()
            .await
            .map_err(service(self.action("upload", object, "to")))?;
        self.tell_sent(object, whole);
        Ok(())
    }

    fn tell(&self, event: Event) {
        // Nobody listens any more only when the upload as a whole was given up.
        let _ = self.events.send(event);
    }

    /// What befalls all files at once is told once.
    fn tell_once(&self, event: Event) {
        if !self.is_told.swap(true, Ordering::Relaxed) {
            self.tell(event);
        }
    }

    fn tell_sent(&self, object: &Object, part: &Part) {
        self.tell(Event::Sent {
            key: object.key.clone(),
            bytes: part.length,
        });
    }

    fn action(&self, verb: &str, object: &Object, preposition: &str) -> String {
        format!("{verb} {} {preposition} {}", object.key, self.bucket.name)
    }
}

/// A part of the file, read while it is sent, and once more if it has to be sent again.
async fn body(object: &Object, part: &Part) -> Result<ByteStream, Error> {
    ByteStream::read_from()
        .path(&object.path)
        .offset(part.offset)
        .length(Length::Exact(part.length))
        .build()
        .await
        .map_err(|error| object.error(std::io::Error::other(error)))
}
