//! The ports of a contract as buckets, for a thread that waits.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use shared::batch::request::RunRequest;
use shared::run::{
    self, BucketsReader, ErrorKind, ObjectLister, ObjectReader, ObjectWriter, SecretReader,
};
use tokio::runtime::Handle;

use crate::error::StoreError;
use crate::hub::{Hub, Patience};
use crate::store::{Bucket, Destination, Found, Upload};
use crate::table::Inputs;

/// Does work that waits on a thread of its own. The runtime goes on meanwhile, and carries the calls that the work makes.
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))
}

/// Where a request may find its table: the buckets, and the Hub with its token when a dataset is asked for.
///
/// # Errors
/// When the token cannot be read, or the Hub has no usable address.
pub async fn port_inputs(
    buckets: &BucketsReader,
    (hub_url, hub_token): (&str, &SecretReader),
    request: &RunRequest,
) -> Result<Inputs, StoreError> {
    let mut inputs = Inputs {
        buckets: BTreeMap::new(),
        elsewhere: None,
        hub: None,
    };
    for name in buckets.buckets() {
        let bucket = PortBucket::new(&buckets.reader(name)?, &buckets.lister(name)?);
        inputs.buckets.insert(name.clone(), Arc::new(bucket));
    }
    if request.dataset_id.is_some() {
        let token = hub_token.get().await?;
        inputs.hub = Some(Hub::new(hub_url, token.as_deref(), Patience::default())?);
    }
    Ok(inputs)
}

/// A bucket behind the ports that read and list it.
#[derive(Clone, Debug)]
pub struct PortBucket {
    reader: ObjectReader,
    lister: ObjectLister,
    runtime: Handle,
}

impl PortBucket {
    /// # Panics
    /// Outside of a runtime.
    #[must_use]
    pub fn new(reader: &ObjectReader, lister: &ObjectLister) -> Self {
        Self {
            reader: reader.clone(),
            lister: lister.clone(),
            runtime: Handle::current(),
        }
    }

    /// What every key begins with.
    #[must_use]
    pub fn prefix(&self) -> &str {
        self.reader.location().prefix()
    }
}

impl Bucket for PortBucket {
    fn address(&self, key: &str) -> String {
        format!("s3://{}/{key}", self.reader.bucket())
    }

    fn find(&self, key: &str) -> Result<Option<Found>, StoreError> {
        match self.runtime.block_on(self.reader.head(key)) {
            Ok(head) => Ok(Some(Found {
                key: key.to_owned(),
                size: head.size,
                etag: head.etag,
            })),
            Err(error) if error.kind == ErrorKind::Missing => Ok(None),
            // What is missing is told as denied where listing is allowed below a prefix only. The list knows.
            Err(error) if error.kind == ErrorKind::Denied => {
                let listed = self.list(key)?;
                if listed.iter().any(|object| object.key == key) {
                    return Err(error.into());
                }
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    fn read(&self, object: &Found, range: Range<u64>) -> Result<Vec<u8>, StoreError> {
        let read = self
            .reader
            .get_range(&object.key, range, Some(&object.etag));
        Ok(self.runtime.block_on(read)?)
    }

    fn list(&self, prefix: &str) -> Result<Vec<Found>, StoreError> {
        let entries = self.runtime.block_on(self.lister.list(prefix))?;
        let found = entries.into_iter().map(|entry| Found {
            key: entry.key,
            size: entry.size,
            etag: entry.etag,
        });
        Ok(found.collect())
    }
}

/// A bucket behind the port that writes to it.
#[derive(Clone, Debug)]
pub struct PortDestination {
    writer: ObjectWriter,
    runtime: Handle,
}

impl PortDestination {
    /// # Panics
    /// Outside of a runtime.
    #[must_use]
    pub fn new(writer: &ObjectWriter) -> Self {
        Self {
            writer: writer.clone(),
            runtime: Handle::current(),
        }
    }
}

impl Destination for PortDestination {
    fn begin(&self, key: &str, content_type: &str) -> Box<dyn Upload> {
        Box::new(PortUpload {
            upload: self.writer.upload(key, content_type),
            runtime: self.runtime.clone(),
        })
    }
}

struct PortUpload {
    upload: run::Upload,
    runtime: Handle,
}

impl Upload for PortUpload {
    fn push(&mut self, bytes: Vec<u8>) -> Result<(), StoreError> {
        Ok(self.runtime.block_on(self.upload.push(bytes))?)
    }

    fn finish(self: Box<Self>) -> Result<(), StoreError> {
        let Self { upload, runtime } = *self;
        Ok(runtime.block_on(upload.finish())?)
    }
}
