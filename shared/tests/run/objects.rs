//! Object ports over the wire.

use shared::Phase;
use shared::run::{Clients, ErrorKind, Run};
use shared_derive::Ports;

use crate::ports;
use crate::server::{Answer, Server};

#[derive(Ports)]
struct Objects<P: Phase> {
    keys: P::ListObjects,
    live: P::ReadObjects,
    output: P::WriteObjects,
    expired: P::DeleteObjects,
}

const VARIABLES: [(&str, &str); 4] = [
    ("KEYS", "s3://processed/live/"),
    ("LIVE", "s3://processed/live/"),
    ("OUTPUT", "s3://processed/compacted/"),
    ("EXPIRED", "s3://processed/live/"),
];

/// Every object port, over a server with prepared answers.
fn objects(answers: Vec<Answer>) -> (Objects<Run>, Server) {
    let server = Server::answering(answers);
    let clients = Clients::from_config(server.config());
    (ports(&clients, &VARIABLES).unwrap(), server)
}

#[tokio::test]
async fn get_reads_content_and_head_with_the_bucket_in_the_path() {
    let answer = Answer::ok("content")
        .header("etag", "\"abc\"")
        .header("x-amz-version-id", "v1");
    let (ports, server) = objects(vec![answer]);
    let object = ports.live.get("live/a b+ü.parquet", 7).await.unwrap();
    assert_eq!(object.bytes, b"content");
    assert_eq!((object.head.size, object.head.etag.as_str()), (7, "abc"));
    assert_eq!(object.head.version.as_deref(), Some("v1"));
    let line = &server.requests()[0].line;
    assert!(
        line.starts_with("GET /processed/live/a%20b%2B%C3%BC.parquet"),
        "{line}"
    );
}

#[tokio::test]
async fn get_refuses_objects_over_the_limit() {
    let (ports, _server) = objects(vec![Answer::ok("12345678")]);
    let error = ports.live.get("live/a", 7).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::TooLarge);
    assert_eq!(
        error.to_string(),
        "GetObject on `s3://processed/live/a` failed (TooLarge): 8 bytes or more, 7 are allowed"
    );
}

#[tokio::test]
async fn ranges_are_inclusive_on_the_wire_and_bound_to_an_entity_tag() {
    let (ports, server) = objects(vec![Answer::ok("56789")]);
    let bytes = ports
        .live
        .get_range("live/a", 5..10, Some("abc"))
        .await
        .unwrap();
    assert_eq!(bytes, b"56789");
    let request = &server.requests()[0];
    assert_eq!(request.header("range"), Some("bytes=5-9"));
    assert_eq!(request.header("if-match"), Some("\"abc\""));
}

#[tokio::test]
async fn an_empty_range_is_refused_before_any_call() {
    let (ports, server) = objects(vec![Answer::ok("")]);
    let error = ports
        .live
        .get_range("live/a", 5..5, None)
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Invalid);
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_replaced_object_is_noticed() {
    let body = "<Error><Code>PreconditionFailed</Code><Message>At least one did not hold</Message></Error>";
    let (ports, _server) = objects(vec![Answer::failed(412, body)]);
    let error = ports
        .live
        .get_range("live/a", 0..5, Some("abc"))
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Changed);
}

#[tokio::test]
async fn head_reads_size_and_entity_tag() {
    let answer = Answer::ok("123").header("etag", "\"abc\"");
    let (ports, server) = objects(vec![answer]);
    let head = ports.live.head("live/a").await.unwrap();
    assert_eq!((head.size, head.etag.as_str()), (3, "abc"));
    assert!(
        server.requests()[0]
            .line
            .starts_with("HEAD /processed/live/a")
    );
}

#[tokio::test]
async fn failures_are_sorted_by_what_to_do() {
    let xml = |code: &str| format!("<Error><Code>{code}</Code><Message>said so</Message></Error>");
    let cases = [
        (404, xml("NoSuchKey"), ErrorKind::Missing, false),
        (403, xml("AccessDenied"), ErrorKind::Denied, false),
        (503, xml("SlowDown"), ErrorKind::Throttled, true),
        (500, xml("InternalError"), ErrorKind::Unavailable, true),
        (418, xml("Teapot"), ErrorKind::Invalid, false),
        (502, String::new(), ErrorKind::Unavailable, true),
    ];
    for (status, body, kind, may_pass) in cases {
        let (ports, _server) = objects(vec![Answer::failed(status, &body)]);
        let error = ports.live.get("live/a", 10).await.unwrap_err();
        assert_eq!(error.kind, kind, "{error}");
        assert_eq!(error.kind.may_pass(), may_pass, "{error}");
    }
}

#[tokio::test]
async fn no_port_reaches_a_key_outside_its_prefix() {
    let (ports, server) = objects(vec![Answer::ok("")]);
    let outside = "compacted/a";
    let errors = [
        ports.live.get(outside, 1).await.unwrap_err(),
        ports.live.get_range(outside, 0..1, None).await.unwrap_err(),
        ports.live.head(outside).await.unwrap_err(),
        ports.live.head("").await.unwrap_err(),
        ports.keys.list(outside).await.unwrap_err(),
        ports.keys.folders("").await.unwrap_err(),
        ports
            .output
            .create("live/a", Vec::new(), "text/plain")
            .await
            .unwrap_err(),
        ports
            .output
            .put("live/a", Vec::new(), "text/plain")
            .await
            .unwrap_err(),
        ports
            .expired
            .delete(&["live/a".to_owned(), outside.to_owned()])
            .await
            .unwrap_err(),
    ];
    for error in errors {
        assert_eq!(error.kind, ErrorKind::OutsidePort, "{error}");
    }
    assert!(server.requests().is_empty());
}

#[derive(Ports)]
struct Several<P: Phase> {
    files: P::ReadObjects,
    keys: P::ListObjects,
    output: P::WriteObjects,
}

#[tokio::test]
async fn a_port_of_several_prefixes_reaches_keys_below_each_and_no_others() {
    let listing = "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>";
    let server = Server::answering(vec![Answer::ok(""), Answer::ok(listing), Answer::ok("")]);
    let place = "s3://batch/runs/,rows/";
    let variables = ["FILES", "KEYS", "OUTPUT"].map(|port| (port, place));
    let clients = Clients::from_config(server.config());
    let ports: Several<Run> = crate::ports(&clients, &variables).unwrap();

    for outside in ["inputs/a", "run", "runs"] {
        let output = ports.output.put(outside, Vec::new(), "text/plain").await;
        let errors = [
            ports.files.head(outside).await.unwrap_err(),
            ports.keys.list(outside).await.unwrap_err(),
            output.unwrap_err(),
        ];
        for error in errors {
            assert_eq!(error.kind, ErrorKind::OutsidePort, "{error}");
            assert!(error.to_string().contains(place), "{error}");
        }
    }
    assert!(ports.keys.list("").await.is_err(), "nor the whole bucket");
    assert!(server.requests().is_empty());

    ports.files.head("runs/a").await.unwrap();
    ports.keys.list("rows/b").await.unwrap();
    let output = ports.output.put("rows/c", Vec::new(), "text/plain").await;
    output.unwrap();
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn put_sends_content_and_type() {
    let (ports, server) = objects(vec![Answer::ok("")]);
    ports
        .output
        .put(
            "compacted/a.parquet",
            b"PAR1".to_vec(),
            "application/octet-stream",
        )
        .await
        .unwrap();
    let request = &server.requests()[0];
    assert!(
        request
            .line
            .starts_with("PUT /processed/compacted/a.parquet"),
        "{}",
        request.line
    );
    assert_eq!(
        request.header("content-type"),
        Some("application/octet-stream")
    );
    assert_eq!(request.body, "PAR1");
}

#[tokio::test]
async fn create_tells_the_first_writer_from_the_others() {
    let failed =
        |status, code: &str| Answer::failed(status, &format!("<Error><Code>{code}</Code></Error>"));
    let answers = vec![
        Answer::ok(""),
        failed(412, "PreconditionFailed"),
        failed(409, "ConditionalRequestConflict"),
    ];
    let (ports, server) = objects(answers);
    let create = async || {
        ports
            .output
            .create("compacted/a", b"claim".to_vec(), "text/plain")
            .await
    };
    assert!(create().await.unwrap());
    assert!(!create().await.unwrap());
    assert!(create().await.unwrap_err().kind.may_pass());
    assert_eq!(server.requests()[0].header("if-none-match"), Some("*"));
}

#[tokio::test]
async fn list_follows_all_pages() {
    let page = |key: &str, next: &str| {
        Answer::ok(&format!(
            "<ListBucketResult>{next}<Contents><Key>{key}</Key><Size>7</Size><ETag>&quot;e&quot;</ETag>\
             <LastModified>2026-03-09T15:05:30.000Z</LastModified></Contents></ListBucketResult>"
        ))
    };
    let more = "<IsTruncated>true</IsTruncated><NextContinuationToken>t2</NextContinuationToken>";
    let (ports, server) = objects(vec![page("live/a", more), page("live/b", "")]);
    let entries = ports.keys.list("live/").await.unwrap();
    let seen: Vec<_> = entries
        .iter()
        .map(|entry| (entry.key.as_str(), entry.size, entry.etag.as_str()))
        .collect();
    assert_eq!(seen, [("live/a", 7, "e"), ("live/b", 7, "e")]);
    assert_eq!(entries[0].modified, 1_773_068_730);
    let lines: Vec<_> = server
        .requests()
        .into_iter()
        .map(|request| request.line)
        .collect();
    assert!(
        lines[0].contains("prefix=live%2F") && lines[1].contains("continuation-token=t2"),
        "{lines:?}"
    );
}

#[tokio::test]
async fn folders_end_in_a_slash() {
    let body = "<ListBucketResult><CommonPrefixes><Prefix>live/year=2026/</Prefix></CommonPrefixes></ListBucketResult>";
    let (ports, server) = objects(vec![Answer::ok(body)]);
    assert_eq!(
        ports.keys.folders("live/").await.unwrap(),
        ["live/year=2026/"]
    );
    assert!(server.requests()[0].line.contains("delimiter=%2F"));
}

#[tokio::test]
async fn delete_sends_batches_of_a_thousand() {
    let (ports, server) = objects(vec![Answer::ok("<DeleteResult></DeleteResult>")]);
    let keys: Vec<String> = (0..1001).map(|number| format!("live/{number}")).collect();
    ports.expired.delete(&keys).await.unwrap();
    ports.expired.delete(&[]).await.unwrap();
    let sizes: Vec<_> = server
        .requests()
        .iter()
        .map(|request| request.body.matches("<Key>").count())
        .collect();
    assert_eq!(sizes, [1000, 1]);
}

#[tokio::test]
async fn delete_reports_a_key_that_stayed() {
    let body = "<DeleteResult><Error><Key>live/b</Key><Code>AccessDenied</Code><Message>no</Message></Error></DeleteResult>";
    let (ports, _server) = objects(vec![Answer::ok(body)]);
    let error = ports
        .expired
        .delete(&["live/a".to_owned(), "live/b".to_owned()])
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Denied);
    assert_eq!(
        error.to_string(),
        "DeleteObjects on `s3://processed/live/b` failed (AccessDenied): no"
    );
}
