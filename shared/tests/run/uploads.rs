//! Uploads in parts over the wire.

use shared::Phase;
use shared::run::{Clients, ErrorKind, Run};
use shared_derive::Ports;

use crate::ports;
use crate::server::{Answer, Request, Server};

#[derive(Ports)]
struct Results<P: Phase> {
    results: P::WriteObjects,
}

const MIB: usize = 1024 * 1024;
const KEY: &str = "results/0000.parquet";
const TYPE: &str = "application/vnd.apache.parquet";

fn results(answers: Vec<Answer>) -> (Results<Run>, Server) {
    let server = Server::answering(answers);
    let clients = Clients::from_config(server.config());
    (
        ports(&clients, &[("RESULTS", "s3://batch/results/")]).unwrap(),
        server,
    )
}

fn begun() -> Answer {
    Answer::ok(
        "<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>",
    )
}

fn part(tag: &str) -> Answer {
    Answer::ok("").header("etag", tag)
}

fn completed() -> Answer {
    Answer::ok(
        "<CompleteMultipartUploadResult><ETag>&quot;e&quot;</ETag></CompleteMultipartUploadResult>",
    )
}

/// Methods and what follows the key.
fn lines(requests: &[Request]) -> Vec<String> {
    let mut lines: Vec<_> = requests
        .iter()
        .map(|request| request.line.replace("/batch/results/0000.parquet", ""))
        .collect();
    // Parts are sent at once, and may arrive in any order.
    lines.sort();
    lines
}

#[tokio::test]
async fn a_small_object_is_one_request() {
    let (ports, server) = results(vec![Answer::ok("")]);
    let mut upload = ports.results.upload(KEY, TYPE);
    upload.push(b"PAR".to_vec()).await.unwrap();
    upload.push(b"1".to_vec()).await.unwrap();
    assert!(server.requests().is_empty());
    upload.finish().await.unwrap();
    let requests = server.requests();
    assert_eq!(lines(&requests), ["PUT ?x-id=PutObject"]);
    assert_eq!(requests[0].body, "PAR1");
    assert_eq!(requests[0].header("content-type"), Some(TYPE));
}

#[tokio::test]
async fn an_empty_object_is_one_too() {
    let (ports, server) = results(vec![Answer::ok("")]);
    ports.results.upload(KEY, TYPE).finish().await.unwrap();
    assert_eq!(lines(&server.requests()), ["PUT ?x-id=PutObject"]);
}

#[tokio::test]
async fn a_large_object_appears_with_its_last_request() {
    let answers = vec![
        begun(),
        part("\"p\""),
        part("\"p\""),
        part("\"p\""),
        completed(),
    ];
    let (ports, server) = results(answers);
    let mut upload = ports.results.upload(KEY, TYPE);
    for letter in [b'a', b'b'] {
        upload.push(vec![letter; 5 * MIB]).await.unwrap();
        upload.push(vec![letter; 5 * MIB]).await.unwrap();
    }
    upload.push(vec![b'c'; 7]).await.unwrap();
    upload.finish().await.unwrap();
    let requests = server.requests();
    assert_eq!(
        lines(&requests),
        [
            "POST ?uploadId=u1",
            "POST ?uploads",
            "PUT ?x-id=UploadPart&partNumber=1&uploadId=u1",
            "PUT ?x-id=UploadPart&partNumber=2&uploadId=u1",
            "PUT ?x-id=UploadPart&partNumber=3&uploadId=u1",
        ]
    );
    assert_eq!(requests[0].header("content-type"), Some(TYPE));
    assert_eq!(
        requests[0].header("x-amz-checksum-algorithm"),
        Some("CRC32")
    );
    for (number, letter, length) in [(1, 'a', 10 * MIB), (2, 'b', 10 * MIB), (3, 'c', 7)] {
        let name = format!("partNumber={number}&");
        let sent = requests
            .iter()
            .find(|request| request.line.contains(&name))
            .unwrap();
        assert!(
            sent.header("x-amz-checksum-crc32").is_some(),
            "{:?}",
            sent.headers
        );
        assert_eq!(sent.body.len(), length);
        assert!(
            sent.body.chars().all(|each| each == letter),
            "part {number}"
        );
    }
    let last = &requests[4].body;
    let places: Vec<_> = (1..=3)
        .map(|number| last.find(&format!("<PartNumber>{number}</PartNumber>")))
        .collect();
    assert!(
        places.iter().all(Option::is_some) && places.is_sorted(),
        "{last}"
    );
}

#[tokio::test]
async fn nothing_appears_when_a_part_fails() {
    let denied = Answer::failed(
        403,
        "<Error><Code>AccessDenied</Code><Message>no</Message></Error>",
    );
    let (ports, server) = results(vec![begun(), denied]);
    let mut upload = ports.results.upload(KEY, TYPE);
    upload.push(vec![0; 9 * MIB]).await.unwrap();
    let error = upload.finish().await.unwrap_err();
    assert_eq!(
        (error.kind, error.operation),
        (ErrorKind::Denied, "UploadPart")
    );
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn an_upload_that_lost_a_part_cannot_be_finished() {
    let denied = Answer::failed(
        403,
        "<Error><Code>AccessDenied</Code><Message>no</Message></Error>",
    );
    let (ports, server) = results(vec![begun(), denied, part("\"p\"")]);
    let mut upload = ports.results.upload(KEY, TYPE);
    let mut refused = None;
    for _ in 0..5 {
        if let Err(error) = upload.push(vec![0; 9 * MIB]).await {
            refused = Some(error);
        }
    }
    assert_eq!(refused.unwrap().kind, ErrorKind::Denied);
    let error = upload.finish().await.unwrap_err();
    assert_eq!(
        (error.kind, error.operation),
        (ErrorKind::Invalid, "CompleteMultipartUpload")
    );
    let lines = lines(&server.requests());
    assert!(
        !lines.iter().any(|line| line == "POST ?uploadId=u1"),
        "{lines:?}"
    );
}

#[tokio::test]
async fn keys_outside_the_port_are_refused_before_any_call() {
    let (ports, server) = results(vec![Answer::ok("")]);
    let mut upload = ports.results.upload("inputs/a", TYPE);
    assert_eq!(
        upload.push(vec![0]).await.unwrap_err().kind,
        ErrorKind::OutsidePort
    );
    let upload = ports.results.upload("inputs/a", TYPE);
    assert_eq!(
        upload.finish().await.unwrap_err().kind,
        ErrorKind::OutsidePort
    );
    assert!(server.requests().is_empty());
}

/// How functions that compute use it: on a thread of their own, while the runtime sends.
#[test]
fn a_thread_that_computes_uploads_by_the_runtimes_handle() {
    let answers = vec![begun(), part("\"p\""), part("\"p\""), completed()];
    let (ports, server) = results(answers);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let handle = runtime.handle().clone();
    let work = move || {
        let mut upload = ports.results.upload(KEY, TYPE);
        handle.block_on(upload.push(vec![b'a'; 9 * MIB]))?;
        handle.block_on(upload.push(vec![b'b'; 9 * MIB]))?;
        handle.block_on(upload.finish())
    };
    runtime
        .block_on(async { tokio::task::spawn_blocking(work).await.unwrap() })
        .unwrap();
    assert_eq!(server.requests().len(), 4);
}
