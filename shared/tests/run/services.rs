//! The ports that invoke a model and send messages, over the wire.

use std::time::{Duration, Instant};

use shared::run::{Clients, ErrorKind, ModelInvoker, Run};
use shared_derive::Ports;

use crate::ports;
use crate::server::{Answer, Server};

#[derive(Ports)]
struct Both<P: shared::Phase> {
    model: P::InvokeModel,
    queue: P::SendMessages,
}

fn both(answers: Vec<Answer>) -> (Both<Run>, Server) {
    let server = Server::answering(answers);
    let clients = Clients::from_config(server.config());
    let variables = [
        ("MODEL", "eu.anthropic.claude-haiku-4-5-20251001-v1:0"),
        ("QUEUE", "http://127.0.0.1/111122223333/failures"),
    ];
    (ports(&clients, &variables).unwrap(), server)
}

async fn invoke(model: &ModelInvoker) -> Result<Vec<u8>, ErrorKind> {
    let answer = model.invoke(b"{\"max_tokens\":1}".to_vec()).await;
    answer
        .map(|invocation| invocation.body)
        .map_err(|error| error.kind)
}

#[tokio::test]
async fn invoke_sends_json_to_the_model() {
    let (ports, server) = both(vec![Answer::ok("{\"content\":[]}")]);
    assert_eq!(invoke(&ports.model).await.unwrap(), b"{\"content\":[]}");
    let request = &server.requests()[0];
    assert_eq!(
        request.line,
        "POST /model/eu.anthropic.claude-haiku-4-5-20251001-v1%3A0/invoke"
    );
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(request.body, "{\"max_tokens\":1}");
}

/// The only test that is throttled: the SDK's rate limiter is shared by all clients of a process.
#[tokio::test]
async fn a_throttled_model_is_tried_three_times_within_seconds() {
    let throttled = Answer::failed(429, "{\"message\":\"Too many requests\"}")
        .header("x-amzn-errortype", "ThrottlingException");
    let (ports, server) = both(vec![throttled]);
    let start = Instant::now();
    let error = ports.model.invoke(Vec::new()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Throttled);
    assert_eq!(error.code, "ThrottlingException");
    assert!(error.kind.may_pass());
    assert_eq!(server.requests().len(), 3);
    assert!(
        start.elapsed() < Duration::from_secs(15),
        "{:?}",
        start.elapsed()
    );
}

#[tokio::test]
async fn a_request_that_is_wrong_is_not_tried_again() {
    let wrong = Answer::failed(400, "{\"message\":\"max_tokens: too large\"}")
        .header("x-amzn-errortype", "ValidationException");
    let (ports, server) = both(vec![wrong]);
    assert_eq!(invoke(&ports.model).await, Err(ErrorKind::Invalid));
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn send_names_the_queue() {
    let body = "{\"MessageId\":\"m\",\"MD5OfMessageBody\":\"5d41402abc4b2a76b9719d911017c592\"}";
    let (ports, server) = both(vec![Answer::ok(body)]);
    ports.queue.send("hello").await.unwrap();
    let sent: serde_json::Value = serde_json::from_str(&server.requests()[0].body).unwrap();
    assert_eq!(sent["QueueUrl"], "http://127.0.0.1/111122223333/failures");
    assert_eq!(sent["MessageBody"], "hello");
}
