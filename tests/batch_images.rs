//! Runs over images: each image a row, each answer about its own image, and what cannot be sent rejected with its reason.
#![expect(
    clippy::expect_used,
    reason = "a test that cannot go on says why and ends"
)]

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_sfn::types::ExecutionStatus;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use end_to_end::batch::{Batch, Row, account, statuses};
use infra::session::Session;
use local::covers::{Cover, generate};
use serde_json::{Value, json};

const MODEL: &str = "eu.anthropic.claude-haiku-4-5-20251001-v1:0";

/// Covers that can be told apart.
const COVERS: usize = 10;

/// Images of the large run that can be sent: enough for a job.
const IMAGES: usize = 104;

/// Records that the job of the large run does not come to.
const UNPROCESSED: usize = 7;

const PROMPTS: &str = r#"{
    "read_cover": "Read the cover. Answer with JSON only, in this form: {{\"isbn\": \"\"}}",
    "compare": "Is this the cover of {title}? Answer with JSON only, in this form: {{\"isbn\": \"\"}}"
}"#;

fn key(number: usize) -> String {
    format!("inputs/covers/{number:03}")
}

/// A PNG that ends behind its header, which says how wide it is.
fn png(width: u32) -> Vec<u8> {
    let mut header = b"IHDR".to_vec();
    header.extend(width.to_be_bytes());
    header.extend([0, 0, 0, 1, 8, 0, 0, 0, 0]);
    let mut crc = flate2::Crc::new();
    crc.update(&header);
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0d".to_vec();
    png.extend(header);
    png.extend(crc.sum().to_be_bytes());
    png.extend(b"\0\0\0\0IDAT");
    png
}

/// Images that models do not take, by the ends of their keys, with what is said of each.
fn unusable() -> [(&'static str, Vec<u8>, &'static str); 4] {
    let heavy = [png(1), vec![0; 3_750_000]].concat();
    [
        (
            "x-broken.png",
            png(1)[..20].to_vec(),
            "cannot be read as png",
        ),
        ("x-heavy.png", heavy, "and models take 3750000"),
        (
            "x-text.jpg",
            b"no picture".to_vec(),
            "begins like no JPEG, PNG, GIF or WebP",
        ),
        (
            "x-wide.png",
            png(8_001),
            "has 8001 x 1 pixels, and models take 8000",
        ),
    ]
}

fn assert_shows(row: &Row, cover: &Cover) {
    let answer: Value = serde_json::from_str(&row["response"]).expect("the answer is JSON");
    let isbn = cover.isbn.unwrap_or_default();
    assert_eq!(
        answer["isbn"].as_str().unwrap_or_default(),
        isbn,
        "{row:#?}"
    );
}

/// Holds the body of each line to be the image that its row names, and tells how many there are.
async fn assert_bodies(batch: &Batch, input: &str, covers: &[Cover]) -> usize {
    let lines = batch.get(input).await;
    let lines = serde_json::Deserializer::from_slice(&lines).into_iter::<Value>();
    let mut count = 0;
    for line in lines {
        let line = line.expect("a line of an input is JSON");
        let content = &line["modelInput"]["messages"][0]["content"];
        let id = line["recordId"].as_str().expect("a record has an id");
        let number: usize = id[id.len() - 10..]
            .parse()
            .expect("ids are made of numbers");
        let cover = &covers[number % COVERS];
        let sent = content[0]["source"]["data"]
            .as_str()
            .expect("an image comes first");
        assert_eq!(STANDARD.decode(sent).expect("it is base64"), cover.bytes);
        let kind = if cover.bytes.starts_with(b"\x89PNG") {
            "image/png"
        } else {
            "image/jpeg"
        };
        assert_eq!(content[0]["source"]["media_type"], kind);
        assert_eq!(content[1]["type"], "text");
        count += 1;
    }
    count
}

/// A run over a prefix, whose job ends too soon, and its redrive.
async fn a_prefix(batch: &Batch, covers: &[Cover]) {
    let request = json!({
        "images_s3_uri": format!("s3://{}/inputs/covers/", batch.output("Bucket")),
        "job_name_prefix": "covers",
        "model_id": MODEL,
        "prompt_id": "read_cover",
    });
    let report = batch.run("covers", &request).await;
    assert_eq!(report["verdict"], "redrivable", "{report:#}");
    let input = "batch_inputs_json/covers/covers/0000.jsonl";
    assert_eq!(assert_bodies(batch, input, covers).await, IMAGES);
    let rows = batch.rows("covers", "covers").await;
    let counts = BTreeMap::from([
        ("missing", UNPROCESSED),
        ("rejected", unusable().len()),
        ("succeeded", IMAGES - UNPROCESSED),
    ]);
    assert_eq!(statuses(&rows), counts);

    let mut again = request.clone();
    again["redrive"] = json!("covers");
    let report = batch.run("covers-r1", &again).await;
    assert_eq!(report["verdict"], "incomplete", "{report:#}");
    let again = "batch_inputs_json/covers/covers/0000-r1.jsonl";
    assert_eq!(assert_bodies(batch, again, covers).await, UNPROCESSED);
    let rows = batch.rows("covers", "covers").await;
    assert_eq!(rows.len(), IMAGES + unusable().len());
    for (number, row) in rows.iter().take(IMAGES).enumerate() {
        let bucket = batch.output("Bucket");
        assert_eq!(row["image_uri"], format!("s3://{bucket}/{}", key(number)));
        assert_eq!(row["status"], "succeeded", "{row:#?}");
        assert_shows(row, &covers[number % COVERS]);
    }
    for (row, (end, _, reason)) in rows[IMAGES..].iter().zip(unusable()) {
        assert!(row["image_uri"].ends_with(end), "{row:#?}");
        assert_eq!(row["status"], "rejected", "{row:#?}");
        assert!(row["error_message"].contains(reason), "{row:#?}");
    }
}

/// A table that names images here, in a further bucket, and where there are none or none may be read.
async fn a_column(batch: &Batch, covers: &[Cover]) {
    let bucket = batch.output("Bucket");
    let here = format!("s3://{bucket}/{}", key(3));
    let uris = [
        (here.as_str(), "succeeded", ""),
        ("s3://further-covers/4.jpg", "succeeded", ""),
        (
            "s3://further-covers/5.jpg",
            "rejected",
            "there is no object `s3://further-covers/5.jpg`",
        ),
        (
            "s3://closed-covers/4.jpg",
            "rejected",
            "is in a bucket that runs may not read: use one of",
        ),
        (
            &format!("s3://{bucket}/map_results/4.jpg"),
            "rejected",
            "cannot be read",
        ),
        ("4.jpg", "rejected", "does not start with `s3://`"),
        ("", "rejected", "the column `cover` names no image"),
    ];
    let table = uris.map(|(uri, ..)| format!("a title,{uri}\n")).concat();
    let table = batch
        .put("inputs/named.csv", format!("title,picture\n{table}"))
        .await;
    let request = json!({
        "s3_uri": table,
        "columns": { "picture": "cover" },
        "image_column": "cover",
        "job_name_prefix": "named",
        "model_id": MODEL,
        "prompt_id": "compare",
    });
    let report = batch.run("named", &request).await;
    assert_eq!(
        (&report["succeeded"], &report["rejected"]),
        (&json!(2), &json!(5))
    );
    let rows = batch.rows("named", "named").await;
    assert_eq!(rows.len(), uris.len());
    for (row, (uri, status, reason)) in rows.iter().zip(uris) {
        assert_eq!(
            (row["cover"].as_str(), row["status"].as_str()),
            (uri, status),
            "{row:#?}"
        );
        let told = row.get("error_message").map_or("", String::as_str);
        assert!(told.contains(reason), "{row:#?}");
    }
    assert_shows(&rows[0], &covers[3]);
    assert_shows(&rows[1], &covers[4]);
}

/// Embeddings of images, then a stage that reads the first one's results and its images again.
async fn embeddings_and_stages(batch: &Batch, covers: &[Cover]) {
    for (number, cover) in covers.iter().take(3).enumerate() {
        let few = format!("inputs/few/{number}.jpg");
        batch.put(&few, cover.bytes.clone()).await;
    }
    let few = format!("s3://{}/inputs/few/", batch.output("Bucket"));
    let vectors = json!({
        "images_s3_uri": few,
        "job_name_prefix": "vectors",
        "model_id": "amazon.titan-embed-image-v1",
    });
    let report = batch.run("vectors", &vectors).await;
    assert_eq!(report["verdict"], "complete", "{report:#}");
    let rows = batch.rows("vectors", "vectors").await;
    let distinct: BTreeSet<&str> = rows.iter().map(|row| row["embedding"].as_str()).collect();
    assert_eq!(distinct.len(), 3, "each image has a vector of its own");

    let first = json!({ "images_s3_uri": few, "job_name_prefix": "first", "model_id": MODEL, "prompt_id": "read_cover" });
    let second = json!({ "image_column": "image_uri", "columns": { "response": "title" },
        "job_name_prefix": "second", "model_id": MODEL, "prompt_id": "compare" });
    let stages = json!({ "stages": [first, second] });
    let execution = batch.start_on("StagesMachine", "stages", &stages).await;
    let ended = batch.ended(&execution).await;
    assert_eq!(ended.status, ExecutionStatus::Succeeded, "{ended:?}");
    let run = ended.output["stages"][1]["run"]
        .as_str()
        .expect("the run has a name");
    let rows = batch.rows("second", run).await;
    assert_eq!(statuses(&rows), BTreeMap::from([("succeeded", 3)]));
    for (row, cover) in rows.iter().zip(covers) {
        assert_shows(row, cover);
        assert!(row["title"].contains("isbn"), "the first answer: {row:#?}");
    }
}

async fn refused(batch: &Batch, name: &str, request: Value, words: &str) {
    let ended = batch.ended(&batch.start(name, &request).await).await;
    assert_eq!(ended.status, ExecutionStatus::Failed, "{ended:?}");
    assert!(ended.error.starts_with("InvalidRequest: "), "{ended:?}");
    assert!(ended.error.contains(words), "{words} is not in {ended:?}");
}

async fn bucket(account: &Session, name: &str, body: &[u8]) {
    let s3 = account.target().s3();
    let place = aws_sdk_s3::types::CreateBucketConfiguration::builder()
        .location_constraint(aws_sdk_s3::types::BucketLocationConstraint::EuWest1)
        .build();
    let create = s3.create_bucket().bucket(name);
    let created = create.create_bucket_configuration(place).send().await;
    created.expect("the bucket is made");
    let put = s3
        .put_object()
        .bucket(name)
        .key("4.jpg")
        .body(body.to_vec().into());
    put.send().await.expect("the image is put");
}

#[tokio::test]
async fn images_below_a_prefix_and_in_a_column() {
    let covers = generate(COVERS);
    let scenario = json!({ "batch": { "rules": [
        { "when": { "name_contains": "covers-part-0000-" }, "times": 1, "then": { "fault": "partial", "unprocessed": UNPROCESSED } },
    ] } });
    let account = account(scenario).await;
    bucket(&account, "further-covers", &covers[4].bytes).await;
    bucket(&account, "closed-covers", &covers[4].bytes).await;
    let parameters = [("InputBucketNames", "further-covers")];
    let batch = Batch::deploy_to(account, &parameters, |_| ()).await;
    batch.put("prompts/templates.json", PROMPTS).await;
    for number in 0..IMAGES {
        batch
            .put(&key(number), covers[number % COVERS].bytes.clone())
            .await;
    }
    for (end, bytes, _) in unusable() {
        batch.put(&format!("inputs/covers/{end}"), bytes).await;
    }
    let empty = format!("s3://{}/inputs/none/", batch.output("Bucket"));
    let none = json!({ "images_s3_uri": empty, "job_name_prefix": "none", "model_id": MODEL, "prompt_id": "read_cover" });
    let mut blind = none.clone();
    blind["model_id"] = json!("amazon.nova-micro-v1:0");
    tokio::join!(
        a_prefix(&batch, &covers),
        a_column(&batch, &covers),
        embeddings_and_stages(&batch, &covers),
        refused(&batch, "none", none, "there are no images below"),
        refused(&batch, "blind", blind, "takes no images: use one of"),
    );
    assert!(batch.failures().await.is_empty());
    batch.stop().await;
}
