//! One archive through the function: a thread reads and inflates, tasks upload, and neither gets far ahead.

use std::ops::Range;
use std::sync::Arc;

use shared::contracts::SkippedEntry;
use tokio::runtime::Handle;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

use crate::archive::{Archive, ArchiveError, Image, Outcome};
use crate::name;
use crate::source::Fetch;
use crate::store::{Found, Store, StoreError};

/// Uploads at a time: small images wait for S3's latency, not for bandwidth.
const UPLOADS: usize = 16;
/// The unit in which images in flight are counted, so that the count of the largest fits a semaphore.
const BLOCK: u64 = 4 << 10;

/// What was done with an archive.
#[derive(Debug, Default)]
pub(crate) struct Extracted {
    pub(crate) images: u32,
    pub(crate) ignored: u32,
    pub(crate) skipped: Vec<SkippedEntry>,
}

/// Extracts an archive into its folder.
pub(crate) async fn extract<S: Store>(
    store: &Arc<S>,
    key: &str,
    found: &Found,
) -> Result<Extracted, ArchiveError> {
    let fetch = StoreFetch {
        store: Arc::clone(store),
        runtime: Handle::current(),
        key: key.to_owned(),
        found: found.clone(),
    };
    let (limits, size) = (store.limits().clone(), found.size);
    let (sender, receiver) = mpsc::channel(1);
    // The `zip` crate reads and seeks synchronously, so it has a thread of its own.
    let reading = tokio::task::spawn_blocking(move || {
        let archive = Archive::open(fetch, size, &limits)?;
        let ignored = archive.ignored();
        archive.extract(|outcome| sender.blocking_send(outcome).is_ok())?;
        Ok::<_, ArchiveError>(ignored)
    });
    let uploaded = upload_all(store, &name::folder_of(key), receiver).await;
    let read = reading
        .await
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()));
    let mut extracted = uploaded?;
    extracted.ignored = read?;
    Ok(extracted)
}

/// Uploads what arrives; an error drops the receiver, which stops the reading thread.
async fn upload_all<S: Store>(
    store: &Arc<S>,
    folder: &str,
    mut receiver: mpsc::Receiver<Outcome>,
) -> Result<Extracted, StoreError> {
    let mut extracted = Extracted::default();
    let mut uploads = Uploads::new(store);
    while let Some(outcome) = receiver.recv().await {
        match outcome {
            Outcome::Skipped(entry) => extracted.skipped.push(entry),
            Outcome::Image(image) => {
                uploads.start(folder, image).await?;
                extracted.images += 1;
            }
        }
    }
    uploads.finish().await?;
    Ok(extracted)
}

/// Uploads under way, bounded in number and in bytes.
struct Uploads<S> {
    store: Arc<S>,
    tasks: JoinSet<Result<(), StoreError>>,
    room: Arc<Semaphore>,
    blocks: u32,
}

impl<S: Store> Uploads<S> {
    fn new(store: &Arc<S>) -> Self {
        let blocks = blocks(store.limits().entry_bytes);
        Self {
            store: Arc::clone(store),
            tasks: JoinSet::new(),
            room: Arc::new(Semaphore::new(blocks as usize)),
            blocks,
        }
    }

    async fn start(&mut self, folder: &str, image: Image) -> Result<(), StoreError> {
        while self.tasks.len() >= UPLOADS {
            self.finish_one().await?;
        }
        let needed = blocks(image.bytes.len() as u64).min(self.blocks);
        let room = Arc::clone(&self.room).acquire_many_owned(needed).await;
        let store = Arc::clone(&self.store);
        let key = format!("{folder}/{}", image.path);
        self.tasks.spawn(async move {
            let written = store
                .write(&key, image.format.content_type(), image.bytes)
                .await;
            drop(room);
            written
        });
        Ok(())
    }

    async fn finish(mut self) -> Result<(), StoreError> {
        while !self.tasks.is_empty() {
            self.finish_one().await?;
        }
        Ok(())
    }

    async fn finish_one(&mut self) -> Result<(), StoreError> {
        match self.tasks.join_next().await {
            None => Ok(()),
            Some(Ok(written)) => written,
            Some(Err(panic)) => std::panic::resume_unwind(panic.into_panic()),
        }
    }
}

fn blocks(bytes: u64) -> u32 {
    u32::try_from(bytes.div_ceil(BLOCK).max(1)).unwrap_or(u32::MAX)
}

/// Lets the reading thread ask the runtime for bytes.
struct StoreFetch<S> {
    store: Arc<S>,
    runtime: Handle,
    key: String,
    found: Found,
}

impl<S: Store> Fetch for StoreFetch<S> {
    fn fetch(&mut self, range: Range<u64>) -> Result<Vec<u8>, StoreError> {
        self.runtime
            .block_on(self.store.read(&self.key, range, &self.found))
    }
}
