//! What several tests need: the real SDK pointed at a simulator, and requests as the functions send them.
#![expect(dead_code, reason = "each test binary uses a part of it")]
#![expect(
    clippy::expect_used,
    reason = "a test stops where its preparation fails"
)]

use std::io::Cursor;
use std::path::PathBuf;

use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_bedrockruntime::Client;
use aws_sdk_bedrockruntime::config::{BehaviorVersion, Credentials, Region, retry::RetryConfig};
use aws_sdk_bedrockruntime::primitives::Blob;
use aws_sdk_s3::types::CreateBucketConfiguration;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use image::ImageReader;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use local::aws::LocalAws;
use serde_json::{Value, json};

/// An inference profile, as templates name it.
pub(crate) const MODEL: &str = "eu.anthropic.claude-haiku-4-5-20251001-v1:0";

/// The prompt of a record, as `shared` words it, with its JSON Schema.
pub(crate) const PROMPT: &str = r#"The image shows the cover of a book. Reply with one JSON object. JSON Schema:
{"additionalProperties":false,"properties":{"author":{"type":"string"},"confidence":{"type":["number","null"]},"description":{"type":"string"},"isbn":{"type":"string"},"published_year":{"type":["integer","null"]},"publisher":{"type":"string"},"title":{"type":"string"}},"type":"object"}"#;

/// The workspace's own target directory, so that the environment is installed once and not per test run.
pub(crate) fn target_dir() -> PathBuf {
    let executable = std::env::current_exe().expect("a test has an executable");
    let profile = executable
        .ancestors()
        .find(|path| path.join("deps").is_dir())
        .expect("tests run below the profile's directory");
    profile
        .parent()
        .expect("the profile's directory is in the target directory")
        .to_path_buf()
}

/// The SDK's client without retries, so that a test sees the first answer.
pub(crate) fn client(endpoint: &str, access_key_id: &str) -> Client {
    client_with(endpoint, access_key_id, "secret", None)
}

/// The same with all of the credentials.
pub(crate) fn client_with(
    endpoint: &str,
    access_key_id: &str,
    secret: &str,
    token: Option<String>,
) -> Client {
    let config = aws_sdk_bedrockruntime::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .credentials_provider(Credentials::new(access_key_id, secret, token, None, "test"))
        .region(Region::new("eu-west-1"))
        .endpoint_url(endpoint)
        .retry_config(RetryConfig::disabled())
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build();
    Client::from_conf(config)
}

/// What the extractor does to an image: fit within 1024 pixels, Lanczos, JPEG at quality 90.
pub(crate) fn prepared(bytes: &[u8]) -> Vec<u8> {
    let image = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .expect("a format")
        .decode()
        .expect("an image");
    let mut jpeg = Vec::new();
    let small = image.resize(1024, 1024, FilterType::Lanczos3).into_rgb8();
    JpegEncoder::new_with_quality(&mut jpeg, 90)
        .encode_image(&small)
        .expect("a JPEG");
    jpeg
}

/// A request body in the Messages format: the image first, then the prompt.
pub(crate) fn request(jpeg: &[u8], prompt: &str) -> Value {
    json!({
        "anthropic_version": "bedrock-2023-05-31",
        "max_tokens": 1024,
        "messages": [{ "role": "user", "content": [
            { "type": "image", "source": { "type": "base64", "media_type": "image/jpeg", "data": BASE64_STANDARD.encode(jpeg) } },
            { "type": "text", "text": prompt },
        ]}],
    })
}

/// A body for the client.
pub(crate) fn blob(body: &Value) -> Blob {
    Blob::new(body.to_string())
}

/// The text of the first content block of a Messages response.
pub(crate) fn said(response: &[u8]) -> String {
    let response: Value = serde_json::from_slice(response).expect("a JSON response");
    response["content"][0]["text"]
        .as_str()
        .expect("a text block")
        .to_owned()
}

/// What every client of a local AWS needs.
pub(crate) fn config(aws: &LocalAws) -> aws_config::SdkConfig {
    let root = aws.credentials();
    let credentials = Credentials::new(
        root.access_key_id,
        root.secret_access_key,
        None,
        None,
        "test",
    );
    aws_config::SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .region(Region::new(aws.region().to_owned()))
        .endpoint_url(aws.endpoint())
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build()
}

/// An S3 client; buckets go into the path, because their names do not resolve on 127.0.0.1.
pub(crate) fn s3(aws: &LocalAws) -> aws_sdk_s3::Client {
    let config = aws_sdk_s3::config::Builder::from(&config(aws))
        .force_path_style(true)
        .build();
    aws_sdk_s3::Client::from_conf(config)
}

/// Makes a bucket.
pub(crate) async fn create_bucket(s3: &aws_sdk_s3::Client, name: &str, region: &str) {
    let place = CreateBucketConfiguration::builder()
        .location_constraint(region.into())
        .build();
    s3.create_bucket()
        .bucket(name)
        .create_bucket_configuration(place)
        .send()
        .await
        .expect("a bucket is made");
}

/// The processes of a group, zombies included, as `/proc/<pid>/stat` tells them.
pub(crate) fn processes_of(group: u32) -> Vec<String> {
    // pid (comm) state ppid pgrp ...: the command may contain spaces and brackets.
    let belongs = |stat: &str| {
        stat.rsplit_once(") ")
            .and_then(|(_, rest)| rest.split(' ').nth(2)?.parse().ok())
            == Some(group)
    };
    std::fs::read_dir("/proc")
        .expect("/proc is readable")
        .filter_map(|entry| std::fs::read_to_string(entry.ok()?.path().join("stat")).ok())
        .filter(|stat| belongs(stat))
        .collect()
}
