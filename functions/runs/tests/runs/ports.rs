//! Ports as buckets, over the wire, from a thread that waits.

use std::sync::Arc;

use aws_config::retry::RetryConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use runs::{
    Bucket, Destination as _, PortBucket, PortDestination, StoreError, blocking, port_inputs,
    write_json,
};
use shared::contracts::batch::{Preprocess, RunFailure};
use shared::run::{Clients, Environment, Run};
use shared::{Ports as _, SettingValue as _};

use super::server::{Reply, Request, Server};

/// A service with the objects `a.csv` and `locked.csv`, and one that is hidden.
fn service() -> Server {
    Server::start(|request: &Request| {
        let listed = |key: &str| {
            format!(
                "<ListBucketResult><Contents><Key>{key}</Key><Size>5</Size><ETag>&quot;e&quot;</ETag></Contents></ListBucketResult>"
            )
        };
        let xml = |body: String| Reply {
            body: body.into_bytes(),
            ..Reply::status(200)
        };
        let key = request.path.split('?').next().unwrap_or_default();
        match (request.method.as_str(), key) {
            ("HEAD", "/data/a.csv") => Reply::head(5).with("ETag", "\"e\""),
            ("HEAD", "/data/locked.csv" | "/data/hidden.csv") => Reply::status(403),
            ("GET", "/data/a.csv") => Reply::part(request, b"abcde", "\"e\""),
            ("GET", "/data" | "/data/") if request.path.contains("prefix=locked.csv") => {
                xml(listed("locked.csv"))
            }
            ("GET", "/data" | "/data/") => xml("<ListBucketResult></ListBucketResult>".to_owned()),
            ("PUT", _) => Reply::status(200),
            _ => Reply::status(404),
        }
    })
}

fn ports(server: &Server) -> Preprocess<Run> {
    let credentials = Credentials::new("AKIDEXAMPLE", "secret", None, None, "test");
    let config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-west-1"))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(
            Builder::new()
                .tls_provider(Provider::Rustls(CryptoMode::Ring))
                .build_https(),
        )
        .retry_config(RetryConfig::disabled())
        .endpoint_url(&server.address)
        .build();
    let clients = Clients::from_config(config);
    let mut environment = Environment::new(&clients, |name| {
        let text = match name {
            "INPUTS" => "data".to_owned(),
            "HUB_URL" => "https://huggingface.co".to_owned(),
            "HUB_TOKEN" => "none".to_owned(),
            "POLICY" => shared::contracts::batch::RunPolicy::default()
                .to_environment()
                .unwrap(),
            "MAX_CONCURRENT_JOBS" => "20".to_owned(),
            _ => "s3://data/".to_owned(),
        };
        Some(text)
    });
    Preprocess::build(&mut environment).unwrap()
}

#[tokio::test]
async fn what_is_hidden_is_missing_and_what_is_locked_is_denied() {
    let bucket = {
        let ports = ports(&service());
        PortBucket::new(&ports.files, &ports.keys)
    };
    let found = blocking(move || {
        let found = bucket.find("a.csv").unwrap().unwrap();
        let bytes = bucket.read(&found, 1..4).unwrap();
        let locked = bucket.find("locked.csv").unwrap_err();
        let others = [bucket.find("hidden.csv"), bucket.find("missing.csv")];
        (found.size, found.etag, bytes, locked.failure, others)
    })
    .await;
    let none: Result<_, StoreError> = Ok(None);
    let others = [none.clone(), none];
    let expected = (
        5,
        "e".to_owned(),
        b"bcd".to_vec(),
        RunFailure::Broken,
        others,
    );
    assert_eq!(found, expected);
}

#[tokio::test]
async fn what_is_written_is_sent_when_it_is_finished() {
    let server = service();
    let output = PortDestination::new(&ports(&server).output);
    blocking(move || {
        let mut dropped = output.begin("dropped.jsonl", "application/jsonl");
        dropped.push(b"{}".to_vec()).unwrap();
        drop(dropped);
        write_json(&output, "kept.json", &1).unwrap();
    })
    .await;
    let written: Vec<_> = (server.requests().into_iter())
        .filter(|request| request.method == "PUT")
        .map(|request| request.path)
        .collect();
    assert_eq!(written, ["/data/kept.json?x-id=PutObject"]);
}

#[tokio::test]
async fn the_hub_is_there_when_a_dataset_is_asked_for() {
    let ports = ports(&service());
    let mut request = shared::batch::request::RunRequest::default();
    let hub = ("https://huggingface.co", &ports.hub_token);
    let inputs = port_inputs(&ports.inputs, hub, &request).await.unwrap();
    assert!(inputs.hub.is_none() && inputs.buckets.contains_key("data"));
    request.dataset_id = Some("owner/jokes".to_owned());
    let inputs = port_inputs(&ports.inputs, hub, &request).await.unwrap();
    assert!(inputs.hub.is_some());
    let address = Arc::clone(&inputs.buckets["data"]).address("a.csv");
    assert_eq!(address, "s3://data/a.csv");
}
