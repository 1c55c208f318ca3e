//! What several tests need.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use flate2::Compression;
use flate2::write::GzEncoder;
use parquet::arrow::ArrowWriter;
use runs::hub::Hub;
use runs::{Bucket, Inputs, MemoryBucket};
use shared::batch::source::Source;
use tables::input::Batches;

/// A bucket of this name, alone.
pub(crate) fn inputs(bucket: &MemoryBucket) -> Inputs {
    let bucket: Arc<dyn Bucket> = Arc::new(bucket.clone());
    Inputs {
        buckets: BTreeMap::from([("data".to_owned(), bucket)]),
        elsewhere: None,
        hub: None,
    }
}

/// No bucket, but the Hub.
pub(crate) fn of_hub(hub: Hub) -> Inputs {
    Inputs {
        buckets: BTreeMap::new(),
        elsewhere: None,
        hub: Some(hub),
    }
}

pub(crate) fn s3(key: &str) -> Source {
    Source::S3(format!("s3://data/{key}").parse().unwrap())
}

/// Parquet with the columns `topic` and `number`.
pub(crate) fn parquet(topics: &[&str]) -> Vec<u8> {
    let numbers: Int64Array = (0..).take(topics.len()).map(Some).collect();
    let columns = [
        (
            "topic",
            Arc::new(StringArray::from(topics.to_vec())) as ArrayRef,
        ),
        ("number", Arc::new(numbers) as ArrayRef),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap()
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The first column of all rows, as text.
pub(crate) fn first_column(rows: Batches) -> Vec<String> {
    let mut cells = Vec::new();
    for batch in rows {
        let batch = batch.unwrap();
        let column = batch.column(0).as_any().downcast_ref::<StringArray>();
        cells.extend(
            column
                .unwrap()
                .iter()
                .map(|cell| cell.unwrap_or("null").to_owned()),
        );
    }
    cells
}
