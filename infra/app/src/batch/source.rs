//! The table and the prompts of a request, looked into before anything is sent, by the code that the functions use.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_s3::Client;
use runs::hub::{Hub, Patience};
use runs::{Bucket, Inputs, MemoryBucket, Premises, RunError, RunRows, blocking};
use shared::batch::layout::{PROMPTS, TEMPLATES};
use shared::batch::request::{Prompt, Run, RunRequest};
use shared::batch::source::S3Uri;
use shared::contracts::batch::RunPolicy;
use tokio::runtime::Handle;

use super::buckets::{LocalFile, S3Bucket};
use super::metered::Metered;
use super::sample::{Rows, Sample, take};
use super::{BatchError, Order, key_of};

/// Bytes of CSV that are read to count its rows; a longer table is counted by its size.
const COUNTED: u64 = 256 << 20;

/// The name under which ids of records are made where the table has none.
const SAMPLE: &str = "sample";

/// The Hub's address, and what says another, as in the Hub's own tools.
const HUB: (&str, &str) = ("HF_ENDPOINT", "https://huggingface.co");

/// What says the token for datasets that need one, as in the Hub's own tools.
const HUB_TOKEN: &str = "HF_TOKEN";

/// Where the table and the prompts of a request are read.
#[derive(Clone)]
pub(crate) struct Source {
    premises: Premises,
    /// The bucket of the table; none for a dataset.
    table: Option<Arc<Metered>>,
}

impl Source {
    /// Prepares to read what an order names. `stack` is the bucket of the stack, where prompts may have been added.
    pub(crate) fn of(
        order: &Order,
        client: &Client,
        stack: Option<&str>,
    ) -> Result<Self, BatchError> {
        let (client, runtime) = (client.clone(), Handle::current());
        let s3 = move |name: &str| S3Bucket {
            client: client.clone(),
            runtime: runtime.clone(),
            name: name.to_owned(),
        };
        let uri = order.request.s3_uri.as_ref();
        let uri = uri.or(order.request.images_s3_uri.as_ref());
        let uri = uri.and_then(|uri| uri.trim().parse::<S3Uri>().ok());
        let table = match (&order.file, &uri) {
            (Some(path), Some(uri)) => Some(Metered::new(LocalFile {
                path: path.clone(),
                key: key_of(path)?,
                bucket: s3(&uri.bucket),
            })),
            (None, Some(uri)) => Some(Metered::new(s3(&uri.bucket))),
            (_, None) => None,
        };
        let table = table.map(Arc::new);
        let buckets = uri.zip(table.clone()).map(|(uri, table)| {
            let table: Arc<dyn Bucket> = table;
            (uri.bucket, table)
        });
        let prompts: Arc<dyn Bucket> = match stack {
            Some(bucket) => Arc::new(s3(bucket)),
            None => Arc::new(MemoryBucket::new("none")),
        };
        Ok(Self {
            premises: Premises {
                inputs: Inputs {
                    buckets: buckets.into_iter().collect::<BTreeMap<_, _>>(),
                    elsewhere: Some(Arc::new(move |name| Arc::new(s3(name)))),
                    hub: hub(&order.request)?,
                },
                prompts,
                templates: format!("{PROMPTS}{TEMPLATES}"),
                policy: RunPolicy::default(),
            },
            table,
        })
    }

    /// Holds a request against the rules that hold everywhere. Which buckets a run may read, and which bounds hold where it
    /// names none, only the stack knows: it says so before anything is sent.
    pub(crate) async fn understand(&self, request: &RunRequest) -> Result<Run, BatchError> {
        let (source, request) = (self.clone(), request.clone());
        Ok(blocking(move || source.premises.understand(&request)).await?)
    }

    /// Takes the first rows of the table, and counts or estimates how many there are. Their images are read.
    pub(crate) async fn sample(
        &self,
        request: &RunRequest,
        wanted: u64,
    ) -> Result<Sample, BatchError> {
        let (source, request) = (self.clone(), request.clone());
        let sampled = blocking(move || {
            let rows = source.premises.rows(&request, SAMPLE)?;
            let number = source.count(&rows)?;
            take(&rows, number, wanted)
        });
        Ok(sampled.await?)
    }

    /// Parquet tells its rows in its footers. CSV is read, as far as [`COUNTED`], and taken to go on like that.
    fn count(&self, rows: &RunRows) -> Result<Rows, RunError> {
        let is_routed = matches!(rows.run.prompt, Prompt::Routed(_));
        let table = match &self.table {
            Some(table) if table.has_csv() || is_routed => table,
            _ => return Ok(Rows::Exactly(rows.count(u64::MAX)?)),
        };
        let (before, whole) = (table.read_bytes(), table.found_bytes());
        let mut counted = 0;
        for batch in rows.rows()? {
            counted += batch?.num_rows() as u64;
            let read = table.read_bytes() - before;
            if read >= COUNTED && read < whole {
                return Ok(Rows::About(scaled(counted, read, whole)));
            }
        }
        Ok(Rows::Exactly(counted))
    }
}

/// Rows of a whole of which a part of `bytes` has `rows`.
fn scaled(rows: u64, bytes: u64, whole: u64) -> u64 {
    let rows = u128::from(rows) * u128::from(whole) / u128::from(bytes.max(1));
    u64::try_from(rows).unwrap_or(u64::MAX)
}

/// The Hub, for requests that name a dataset. Whoever waits for an estimate is less patient than a run.
fn hub(request: &RunRequest) -> Result<Option<Hub>, BatchError> {
    if request.dataset_id.is_none() {
        return Ok(None);
    }
    let patience = Patience {
        attempts: 2,
        pause: Duration::from_secs(1),
        longest: Duration::from_secs(5),
    };
    let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    let base = set(HUB.0).unwrap_or_else(|| HUB.1.to_owned());
    let hub = Hub::new(&base, set(HUB_TOKEN).as_deref(), patience);
    Ok(Some(hub.map_err(RunError::from)?))
}

#[cfg(test)]
mod tests {
    use super::scaled;

    #[test]
    fn the_rest_of_a_table_is_like_its_beginning() {
        assert_eq!(scaled(1_000, 64, 640), 10_000);
        assert_eq!(scaled(0, 0, 640), 0);
        assert_eq!(scaled(u64::MAX, 1, 2), u64::MAX);
    }
}
