//! Batch jobs over the wire: validation, statuses, output files, events, and what a scenario does to them.

#![expect(
    clippy::expect_used,
    reason = "a test stops where its preparation fails"
)]

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::Request;
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use local::bedrock::{Config, MemoryAccount, Objects, S3Uri, Scenario, Simulator};
use serde_json::{Value, json};

const HAIKU: &str = "eu.anthropic.claude-haiku-4-5-20251001-v1:0";
const TITAN: &str = "amazon.titan-embed-text-v2:0";

/// A simulator whose jobs last milliseconds and need two records, with an account in memory.
struct Bench {
    simulator: Simulator,
    account: Arc<MemoryAccount>,
}

impl Bench {
    async fn new(batch_rules: Value, rules: Value) -> Self {
        let quotas = json!({ "minimum_records": 2, "maximum_records": 50, "open_jobs": 3 });
        Self::with(json!({
            "rules": rules,
            "batch": { "clock": { "speed": 50_000 }, "quotas": quotas, "rules": batch_rules },
        }))
        .await
    }

    async fn with(scenario: Value) -> Self {
        let scenario: Scenario = serde_json::from_value(scenario).expect("a scenario");
        let config = Config {
            scenario,
            upstream: None,
        };
        let simulator = Simulator::start(config)
            .await
            .expect("the simulator starts");
        let account = Arc::new(MemoryAccount::default());
        simulator.keep_batch_in(account.clone());
        Self { simulator, account }
    }

    async fn upload(&self, uri: &str, lines: &[Value]) {
        let lines: Vec<String> = lines.iter().map(Value::to_string).collect();
        let place = S3Uri::parse(uri).expect("an S3 URI");
        self.account
            .put(&place, lines.join("\n").into_bytes())
            .await
            .expect("memory does not fail");
    }

    /// Status, error type, body.
    async fn send(&self, method: &str, path: &str, body: &Value) -> (u16, String, Value) {
        let authorization = "AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20260101/eu-west-1/bedrock/aws4_request, SignedHeaders=host, Signature=0";
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.simulator.endpoint()))
            .header("authorization", authorization)
            .body(Full::new(Bytes::from(body.to_string())))
            .expect("a request");
        let client: Client<_, Full<Bytes>> = Client::builder(TokioExecutor::new()).build_http();
        let response = client.request(request).await.expect("an answer");
        let status = response.status().as_u16();
        let kind = response.headers().get("x-amzn-errortype");
        let kind = kind.map_or("", |kind| kind.to_str().expect("a name"));
        let kind = kind.to_owned();
        let body = response.into_body().collect().await.expect("a body");
        let body = serde_json::from_slice(&body.to_bytes()).expect("JSON");
        (status, kind, body)
    }

    async fn create(&self, body: &Value) -> (u16, String, Value) {
        self.send("POST", "/model-invocation-job", body).await
    }

    /// The ARN of a job that must be made.
    async fn created(&self, body: &Value) -> String {
        let (status, _, answer) = self.create(body).await;
        assert_eq!(status, 200, "{answer}");
        answer["jobArn"].as_str().expect("an ARN").to_owned()
    }

    async fn get(&self, arn: &str) -> Value {
        let path = format!("/model-invocation-job/{}", arn.replace('/', "%2F"));
        let (status, _, job) = self.send("GET", &path, &json!({})).await;
        assert_eq!(status, 200, "{job}");
        job
    }

    /// The job as it ended, and with its last event sent.
    async fn ended(&self, arn: &str) -> Value {
        for _ in 0..1000 {
            let job = self.get(arn).await;
            if job.get("endTime").is_some() {
                tokio::time::sleep(Duration::from_millis(20)).await;
                return job;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("the job did not end: {}", self.get(arn).await)
    }

    fn statuses(&self, arn: &str) -> Vec<String> {
        let events = self.account.events();
        events
            .iter()
            .filter(|event| event["detail"]["batchJobArn"] == arn)
            .map(|event| event["detail"]["status"].as_str().expect("a status").into())
            .collect()
    }

    /// The lines of an object below the output of a job.
    async fn lines(&self, arn: &str, name: &str) -> Vec<Value> {
        let id = arn.rsplit('/').next().expect("an id");
        let uri = S3Uri::parse(&format!("s3://results/out/{id}/{name}")).expect("an S3 URI");
        let bytes = self.account.get(&uri).await.expect("the object is there");
        let text = std::str::from_utf8(&bytes).expect("UTF-8");
        text.lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect()
    }
}

fn job(name: &str, model: &str) -> Value {
    json!({
        "jobName": name,
        "modelId": model,
        "roleArn": "arn:aws:iam::000000000000:role/batch",
        "inputDataConfig": { "s3InputDataConfig": { "s3InputFormat": "JSONL", "s3Uri": "s3://records/in/0000.jsonl" } },
        "outputDataConfig": { "s3OutputDataConfig": { "s3Uri": "s3://results/out/" } },
    })
}

fn chat(id: &str, prompt: &str) -> Value {
    json!({ "recordId": id, "modelInput": {
        "anthropic_version": "bedrock-2023-05-31", "max_tokens": 100,
        "messages": [{ "role": "user", "content": [{ "type": "text", "text": prompt }] }],
    } })
}

fn chats(count: usize) -> Vec<Value> {
    (0..count)
        .map(|number| chat(&format!("r{number}"), "Give \"title\": ..."))
        .collect()
}

#[tokio::test]
async fn a_job_answers_every_record_and_tells_of_every_status() {
    let rule = json!([{ "when": { "prompt_contains": "cursed" }, "then": { "fault": "error", "code": "ModelErrorException", "message": "broken" } }]);
    let bench = Bench::new(json!([]), rule).await;
    let mut records = chats(3);
    records.push(chat("r3", "a cursed prompt"));
    records.push(json!({ "recordId": "r4", "modelInput": { "max_tokens": 5 } }));
    bench.upload("s3://records/in/0000.jsonl", &records).await;
    let arn = bench.created(&job("joke-part-0000", HAIKU)).await;
    let ended = bench.ended(&arn).await;
    assert_eq!(ended["status"], "Completed");
    assert_eq!(ended["jobName"], "joke-part-0000");
    assert_eq!(ended["errorRecordCount"], 2);
    assert_eq!(ended["timeoutDurationInHours"], 24);

    let lines = bench.lines(&arn, "0000.jsonl.out").await;
    let ids: Vec<&Value> = lines.iter().map(|line| &line["recordId"]).collect();
    assert_eq!(ids, ["r0", "r1", "r2", "r3", "r4"]);
    assert_eq!(
        lines[0]["modelOutput"]["content"][0]["text"],
        r#"{"title":""}"#
    );
    assert_eq!(lines[0]["modelInput"], records[0]["modelInput"]);
    assert_eq!(
        lines[3]["error"],
        json!({ "errorCode": 424, "errorMessage": "broken" })
    );
    assert!(lines[3].get("modelOutput").is_none());
    assert_eq!(lines[4]["error"]["errorCode"], 400);

    let usage = |name: &str| -> u64 {
        let counts = lines
            .iter()
            .filter_map(|line| line["modelOutput"]["usage"][name].as_u64());
        counts.sum()
    };
    let manifest = bench.lines(&arn, "manifest.json.out").await;
    assert_eq!(
        manifest,
        [
            json!({ "totalRecordCount": 5, "processedRecordCount": 5, "successRecordCount": 3, "errorRecordCount": 2,
                "inputTokenCount": usage("input_tokens"), "outputTokenCount": usage("output_tokens") })
        ]
    );

    assert_eq!(
        bench.statuses(&arn),
        [
            "Submitted",
            "Validating",
            "Scheduled",
            "InProgress",
            "Completed"
        ]
    );
    let event = bench.account.events().pop().expect("an event");
    assert_eq!(event["detail-type"], "Batch Inference Job State Change");
    assert_eq!(event["resources"], json!([arn]));
    assert_eq!(
        event["detail"]["batchModelId"],
        format!("arn:aws:bedrock:eu-west-1:000000000000:inference-profile/{HAIKU}")
    );
    let created = event["detail"]["creationTime"].as_str().expect("a time");
    assert!(
        created.ends_with(" AM") || created.ends_with(" PM"),
        "{created}"
    );
}

#[tokio::test]
async fn embeddings_depend_on_the_text_alone_and_have_length_one() {
    let bench = Bench::new(json!([]), json!([])).await;
    let record = |id: &str, text: &str| json!({ "recordId": id, "modelInput": { "inputText": text, "dimensions": 256 } });
    let first = [record("a", "salt"), record("b", "pepper")];
    let second = [
        record("c", "salt"),
        json!({ "recordId": "d", "modelInput": { "inputText": "x", "dimensions": 7 } }),
    ];
    bench.upload("s3://records/all/0.jsonl", &first).await;
    bench.upload("s3://records/all/1.jsonl", &second).await;
    bench.upload("s3://records/all/readme.txt", &[]).await;
    let mut body = job("vectors", TITAN);
    body["inputDataConfig"]["s3InputDataConfig"]["s3Uri"] = json!("s3://records/all/");
    let arn = bench.created(&body).await;
    assert_eq!(bench.ended(&arn).await["status"], "Completed");
    let vector = |line: &Value| -> Vec<f64> {
        serde_json::from_value(line["modelOutput"]["embedding"].clone()).expect("numbers")
    };
    let lines = bench.lines(&arn, "0.jsonl.out").await;
    let others = bench.lines(&arn, "1.jsonl.out").await;
    let salt = vector(&lines[0]);
    assert_eq!(salt.len(), 256);
    let length: f64 = salt.iter().map(|value| value * value).sum();
    assert!((length - 1.0).abs() < 1e-4, "{length}");
    assert_eq!(salt, vector(&others[0]));
    assert_ne!(salt, vector(&lines[1]));
    assert_eq!(others[1]["error"]["errorCode"], 400);
}

#[tokio::test]
async fn requests_that_the_service_refuses_are_refused() {
    let bench = Bench::new(json!([]), json!([])).await;
    let change = |pointer: &str, value: Value| {
        let mut body = job("fine", HAIKU);
        match body.pointer_mut(pointer) {
            Some(place) => *place = value,
            None => body[pointer.trim_start_matches('/')] = value,
        }
        body
    };
    let cases = [
        (change("/jobName", json!("-starts-badly")), "'jobName'"),
        (
            change("/jobName", json!("x".repeat(64))),
            "less than or equal to 63",
        ),
        (change("/roleArn", json!("batch")), "'roleArn'"),
        (
            change("/clientRequestToken", json!("-")),
            "'clientRequestToken'",
        ),
        (
            change("/timeoutDurationInHours", json!(23)),
            "between 24 and 168",
        ),
        (
            change("/timeoutDurationInHours", json!(169)),
            "between 24 and 168",
        ),
        (
            change(
                "/inputDataConfig/s3InputDataConfig/s3Uri",
                json!("https://records/in"),
            ),
            "'inputDataConfig.s3InputDataConfig.s3Uri'",
        ),
        (
            change(
                "/outputDataConfig/s3OutputDataConfig/s3Uri",
                json!("s3://R/out"),
            ),
            "'outputDataConfig.s3OutputDataConfig.s3Uri'",
        ),
        (
            change(
                "/inputDataConfig/s3InputDataConfig/s3InputFormat",
                json!("CSV"),
            ),
            "unknown variant `CSV`",
        ),
        (
            change("/modelId", json!("claude")),
            "The provided model identifier is invalid.",
        ),
        (
            change("/tags", json!([{ "key": "", "value": "x" }])),
            "'tags.1.member.key'",
        ),
        (change("/roleArn", Value::Null), "The request is not valid"),
    ];
    for (body, expected) in cases {
        let (status, kind, answer) = bench.create(&body).await;
        assert_eq!(
            (status, kind.as_str()),
            (400, "ValidationException"),
            "{body}"
        );
        let message = answer["message"].as_str().expect("a message");
        assert!(message.contains(expected), "{message} lacks {expected}");
    }
    let unknown = job("fine", "anthropic.claude-9-v1:0");
    let (status, _, answer) = bench.create(&unknown).await;
    assert_eq!(
        (status, answer["message"].as_str()),
        (400, Some("The provided model identifier is invalid."))
    );
    let retired = job("fine", "anthropic.claude-3-haiku-20240307-v1:0");
    let (status, kind, answer) = bench.create(&retired).await;
    assert_eq!((status, kind.as_str()), (404, "ResourceNotFoundException"));
    assert!(
        answer["message"]
            .as_str()
            .expect("a message")
            .contains("end of its life")
    );
    let (status, kind, _) = bench
        .send("GET", "/model-invocation-job/nosuchjob123", &json!({}))
        .await;
    assert_eq!((status, kind.as_str()), (404, "ResourceNotFoundException"));
}

#[tokio::test]
async fn input_that_cannot_be_used_fails_the_job_with_its_reason() {
    let bench = Bench::new(json!([]), json!([])).await;
    let good = chat("a", "x");
    bench.upload("s3://records/few.jsonl", &chats(1)).await;
    bench.upload("s3://records/many.jsonl", &chats(51)).await;
    bench
        .upload(
            "s3://records/odd.jsonl",
            &[good.clone(), json!({ "recordId": "b" })],
        )
        .await;
    bench.upload("s3://records/text/file.csv", &[good]).await;
    let cases = [
        (
            "few.jsonl",
            "has 1 records, a batch inference job needs at least 2",
        ),
        (
            "many.jsonl",
            "has 51 records, a batch inference job takes at most 50",
        ),
        (
            "odd.jsonl",
            "line 2 of s3://records/odd.jsonl is not a record",
        ),
        ("text/", "there is no .jsonl file at s3://records/text/"),
        ("gone.jsonl", "s3://records/gone.jsonl does not exist"),
    ];
    for (index, (key, expected)) in cases.into_iter().enumerate() {
        let mut body = job(&format!("bad-{index}"), HAIKU);
        body["inputDataConfig"]["s3InputDataConfig"]["s3Uri"] =
            json!(format!("s3://records/{key}"));
        let arn = bench.created(&body).await;
        let ended = bench.ended(&arn).await;
        assert_eq!(ended["status"], "Failed");
        let message = ended["message"].as_str().expect("a message");
        assert!(message.contains(expected), "{message} lacks {expected}");
        let event = bench.account.events().pop().expect("an event");
        assert_eq!(event["detail"]["failureMessage"], message);
    }
}

#[tokio::test]
async fn names_are_unique_tokens_repeat_and_open_jobs_are_counted() {
    let bench =
        Bench::with(json!({ "batch": { "quotas": { "open_jobs": 2 }, "clock": { "speed": 1 } } }))
            .await;
    let mut first = job("one", HAIKU);
    first["clientRequestToken"] = json!("run-1");
    let arn = bench.created(&first).await;
    assert_eq!(bench.created(&first).await, arn);
    let (status, kind, _) = bench.create(&job("one", HAIKU)).await;
    assert_eq!((status, kind.as_str()), (400, "ConflictException"));
    bench.created(&job("two", HAIKU)).await;
    let (status, kind, _) = bench.create(&job("three", HAIKU)).await;
    assert_eq!(
        (status, kind.as_str()),
        (400, "ServiceQuotaExceededException")
    );
    bench.created(&job("three", TITAN)).await;

    let names = async |query: &str| {
        let (_, _, page) = bench
            .send(
                "GET",
                &format!("/model-invocation-jobs?{query}"),
                &json!({}),
            )
            .await;
        let jobs = page["invocationJobSummaries"].as_array().expect("jobs");
        let names: Vec<String> = jobs
            .iter()
            .map(|job| job["jobName"].as_str().expect("a name").into())
            .collect();
        (names, page["nextToken"].as_str().map(str::to_owned))
    };
    assert_eq!(
        names("").await,
        (vec!["three".into(), "two".into(), "one".into()], None)
    );
    assert_eq!(names("nameContains=tw").await.0, ["two"]);
    assert_eq!(names("statusEquals=Completed").await.0, [""; 0]);
    let (page, token) = names("maxResults=2&sortOrder=Ascending").await;
    assert_eq!(page, ["one", "two"]);
    let query = format!("sortOrder=Ascending&nextToken={}", token.expect("more"));
    assert_eq!(names(&query).await, (vec!["three".into()], None));
}

#[tokio::test]
async fn tags_come_with_the_job_and_change() {
    let bench = Bench::with(json!({ "batch": { "clock": { "speed": 1 } } })).await;
    let mut body = job("tagged", HAIKU);
    body["tags"] =
        json!([{ "key": "TaskToken:0", "value": "AQCs+/=" }, { "key": "run", "value": "1" }]);
    let arn = bench.created(&body).await;
    let post = async |path: &str, body: Value| bench.send("POST", path, &body).await;
    post(
        "/untagResource",
        json!({ "resourceARN": arn, "tagKeys": ["TaskToken:0"] }),
    )
    .await;
    let changed = json!([{ "key": "run", "value": "2" }]);
    post(
        "/tagResource",
        json!({ "resourceARN": arn, "tags": changed }),
    )
    .await;
    let (_, _, tags) = post("/listTagsForResource", json!({ "resourceARN": arn })).await;
    assert_eq!(tags, json!({ "tags": changed }));
    let many: Vec<Value> = (0..201)
        .map(|number| json!({ "key": format!("k{number}"), "value": "" }))
        .collect();
    let (_, kind, _) = post("/tagResource", json!({ "resourceARN": arn, "tags": many })).await;
    assert_eq!(kind, "TooManyTagsException");
}

#[tokio::test]
async fn a_stopped_job_keeps_what_it_has_processed() {
    let clock = json!({ "speed": 1000, "submitted": 1, "validating": 1, "scheduled": 1, "in_progress": 80_000 });
    let quotas = json!({ "minimum_records": 2 });
    let bench = Bench::with(json!({ "batch": { "clock": clock, "quotas": quotas } })).await;
    bench.upload("s3://records/in/0000.jsonl", &chats(40)).await;
    let arn = bench.created(&job("long", HAIKU)).await;
    while bench.get(&arn).await["processedRecordCount"] == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let path = format!("/model-invocation-job/{}/stop", arn.replace('/', "%2F"));
    let (status, _, _) = bench.send("POST", &path, &json!({})).await;
    assert_eq!(status, 200);
    let ended = bench.ended(&arn).await;
    assert_eq!(ended["status"], "Stopped");
    let processed = bench.lines(&arn, "0000.jsonl.out").await.len();
    assert!((1..40).contains(&processed), "{processed}");
    assert_eq!(ended["processedRecordCount"], processed);
    assert!(
        bench
            .statuses(&arn)
            .ends_with(&["Stopping".into(), "Stopped".into()])
    );
    let (status, kind, _) = bench.send("POST", &path, &json!({})).await;
    assert_eq!((status, kind.as_str()), (400, "ConflictException"));
}

#[tokio::test]
async fn a_scenario_decides_how_jobs_end() {
    let rules = json!([
        { "times": 1, "then": { "fault": "refuse", "code": "ThrottlingException" } },
        { "when": { "name_contains": "partial" }, "then": { "fault": "partial", "unprocessed": 4 } },
        { "when": { "name_contains": "late" }, "then": { "fault": "expire" } },
        { "when": { "name_contains": "bad" }, "then": { "fault": "fail", "message": "no luck" } },
        { "when": { "name_contains": "orphan" }, "then": { "fault": "lost_response" } },
    ]);
    let bench = Bench::new(rules, json!([])).await;
    bench.upload("s3://records/in/0000.jsonl", &chats(10)).await;
    let (status, kind, _) = bench.create(&job("partial", HAIKU)).await;
    assert_eq!((status, kind.as_str()), (429, "ThrottlingException"));

    let partial = bench.created(&job("partial", HAIKU)).await;
    assert_eq!(bench.ended(&partial).await["status"], "PartiallyCompleted");
    assert_eq!(bench.lines(&partial, "0000.jsonl.out").await.len(), 6);
    let manifest = bench.lines(&partial, "manifest.json.out").await;
    assert_eq!(
        (
            &manifest[0]["totalRecordCount"],
            &manifest[0]["processedRecordCount"]
        ),
        (&json!(10), &json!(6))
    );

    let bad = bench.created(&job("bad", HAIKU)).await;
    let failed = bench.ended(&bad).await;
    assert_eq!(
        (&failed["status"], &failed["message"]),
        (&json!("Failed"), &json!("no luck"))
    );
    let late = bench.created(&job("late", HAIKU)).await;
    assert_eq!(bench.ended(&late).await["status"], "Expired");

    let (status, kind, _) = bench.create(&job("orphan", HAIKU)).await;
    assert_eq!((status, kind.as_str()), (500, "InternalServerException"));
    let (_, _, found) = bench
        .send(
            "GET",
            "/model-invocation-jobs?nameContains=orphan",
            &json!({}),
        )
        .await;
    let arn = found["invocationJobSummaries"][0]["jobArn"].as_str();
    assert_eq!(
        bench.ended(arn.expect("the orphan")).await["status"],
        "Completed"
    );
}

#[tokio::test]
async fn a_scenario_loses_repeats_and_hurries_events() {
    let rules = json!([
        { "when": { "name_contains": "odd" }, "then": { "fault": "early_event", "status": "Submitted" } },
        { "when": { "name_contains": "odd" }, "then": { "fault": "lost_event", "status": "Scheduled" } },
        { "when": { "name_contains": "odd" }, "then": { "fault": "duplicate_event", "status": "Completed" } },
    ]);
    let bench = Bench::new(rules, json!([])).await;
    bench.upload("s3://records/in/0000.jsonl", &chats(2)).await;
    let arn = bench.created(&job("odd", HAIKU)).await;
    assert_eq!(
        bench.statuses(&arn).first().map(String::as_str),
        Some("Submitted")
    );
    bench.ended(&arn).await;
    assert_eq!(
        bench.statuses(&arn),
        [
            "Submitted",
            "Validating",
            "InProgress",
            "Completed",
            "Completed"
        ]
    );
}

#[tokio::test]
async fn without_an_account_a_job_is_refused() {
    let bench = Bench {
        simulator: Simulator::start(Config::default())
            .await
            .expect("the simulator starts"),
        account: Arc::default(),
    };
    let (status, _, answer) = bench.create(&job("nowhere", HAIKU)).await;
    assert_eq!(status, 500);
    assert!(
        answer.to_string().contains("connect it with a local AWS"),
        "{answer}"
    );
}

/// Five jobs at a time are what a demonstration runs; on the default clock they must not keep a machine busy.
#[tokio::test]
async fn jobs_of_a_thousand_records_take_seconds() {
    let bench = Bench::with(json!({})).await;
    let records: Vec<Value> = (0..1000)
        .map(|number| {
            chat(
                &format!("r{number}"),
                &format!("Tell a joke about the number {number}."),
            )
        })
        .collect();
    bench.upload("s3://records/in/0000.jsonl", &records).await;
    let begun = std::time::Instant::now();
    let mut arns = Vec::new();
    for number in 0..5 {
        let name = format!("large-part-{number:04}");
        arns.push(bench.created(&job(&name, HAIKU)).await);
    }
    for arn in &arns {
        let ended = bench.ended(arn).await;
        assert_eq!(
            (&ended["status"], &ended["successRecordCount"]),
            (&json!("Completed"), &json!(1000))
        );
    }
    let elapsed = begun.elapsed();
    assert!(elapsed < Duration::from_secs(5), "{elapsed:?}");
}
