//! The images of rows: found, judged, and few at a time.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use image::{DynamicImage, ImageFormat, RgbImage};
use proptest::prelude::*;
use runs::{
    Bucket, Found, Inputs, MemoryBucket, Premises, RunError, RunRows, StoreError, TableFailure,
};
use serde_json::{Value, json};
use shared::contracts::batch::{RunFailure, RunPolicy};
use shared::run::Fails as _;
use tables::chunks::{ChunkPlan, write_chunks};
use tables::{Files, TableError};

/// Bytes of an image of the largest size that is taken.
const LARGEST: usize = 3_750_000;

pub(crate) fn picture(format: ImageFormat, width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let picture = DynamicImage::ImageRgb8(RgbImage::new(width, height));
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn premises(buckets: BTreeMap<String, Arc<dyn Bucket>>) -> Premises {
    let prompts = MemoryBucket::new("prompts");
    prompts.put("templates.json", r#"{"describe": "What is it?"}"#);
    Premises {
        inputs: Inputs {
            buckets,
            elsewhere: None,
            hub: None,
        },
        prompts: Arc::new(prompts),
        templates: "templates.json".to_owned(),
        policy: RunPolicy::default(),
    }
}

fn rows(bucket: &Arc<dyn Bucket>, fields: &Value) -> Result<RunRows, RunError> {
    let mut request = json!({
        "job_name_prefix": "covers",
        "model_id": "anthropic.claude-haiku-4-5-20251001-v1:0",
        "prompt_id": "describe",
    });
    for (name, value) in fields.as_object().unwrap() {
        request[name] = value.clone();
    }
    let request = serde_json::from_value(request).unwrap();
    let buckets = BTreeMap::from([("data".to_owned(), Arc::clone(bucket))]);
    premises(buckets).rows(&request, "arn:run")
}

/// What becomes of all rows: the lines for the model, and the reasons of those that are rejected.
fn written(rows: &RunRows) -> Result<(Vec<Value>, Vec<String>), TableFailure> {
    let count = rows.count(u64::MAX).unwrap();
    let plan = ChunkPlan {
        run_id: "run",
        sizes: &[count],
        row_group_bytes: 1 << 20,
    };
    let mut files = Memory::default();
    let (table, bodies) = rows.records().unwrap();
    write_chunks(table, &rows.fields, &plan, &mut files, |row, out| {
        bodies.write(row, out)
    })
    .map_err(|error| rows.table().explain(error))?;
    let lines = |name: &str| -> Vec<Value> {
        let bytes = files.0.get(name).map(Vec::as_slice).unwrap_or_default();
        let lines = serde_json::Deserializer::from_slice(bytes).into_iter();
        lines.map(Result::unwrap).collect()
    };
    let reasons = lines("0000.rejected.jsonl").into_iter();
    let reasons = reasons.map(|line| line["message"].as_str().unwrap().to_owned());
    Ok((lines("0000.jsonl"), reasons.collect()))
}

#[derive(Default)]
struct Memory(BTreeMap<String, Vec<u8>>);

impl Files for Memory {
    type File = Vec<u8>;

    fn create(&mut self, _: &str) -> std::io::Result<Vec<u8>> {
        Ok(Vec::new())
    }

    fn finish(&mut self, name: &str, file: Vec<u8>) -> std::io::Result<()> {
        self.0.insert(name.to_owned(), file);
        Ok(())
    }
}

fn data(bucket: &MemoryBucket) -> Arc<dyn Bucket> {
    Arc::new(bucket.clone())
}

/// The only image of a prefix: its line for the model, or why there is none.
fn one(bytes: Vec<u8>) -> Result<Value, String> {
    let bucket = MemoryBucket::new("data");
    bucket.put("covers/it.png", bytes);
    let rows = rows(
        &data(&bucket),
        &json!({"images_s3_uri": "s3://data/covers/"}),
    )
    .unwrap();
    let (mut lines, mut reasons) = written(&rows).unwrap();
    lines.pop().ok_or_else(|| reasons.pop().unwrap())
}

#[test]
fn a_prefix_is_a_row_for_each_image_in_the_order_of_keys() {
    let bucket = MemoryBucket::new("data");
    let image = picture(ImageFormat::Png, 2, 2);
    for key in [
        "covers/b.png",
        "covers/a/2.jpg",
        "covers/a/10.jpg",
        "covers/",
        "covers/_SUCCESS",
        "covers/.thumbs/x.png",
        "covers2/c.png",
    ] {
        bucket.put(key, image.clone());
    }
    let all = json!({"images_s3_uri": "s3://data/covers/"});
    let rows = rows(&data(&bucket), &all).unwrap();
    assert_eq!(
        (rows.count(u64::MAX).unwrap(), rows.count(2).unwrap()),
        (3, 2)
    );
    let uris = super::support::first_column(rows.rows().unwrap());
    assert_eq!(
        uris,
        [
            "s3://data/covers/a/10.jpg",
            "s3://data/covers/a/2.jpg",
            "s3://data/covers/b.png"
        ]
    );
}

#[test]
fn a_prefix_without_images_is_refused() {
    let bucket = MemoryBucket::new("data");
    bucket.put("covers/", "");
    let refused = rows(
        &data(&bucket),
        &json!({"images_s3_uri": "s3://data/covers/"}),
    );
    let error = refused.map(drop).unwrap_err();
    assert_eq!(error.failure(), Some(RunFailure::InvalidRequest));
    assert!(
        error
            .to_string()
            .starts_with("there are no images below `s3://data/covers/`: upload some there"),
        "{error}"
    );
}

#[test]
fn the_content_decides_and_not_the_name() {
    for (format, name) in [
        (ImageFormat::Jpeg, "jpeg"),
        (ImageFormat::Png, "png"),
        (ImageFormat::Gif, "gif"),
        (ImageFormat::WebP, "webp"),
    ] {
        let line = one(picture(format, 3, 5)).unwrap();
        let source = &line["modelInput"]["messages"][0]["content"][0]["source"];
        assert_eq!(source["media_type"], format!("image/{name}"));
    }
}

#[test]
fn what_models_do_not_take_is_rejected_with_its_reason() {
    let png = picture(ImageFormat::Png, 3, 5);
    let mut heavy = png.clone();
    heavy.resize(LARGEST, 0);
    assert!(one(heavy.clone()).is_ok());
    heavy.push(0);
    assert!(one(picture(ImageFormat::Png, 8_000, 1)).is_ok());
    for (bytes, reason) in [
        (heavy, "has 3750001 bytes, and models take 3750000"),
        (
            picture(ImageFormat::Png, 8_001, 1),
            "has 8001 x 1 pixels, and models take 8000 on a side",
        ),
        (
            picture(ImageFormat::WebP, 1, 8_001),
            "has 1 x 8001 pixels, and models take 8000 on a side",
        ),
        (Vec::new(), "is empty"),
        (
            b"<svg/>".to_vec(),
            "begins like no JPEG, PNG, GIF or WebP image",
        ),
        (
            b"II*\0 a picture of a scanner".to_vec(),
            "begins like no JPEG",
        ),
        (png[..20].to_vec(), "cannot be read as png: "),
        (vec![0xFF, 0xD8, 0xFF, 0xE0], "cannot be read as jpeg: "),
    ] {
        let rejected = one(bytes).unwrap_err();
        assert!(
            rejected.starts_with("`s3://data/covers/it.png` "),
            "{rejected}"
        );
        assert!(rejected.contains(reason), "{rejected}");
    }
}

#[test]
fn a_column_names_images_anywhere_that_runs_may_read() {
    let bucket = MemoryBucket::new("data");
    bucket.put("a/it", picture(ImageFormat::Gif, 3, 5));
    bucket.put("denied", picture(ImageFormat::Gif, 3, 5));
    let denied = StoreError::new(RunFailure::Broken, "reading is denied");
    bucket.fail("denied", denied);
    let cells = [
        "s3://data/a/it",
        "",
        "a/it",
        "s3://data/a/",
        "s3://theirs/it",
        "s3://data/a/that",
        "s3://data/denied",
        "s3://data/a/it",
    ];
    bucket.put("table.csv", format!("cover,n\n{},0\n", cells.join(",0\n")));
    let fields = json!({"s3_uri": "s3://data/table.csv", "image_column": "cover"});
    let (lines, reasons) = written(&rows(&data(&bucket), &fields).unwrap()).unwrap();
    let ids: Vec<&str> = lines
        .iter()
        .map(|line| {
            line["recordId"]
                .as_str()
                .unwrap()
                .rsplit('-')
                .next()
                .unwrap()
        })
        .collect();
    assert_eq!(ids, ["0000000000", "0000000007"]);
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../../snapshots/batch");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("rejected_images", reasons.join("\n")));
}

#[test]
fn a_service_that_is_unwell_rejects_nothing() {
    for failure in [RunFailure::Throttled, RunFailure::Unavailable] {
        let bucket = MemoryBucket::new("data");
        bucket.put("covers/a.png", picture(ImageFormat::Png, 3, 5));
        bucket.put("covers/b.png", picture(ImageFormat::Png, 3, 5));
        let all = json!({"images_s3_uri": "s3://data/covers/"});
        let rows = rows(&data(&bucket), &all).unwrap();
        let error = StoreError::new(failure, "slow down");
        bucket.fail("covers/b.png", error.clone());
        match written(&rows).unwrap_err() {
            TableFailure::Store(told) => assert_eq!(told, error),
            TableFailure::Table(other) => panic!("{other}"),
        }
    }
}

/// A bucket of many images that counts how many of them are asked for at once.
struct Busy {
    image: Vec<u8>,
    now: AtomicUsize,
    most: AtomicUsize,
    asked: Mutex<BTreeMap<String, usize>>,
}

impl Bucket for Busy {
    fn address(&self, key: &str) -> String {
        format!("s3://data/{key}")
    }

    fn find(&self, key: &str) -> Result<Option<Found>, StoreError> {
        Ok(Some(Found {
            key: key.to_owned(),
            size: self.image.len() as u64,
            etag: String::new(),
        }))
    }

    fn read(&self, object: &Found, _: Range<u64>) -> Result<Vec<u8>, StoreError> {
        let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        std::thread::sleep(Duration::from_millis(2));
        *self
            .asked
            .lock()
            .unwrap()
            .entry(object.key.clone())
            .or_default() += 1;
        self.now.fetch_sub(1, Ordering::SeqCst);
        Ok(self.image.clone())
    }

    fn list(&self, prefix: &str) -> Result<Vec<Found>, StoreError> {
        let found = |number| self.find(&format!("{prefix}{number:03}")).transpose();
        (0..100).filter_map(found).collect()
    }
}

#[test]
fn images_are_fetched_together_and_few_at_once() {
    let busy = Arc::new(Busy {
        image: picture(ImageFormat::Png, 3, 5),
        now: AtomicUsize::new(0),
        most: AtomicUsize::new(0),
        asked: Mutex::default(),
    });
    let bucket: Arc<dyn Bucket> = Arc::clone(&busy) as Arc<dyn Bucket>;
    let rows = rows(&bucket, &json!({"images_s3_uri": "s3://data/covers/"})).unwrap();
    let (lines, reasons) = written(&rows).unwrap();
    assert_eq!((lines.len(), reasons.len()), (100, 0));
    let most = busy.most.load(Ordering::SeqCst);
    assert!((2..=16).contains(&most), "{most} at once");
    let asked = busy.asked.lock().unwrap();
    assert_eq!(asked.len(), 100);
    assert!(asked.values().all(|times| *times == 1), "{asked:?}");
}

/// Beginnings of images of every kind, and of none.
fn beginnings() -> impl Strategy<Value = Vec<u8>> {
    let images = [
        picture(ImageFormat::Jpeg, 17, 9),
        picture(ImageFormat::Png, 17, 9),
        picture(ImageFormat::Gif, 17, 9),
        picture(ImageFormat::WebP, 17, 9),
        b"RIFF\x20\0\0\0WEBPVP8X\x0A\0\0\0".to_vec(),
        b"RIFF\x20\0\0\0WEBPVP8 \x0A\0\0\0".to_vec(),
    ];
    (proptest::sample::select(images.to_vec()), 0..2_000_usize).prop_map(|(mut image, length)| {
        image.truncate(length);
        image
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Whatever the bytes are, a row is sent or rejected, and the run goes on.
    #[test]
    fn hostile_images_cost_their_row_alone(
        mut bytes in beginnings(),
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 0..12),
        more in proptest::collection::vec(any::<u8>(), 0..64),
    ) {
        for (place, byte) in changes {
            if !bytes.is_empty() {
                let place = place.index(bytes.len());
                bytes[place] = byte;
            }
        }
        bytes.extend(more);
        match one(bytes) {
            Ok(line) => prop_assert!(line["modelInput"].is_object()),
            Err(reason) => prop_assert!(reason.starts_with("`s3://data/covers/it.png` "), "{}", reason),
        }
    }
}

#[test]
fn a_compressed_profile_is_not_unpacked_without_end() {
    let mut png = picture(ImageFormat::Png, 3, 5);
    // Behind the header, a profile of 64 MB of zeros.
    let zeros = {
        use std::io::Write as _;
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(&vec![0; 64 << 20]).unwrap();
        encoder.finish().unwrap()
    };
    let mut chunk = b"iCCPx\0\0".to_vec();
    chunk.extend(zeros);
    let mut crc = flate2::Crc::new();
    crc.update(&chunk);
    let length = u32::try_from(chunk.len() - 4).unwrap();
    let mut profile = length.to_be_bytes().to_vec();
    profile.extend(&chunk);
    profile.extend(crc.sum().to_be_bytes());
    png.splice(33..33, profile);
    // The reader passes over a profile that is larger than it may be.
    assert!(one(png).is_ok());
}

#[test]
fn table_errors_are_told_as_such() {
    let bucket = MemoryBucket::new("data");
    bucket.put("table.csv", "cover\ns3://data/x\n\"open\n");
    let fields = json!({"s3_uri": "s3://data/table.csv", "image_column": "cover"});
    let rows = rows(&data(&bucket), &fields).unwrap();
    let (mut table, _) = rows.records().unwrap();
    let error = table.find_map(Result::err).unwrap();
    assert!(matches!(error, TableError::Csv { .. }), "{error}");
}
