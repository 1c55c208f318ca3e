//! Memory does not grow with the number of images. Alone in its process, because the peak is that of the process.
#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, and helpers of tests are not marked as tests"
)]

use std::ops::Range;

use runs::{Bucket, Found, StoreError};
use serde_json::json;

#[path = "../peak/mod.rs"]
mod peak;

/// Bytes of each image: as many as are taken.
const IMAGE: u64 = 3_750_000;

/// A bucket with so many images, none of which is in memory.
struct Endless {
    images: u64,
}

impl Endless {
    fn found(key: &str) -> Found {
        Found {
            key: key.to_owned(),
            size: IMAGE,
            etag: String::new(),
        }
    }
}

impl Bucket for Endless {
    fn address(&self, key: &str) -> String {
        format!("s3://data/{key}")
    }

    fn find(&self, key: &str) -> Result<Option<Found>, StoreError> {
        Ok(Some(Self::found(key)))
    }

    fn read(&self, _: &Found, range: Range<u64>) -> Result<Vec<u8>, StoreError> {
        let mut image = b"GIF89a\x03\0\x05\0\0\0\0".to_vec();
        image.resize(usize::try_from(range.end).unwrap(), 0);
        Ok(image)
    }

    fn list(&self, prefix: &str) -> Result<Vec<Found>, StoreError> {
        let keys = (0..self.images).map(|number| format!("{prefix}{number:06}"));
        Ok(keys.map(|key| Self::found(&key)).collect())
    }
}

fn peak(images: u64) -> u64 {
    let request = json!({
        "images_s3_uri": "s3://data/covers/",
        "job_name_prefix": "covers",
        "model_id": "amazon.titan-embed-image-v1",
    });
    peak::peak(Endless { images }, request, images)
}

/// All of them would be a gigabyte with their base64. Sixteen are 140 MB, and allocators keep some of what is let go of.
#[test]
fn memory_does_not_grow_with_the_images() {
    let peak = peak(120);
    assert!(
        peak < 500,
        "{peak} MiB are too near to the 1,769 of the function"
    );
}
