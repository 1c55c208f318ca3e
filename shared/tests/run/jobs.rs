//! The ports of batch jobs over the wire.

use serde_json::{Value, json};
use shared::Phase;
use shared::batch::status::JobStatus;
use shared::run::{Clients, ErrorKind, NewJob, Run};
use shared_derive::Ports;

use crate::ports;
use crate::server::{Answer, Server};

#[derive(Ports)]
struct Batch<P: Phase> {
    submit: P::SubmitJobs,
    states: P::ReadJobs,
    find: P::FindJobs,
    stop: P::StopJobs,
}

const ROLE: &str = "arn:aws:iam::111122223333:role/batch-jobs";
const ARN: &str = "arn:aws:bedrock:eu-west-1:111122223333:model-invocation-job/abcdefghijkl";

fn jobs(answers: Vec<Answer>) -> (Batch<Run>, Server) {
    let server = Server::answering(answers);
    let clients = Clients::from_config(server.config());
    let variables = [
        ("SUBMIT", ROLE),
        ("STATES", "any"),
        ("FIND", "any"),
        ("STOP", "any"),
    ];
    (ports(&clients, &variables).unwrap(), server)
}

fn refused(status: u16, code: &str) -> Answer {
    Answer::failed(status, "{\"message\":\"no\"}").header("x-amzn-errortype", code)
}

fn new_job() -> NewJob {
    NewJob {
        name: "jokes-part-0003-5f2d10c9ab".into(),
        client_request_token: "5f2d10c9ab".into(),
        model_id: "eu.anthropic.claude-haiku-4-5-20251001-v1:0".into(),
        input_uri: "s3://batch/batch_inputs_json/jokes/run/0003.jsonl".into(),
        output_uri: "s3://batch/batch_outputs_json/jokes/run/0003/".into(),
        timeout_hours: 24,
        tags: vec![("Run".into(), "run".into())],
    }
}

fn summary(name: &str, status: &str) -> Value {
    json!({
        "jobArn": ARN, "jobName": name, "modelId": "m", "roleArn": ROLE, "status": status,
        "submitTime": "2026-01-01T00:00:00Z",
        "inputDataConfig": { "s3InputDataConfig": { "s3Uri": "s3://b/i" } },
        "outputDataConfig": { "s3OutputDataConfig": { "s3Uri": "s3://b/o/" } }
    })
}

#[tokio::test]
async fn create_hands_over_role_places_and_tags() {
    let (ports, server) = jobs(vec![Answer::ok(&json!({ "jobArn": ARN }).to_string())]);
    assert_eq!(ports.submit.create(&new_job()).await.unwrap(), ARN);
    let request = &server.requests()[0];
    assert_eq!(request.line, "POST /model-invocation-job");
    let body: Value = serde_json::from_str(&request.body).unwrap();
    assert_eq!(
        body,
        json!({
            "jobName": "jokes-part-0003-5f2d10c9ab",
            "clientRequestToken": "5f2d10c9ab",
            "roleArn": ROLE,
            "modelId": "eu.anthropic.claude-haiku-4-5-20251001-v1:0",
            "inputDataConfig": { "s3InputDataConfig": {
                "s3InputFormat": "JSONL", "s3Uri": "s3://batch/batch_inputs_json/jokes/run/0003.jsonl"
            } },
            "outputDataConfig": { "s3OutputDataConfig": {
                "s3Uri": "s3://batch/batch_outputs_json/jokes/run/0003/"
            } },
            "timeoutDurationInHours": 24,
            "tags": [{ "key": "Run", "value": "run" }]
        })
    );
}

#[tokio::test]
async fn refusals_keep_the_services_word() {
    let refusals = [
        (400, "ServiceQuotaExceededException", ErrorKind::Throttled),
        (400, "ConflictException", ErrorKind::Changed),
        (400, "ValidationException", ErrorKind::Invalid),
        (403, "AccessDeniedException", ErrorKind::Denied),
        (404, "ResourceNotFoundException", ErrorKind::Missing),
    ];
    for (status, code, kind) in refusals {
        let (ports, server) = jobs(vec![refused(status, code)]);
        let error = ports.submit.create(&new_job()).await.unwrap_err();
        assert_eq!((error.kind, error.code.as_str()), (kind, code));
        assert_eq!(error.target, "jokes-part-0003-5f2d10c9ab");
        assert_eq!(
            server.requests().len(),
            1,
            "{code} is no reason to ask again"
        );
    }
}

#[tokio::test]
async fn a_repeated_request_has_the_same_token() {
    let answers = vec![
        refused(500, "InternalServerException"),
        Answer::ok(&json!({ "jobArn": ARN }).to_string()),
    ];
    let (ports, server) = jobs(answers);
    ports.submit.create(&new_job()).await.unwrap();
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0].body, requests[1].body);
}

#[tokio::test]
async fn get_tells_status_message_and_counts() {
    let mut job = summary("jokes", "PartiallyCompleted");
    job["message"] = "".into();
    job["totalRecordCount"] = 10.into();
    job["processedRecordCount"] = 8.into();
    job["successRecordCount"] = 7.into();
    job["errorRecordCount"] = 1.into();
    let (ports, server) = jobs(vec![Answer::ok(&job.to_string())]);
    let job = ports.states.get(ARN).await.unwrap();
    assert_eq!(job.status, JobStatus::PartiallyCompleted);
    assert_eq!((job.name.as_str(), job.message), ("jokes", None));
    assert_eq!(
        [job.total, job.processed, job.succeeded, job.errors],
        [Some(10), Some(8), Some(7), Some(1)]
    );
    let line = &server.requests()[0].line;
    assert!(
        line.starts_with("GET /model-invocation-job/arn%3Aaws%3Abedrock"),
        "{line}"
    );
}

#[tokio::test]
async fn counts_may_be_missing() {
    let (ports, _server) = jobs(vec![Answer::ok(
        &summary("jokes", "Validating").to_string(),
    )]);
    let job = ports.states.get(ARN).await.unwrap();
    assert_eq!((job.total, job.errors), (None, None));
}

#[tokio::test]
async fn a_status_of_the_future_is_named() {
    let (ports, _server) = jobs(vec![Answer::ok(&summary("jokes", "Paused").to_string())]);
    let error = ports.states.get(ARN).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Invalid);
    assert!(error.to_string().contains("`Paused`"), "{error}");
}

#[tokio::test]
async fn tags_are_pairs() {
    let tags = json!({ "tags": [{ "key": "Run", "value": "run" }] });
    let (ports, server) = jobs(vec![Answer::ok(&tags.to_string())]);
    let tags = ports.states.tags(ARN).await.unwrap();
    assert_eq!(tags, [("Run".to_owned(), "run".to_owned())]);
    assert_eq!(server.requests()[0].line, "POST /listTagsForResource");
}

#[tokio::test]
async fn find_takes_no_other_name_that_contains_it() {
    let first =
        json!({ "nextToken": "t2", "invocationJobSummaries": [summary("jokes-2", "Failed")] });
    let second = json!({ "invocationJobSummaries": [summary("jokes", "InProgress")] });
    let pages = vec![
        Answer::ok(&first.to_string()),
        Answer::ok(&second.to_string()),
    ];
    let (ports, server) = jobs(pages.clone());
    let found = ports.find.find("jokes").await.unwrap();
    assert_eq!(found, Some((ARN.to_owned(), JobStatus::InProgress)));
    let lines: Vec<_> = server
        .requests()
        .into_iter()
        .map(|request| request.line)
        .collect();
    assert!(
        lines[0].contains("nameContains=jokes") && lines[1].contains("nextToken=t2"),
        "{lines:?}"
    );
    let (ports, _server) = jobs(pages);
    assert_eq!(ports.find.find("joke").await.unwrap(), None);
}

#[tokio::test]
async fn stop_tells_whether_there_was_something_to_stop() {
    let (ports, server) = jobs(vec![Answer::ok("{}"), refused(400, "ConflictException")]);
    assert!(ports.stop.stop(ARN).await.unwrap());
    assert!(!ports.stop.stop(ARN).await.unwrap());
    let line = &server.requests()[0].line;
    assert!(
        line.starts_with("POST /model-invocation-job/") && line.ends_with("/stop"),
        "{line}"
    );
    let (ports, _server) = jobs(vec![refused(404, "ResourceNotFoundException")]);
    assert_eq!(
        ports.stop.stop(ARN).await.unwrap_err().kind,
        ErrorKind::Missing
    );
}
