//! What several tests need: the real SDK pointed at a simulator, and requests as the functions send them.
#![expect(dead_code, reason = "each test binary uses a part of it")]

use std::io::Cursor;
use std::path::PathBuf;

use aws_sdk_bedrockruntime::Client;
use aws_sdk_bedrockruntime::config::{BehaviorVersion, Credentials, Region, retry::RetryConfig};
use aws_sdk_bedrockruntime::primitives::Blob;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use image::ImageReader;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use serde_json::{Value, json};

/// An inference profile, as templates name it.
pub const MODEL: &str = "eu.anthropic.claude-haiku-4-5-20251001-v1:0";

/// The prompt of a record, as `shared` words it, with its JSON Schema.
pub const PROMPT: &str = r#"The image shows the cover of a book. Reply with one JSON object. JSON Schema:
{"additionalProperties":false,"properties":{"author":{"type":"string"},"confidence":{"type":["number","null"]},"description":{"type":"string"},"isbn":{"type":"string"},"published_year":{"type":["integer","null"]},"publisher":{"type":"string"},"title":{"type":"string"}},"type":"object"}"#;

/// The workspace's own target directory, so that the environment is installed once and not per test run.
pub fn target_dir() -> PathBuf {
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
pub fn client(endpoint: &str, access_key_id: &str) -> Client {
    let config = aws_sdk_bedrockruntime::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .credentials_provider(Credentials::new(
            access_key_id,
            "secret",
            None,
            None,
            "test",
        ))
        .region(Region::new("eu-west-1"))
        .endpoint_url(endpoint)
        .retry_config(RetryConfig::disabled())
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build();
    Client::from_conf(config)
}

/// What the extractor does to an image: fit within 1024 pixels, Lanczos, JPEG at quality 90.
pub fn prepared(bytes: &[u8]) -> Vec<u8> {
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
pub fn request(jpeg: &[u8], prompt: &str) -> Value {
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
pub fn blob(body: &Value) -> Blob {
    Blob::new(body.to_string())
}

/// The text of the first content block of a Messages response.
pub fn said(response: &[u8]) -> String {
    let response: Value = serde_json::from_slice(response).expect("a JSON response");
    response["content"][0]["text"]
        .as_str()
        .expect("a text block")
        .to_owned()
}
