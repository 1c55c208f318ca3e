//! The ports that answer waiting steps, read a secret, invoke models and read several buckets, over the wire.

use serde_json::{Value, json};
use shared::Phase;
use shared::run::{Clients, ErrorKind, Run};
use shared_derive::Ports;

use crate::ports;
use crate::server::{Answer, Server};

#[derive(Ports)]
struct Callers<P: Phase> {
    tasks: P::AnswerTasks,
    token: P::ReadSecret,
    models: P::InvokeModels,
    inputs: P::ReadBuckets,
}

const MACHINE: &str = "arn:aws:states:eu-west-1:111122223333:stateMachine:batch-run";
const SECRET: &str = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:hub-a1b2c3";

fn callers(secret: &str, answers: Vec<Answer>) -> (Callers<Run>, Server) {
    let server = Server::answering(answers);
    let clients = Clients::from_config(server.config());
    let variables = [
        ("TASKS", MACHINE),
        ("TOKEN", secret),
        ("MODELS", "any"),
        ("INPUTS", "batch,tables"),
    ];
    (ports(&clients, &variables).unwrap(), server)
}

fn refused(code: &str) -> Answer {
    Answer::failed(400, &json!({ "__type": code, "message": "no" }).to_string())
}

#[tokio::test]
async fn succeed_sends_token_and_output() {
    let (ports, server) = callers(SECRET, vec![Answer::ok("{}")]);
    assert_eq!(ports.tasks.machine(), MACHINE);
    assert!(
        ports
            .tasks
            .succeed("TOKEN-1", "{\"ending\":\"completed\"}")
            .await
            .unwrap()
    );
    let request = &server.requests()[0];
    assert_eq!(
        request.header("x-amz-target"),
        Some("AWSStepFunctions.SendTaskSuccess")
    );
    let body: Value = serde_json::from_str(&request.body).unwrap();
    assert_eq!(
        body,
        json!({ "taskToken": "TOKEN-1", "output": "{\"ending\":\"completed\"}" })
    );
}

#[tokio::test]
async fn a_token_under_which_nobody_waits_is_no_error() {
    for code in ["TaskTimedOut", "TaskDoesNotExist", "InvalidToken"] {
        let (ports, _server) = callers(SECRET, vec![refused(code)]);
        assert!(
            !ports.tasks.succeed("TOKEN-1", "{}").await.unwrap(),
            "{code}"
        );
    }
}

#[tokio::test]
async fn errors_of_answers_name_the_machine_and_not_the_token() {
    let kinds = [
        ("InvalidOutput", ErrorKind::Invalid),
        ("AccessDeniedException", ErrorKind::Denied),
        ("KmsThrottlingException", ErrorKind::Throttled),
    ];
    for (code, kind) in kinds {
        let (ports, _server) = callers(SECRET, vec![refused(code)]);
        let error = ports.tasks.succeed("TOKEN-1", "{}").await.unwrap_err();
        assert_eq!((error.kind, error.code.as_str()), (kind, code));
        let text = format!("{error} {error:?}");
        assert!(
            text.contains(MACHINE) && !text.contains("TOKEN-1"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn a_secret_is_read_only_when_there_is_one() {
    let answer = json!({ "ARN": SECRET, "Name": "hub", "SecretString": "hf_x" });
    let (ports, server) = callers(SECRET, vec![Answer::ok(&answer.to_string())]);
    assert_eq!(ports.token.get().await.unwrap().as_deref(), Some("hf_x"));
    let body: Value = serde_json::from_str(&server.requests()[0].body).unwrap();
    assert_eq!(body, json!({ "SecretId": SECRET }));
    let (ports, server) = callers("none", vec![Answer::ok("{}")]);
    assert_eq!(ports.token.get().await.unwrap(), None);
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_secret_is_a_text() {
    let answer = json!({ "ARN": SECRET, "Name": "hub", "SecretBinary": "AAE=" });
    let (ports, _server) = callers(SECRET, vec![Answer::ok(&answer.to_string())]);
    assert_eq!(
        ports.token.get().await.unwrap_err().kind,
        ErrorKind::Invalid
    );
    let kinds = [
        ("DecryptionFailure", ErrorKind::Denied),
        ("ResourceNotFoundException", ErrorKind::Missing),
        ("InvalidRequestException", ErrorKind::Invalid),
    ];
    for (code, kind) in kinds {
        let (ports, _server) = callers(SECRET, vec![refused(code)]);
        assert_eq!(ports.token.get().await.unwrap_err().kind, kind, "{code}");
    }
}

#[tokio::test]
async fn any_model_can_be_named() {
    let (ports, server) = callers(SECRET, vec![Answer::ok("{}")]);
    let answer = ports
        .models
        .invoke("amazon.titan-embed-text-v2:0", b"{}".to_vec())
        .await;
    assert_eq!(answer.unwrap().body, b"{}");
    let line = &server.requests()[0].line;
    assert_eq!(line, "POST /model/amazon.titan-embed-text-v2%3A0/invoke");
}

#[tokio::test]
async fn only_the_named_buckets_are_read() {
    let (ports, server) = callers(SECRET, vec![Answer::ok("rows")]);
    assert_eq!(ports.inputs.buckets(), ["batch", "tables"]);
    let reader = ports.inputs.reader("tables").unwrap();
    assert_eq!(reader.get("any/key.csv", 10).await.unwrap().bytes, b"rows");
    assert!(
        server.requests()[0]
            .line
            .starts_with("GET /tables/any/key.csv")
    );
    assert_eq!(
        ports.inputs.lister("batch").unwrap().location().to_string(),
        "s3://batch/"
    );
    for error in [
        ports.inputs.reader("other").unwrap_err(),
        ports.inputs.lister("other").unwrap_err(),
    ] {
        assert_eq!(error.kind, ErrorKind::OutsidePort);
        assert!(error.to_string().contains("batch, tables"), "{error}");
    }
}
