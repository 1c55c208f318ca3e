//! Where the rows of a batch run come from: the Hub, folders of files, buckets of others.
#![expect(
    clippy::expect_used,
    reason = "a test that cannot go on says why and ends"
)]

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::{Arc, Mutex};

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use aws_sdk_sfn::types::ExecutionStatus;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use end_to_end::batch::{Batch, Row, account, statuses};
use flate2::Compression;
use flate2::write::GzEncoder;
use infra::session::Session;
use parquet::arrow::ArrowWriter;
use serde_json::{Value, json};

const MODEL: &str = "eu.anthropic.claude-haiku-4-5-20251001-v1:0";

/// The token of the test's own account at the Hub.
const TOKEN: &str = "hf_of_the_test";

/// A dataset for everybody, and one for those who accepted its conditions.
const OPEN: &str = "owner/jokes";
const GATED: &str = "owner/gated";

/// What a Hub was asked: path, token, range.
type Asked = Arc<Mutex<Vec<(String, Option<String>, Option<String>)>>>;

/// A Hub on a port of this machine, with its storage behind a redirection.
#[derive(Clone)]
struct Hub {
    address: String,
    asked: Asked,
    files: Arc<[Vec<u8>; 2]>,
}

impl Hub {
    async fn start(files: [Vec<u8>; 2]) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("there is a free port");
        let address = listener.local_addr().expect("a listener has an address");
        let hub = Self {
            address: format!("http://{address}"),
            asked: Asked::default(),
            files: files.into(),
        };
        let router = Router::new().fallback(answer).with_state(hub.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        hub
    }

    fn asked(&self) -> Vec<(String, Option<String>, Option<String>)> {
        self.asked.lock().expect("nobody panicked").clone()
    }
}

async fn answer(State(hub): State<Hub>, uri: Uri, headers: HeaderMap) -> Response {
    let text = |name| {
        let value = headers.get(name)?.to_str().ok()?;
        Some(value.to_owned())
    };
    let (token, range) = (text(header::AUTHORIZATION), text(header::RANGE));
    let path = uri.path().to_owned();
    let mut asked = hub.asked.lock().expect("nobody panicked");
    asked.push((path.clone(), token.clone(), range.clone()));
    drop(asked);
    let allowed = token.is_some_and(|token| token == format!("Bearer {TOKEN}"));
    if path.contains(GATED) && !allowed {
        return (StatusCode::UNAUTHORIZED, [("X-Error-Code", "GatedRepo")]).into_response();
    }
    if let Some(dataset) = path
        .strip_prefix("/api/datasets/")
        .and_then(|path| path.strip_suffix("/parquet"))
    {
        let file = |number| format!("{}/files/{dataset}/{number}.parquet", hub.address);
        return axum::Json(
            json!({ "default": { "train": [file(0), file(1)], "test": [file(1)] } }),
        )
        .into_response();
    }
    let number = usize::from(path.ends_with("1.parquet"));
    if path.starts_with("/files/") {
        let storage = format!("{}/storage/{number}.parquet", hub.address);
        return (StatusCode::FOUND, [(header::LOCATION, storage)]).into_response();
    }
    part(&hub.files[number], range.as_deref())
}

/// A part of a file, as servers of files answer.
fn part(file: &[u8], range: Option<&str>) -> Response {
    let bounds = range.and_then(|range| range.strip_prefix("bytes=")?.split_once('-'));
    let Some((start, end)) = bounds else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let start: usize = start.parse().expect("ranges are numbers");
    let end: usize = end.parse().expect("ranges are numbers");
    let end = end.min(file.len() - 1);
    let headers = [
        (
            header::CONTENT_RANGE,
            format!("bytes {start}-{end}/{}", file.len()),
        ),
        (header::ETAG, format!("\"{}\"", file.len())),
    ];
    (
        StatusCode::PARTIAL_CONTENT,
        headers,
        file[start..=end].to_vec(),
    )
        .into_response()
}

/// A table of topics with numbers from `first` on, some of them null.
fn parquet(first: i64, rows: i64) -> Vec<u8> {
    let numbers = first..first + rows;
    let topics: StringArray = numbers.clone().map(|row| Some(topic(row))).collect();
    let ranks: Int64Array = numbers.map(|row| (row % 2 == 0).then_some(row)).collect();
    let columns: [(&str, ArrayRef); 2] = [("topic", Arc::new(topics)), ("rank", Arc::new(ranks))];
    let batch = RecordBatch::try_from_iter(columns).expect("the columns are equally long");
    let writer = ArrowWriter::try_new(Vec::new(), batch.schema(), None);
    let mut writer = writer.expect("the types are known");
    writer.write(&batch).expect("the rows are written");
    writer.into_inner().expect("the footer is written")
}

fn csv(first: i64, rows: i64) -> Vec<u8> {
    let rows = (first..first + rows).map(|row| format!("\"{}\",{row}\n", topic(row)));
    format!("topic,rank\n{}", rows.collect::<String>()).into_bytes()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("a vector takes more");
    encoder.finish().expect("a vector takes more")
}

fn topic(row: i64) -> String {
    format!("topic, number {row} –")
}

fn request(prefix: &str) -> Value {
    json!({ "job_name_prefix": prefix, "model_id": MODEL, "prompt_id": "joke_about_topic" })
}

fn of_uri(prefix: &str, uri: &str) -> Value {
    let mut request = request(prefix);
    request["s3_uri"] = json!(uri);
    request
}

fn of_dataset(prefix: &str, dataset: &str, split: Option<&str>) -> Value {
    let mut request = request(prefix);
    request["dataset_id"] = json!(dataset);
    request["split"] = json!(split);
    request
}

/// Holds rows to be these topics, each once, in order and with its own answer.
fn assert_topics(rows: &[Row], first: i64, count: i64) {
    let topics: Vec<&str> = rows.iter().map(|row| row["topic"].as_str()).collect();
    let expected: Vec<String> = (first..first + count).map(topic).collect();
    assert_eq!(topics, expected);
    for row in rows {
        assert_eq!(row["status"], "succeeded", "{row:#?}");
        assert!(row["response"].contains(&row["topic"]), "{row:#?}");
    }
}

async fn complete(batch: &Batch, run: &str, request: Value) -> Vec<Row> {
    let report = batch.run(run, &request).await;
    assert_eq!(report["verdict"], "complete", "{report:#}");
    let prefix = request["job_name_prefix"]
        .as_str()
        .expect("it has a prefix");
    batch.rows(prefix, run).await
}

async fn refused(batch: &Batch, run: &str, request: Value, words: &str) {
    let execution = batch.start(run, &request).await;
    let ended = batch.ended(&execution).await;
    assert_eq!(ended.status, ExecutionStatus::Failed, "{ended:?}");
    assert!(ended.error.starts_with("InvalidRequest: "), "{ended:?}");
    assert!(ended.error.contains(words), "{words} is not in {ended:?}");
}

/// A secret with the token. Returns its ARN.
async fn store_token(account: &Session) -> String {
    let client = aws_sdk_secretsmanager::Client::new(account.target().config());
    let create = client.create_secret().name("hub").secret_string(TOKEN);
    let created = create.send().await.expect("the secret is stored");
    created.arn().expect("a secret has an ARN").to_owned()
}

async fn bucket(account: &Session, name: &str, key: &str, body: Vec<u8>) -> String {
    let s3 = account.target().s3();
    let location = aws_sdk_s3::types::BucketLocationConstraint::EuWest1;
    let place = aws_sdk_s3::types::CreateBucketConfiguration::builder()
        .location_constraint(location)
        .build();
    let create = s3.create_bucket().bucket(name);
    let created = create.create_bucket_configuration(place).send().await;
    created.expect("the bucket is made");
    let put = s3.put_object().bucket(name).key(key).body(body.into());
    put.send().await.expect("the object is put");
    format!("s3://{name}/{key}")
}

#[tokio::test]
async fn datasets_of_the_hub_and_buckets_of_others() {
    let hub = Hub::start([parquet(0, 120), parquet(120, 90)]).await;
    let account = account(json!({})).await;
    let token = store_token(&account).await;
    let further = bucket(&account, "further-tables", "new/t.csv", csv(0, 3)).await;
    let others = bucket(&account, "closed-tables", "t.csv", csv(0, 3)).await;
    let parameters = [
        ("HubUrl", hub.address.as_str()),
        ("HubTokenSecretArn", &token),
        ("InputBucketNames", "further-tables"),
    ];
    let batch = Batch::deploy_to(account, &parameters, |_| ()).await;

    let (whole, gated, further, ()) = tokio::join!(
        complete(&batch, "whole", of_dataset("whole", OPEN, None)),
        complete(&batch, "gated", of_dataset("gated", GATED, Some("test"))),
        complete(&batch, "further", of_uri("further", &further)),
        refused(
            &batch,
            "others",
            of_uri("others", &others),
            "which runs may not read: use one of"
        ),
    );
    assert_topics(&whole, 0, 210);
    assert_eq!(whole[2]["rank"], "2");
    assert!(!whole[3].contains_key("rank"), "null stays null");
    assert_topics(&gated, 120, 90);
    assert_topics(&further, 0, 3);
    refused(
        &batch,
        "no-split",
        of_dataset("split", OPEN, Some("validation")),
        "use one of test, train",
    )
    .await;

    let bearer = format!("Bearer {TOKEN}");
    for (path, token, range) in hub.asked() {
        if path.starts_with("/api/") {
            assert_eq!(token.as_ref(), Some(&bearer), "{path}");
        }
        assert_eq!(range.is_some(), !path.starts_with("/api/"), "{path}");
    }
    batch.stop().await;
}

#[tokio::test]
async fn folders_of_files_and_a_hub_without_a_token() {
    let hub = Hub::start([parquet(0, 1), parquet(1, 1)]).await;
    let batch = Batch::deploy(json!({}), &[("HubUrl", &hub.address)], |_| ()).await;
    let folder = batch.put("inputs/csv/b.csv.gz", gzip(&csv(4, 3))).await;
    batch.put("inputs/csv/a.csv.gz", gzip(&csv(0, 4))).await;
    batch.put("inputs/csv/_SUCCESS", "").await;
    let csv_folder = folder.trim_end_matches("b.csv.gz").to_owned();
    batch.put("inputs/parquet/1.parquet", parquet(60, 60)).await;
    let folder = batch.put("inputs/parquet/0.parquet", parquet(0, 60)).await;
    let parquet_folder = folder.trim_end_matches("0.parquet").to_owned();
    batch.put("inputs/mixed/0.csv", csv(0, 2)).await;
    let folder = batch.put("inputs/mixed/1.csv", "title\nx\n").await;
    let mixed = folder.trim_end_matches("1.csv").to_owned();

    let (of_csv, of_parquet, (), (), ()) = tokio::join!(
        complete(&batch, "csv", of_uri("csv", &csv_folder)),
        complete(&batch, "parquet", of_uri("parquet", &parquet_folder)),
        refused(
            &batch,
            "gated",
            of_dataset("gated", GATED, None),
            "is gated: accept its conditions"
        ),
        refused(&batch, "mixed", of_uri("mixed", &mixed), "1.csv"),
        refused(
            &batch,
            "folder",
            of_uri("folder", csv_folder.trim_end_matches('/')),
            "is a folder: write"
        ),
    );
    assert_topics(&of_csv, 0, 7);
    assert_topics(&of_parquet, 0, 120);
    assert_eq!(statuses(&of_parquet), BTreeMap::from([("succeeded", 120)]));
    assert!(hub.asked().iter().all(|(_, token, _)| token.is_none()));
    batch.stop().await;
}
