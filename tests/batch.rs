//! The batch system from a table to its answers: the real machine, the real functions, jobs that go wrong in every way.
#![expect(
    clippy::expect_used,
    reason = "a test that cannot go on says why and ends"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use aws_sdk_sfn::types::ExecutionStatus;
use end_to_end::batch::{Batch, Row, statuses, until};
use end_to_end::revoke;
use serde_json::{Value, json};

const MODEL: &str = "eu.anthropic.claude-haiku-4-5-20251001-v1:0";

/// Rows of the table.
const ROWS: usize = 5_000;
/// Records per job, and so five jobs.
const PER_JOB: usize = 1_000;
/// Records that the second job does not come to.
const UNPROCESSED: usize = 40;
/// The row whose record the model fails on, once.
const FAILING: usize = 2_345;

/// A text of a row: some have quotes, some line feeds, some neither letters nor ASCII.
fn topic(row: usize) -> String {
    let kinds = [
        "ordinary words, with commas",
        "a \"quoted\" word",
        "two\nlines",
        "naïve café – 東京の本 🚲",
        "tab\tand 'single' quotes",
        "{braces} and \\ backslashes",
    ];
    format!("{} number {row}", kinds[row % kinds.len()])
}

fn csv(rows: usize) -> String {
    let mut text = String::from("\u{feff}id,topic,note\r\n");
    for row in 0..rows {
        let topic = topic(row).replace('"', "\"\"");
        let note = if row % 3 == 0 { "" } else { "as it was" };
        write!(text, "{row},\"{topic}\",{note}\r\n").expect("a text takes more");
    }
    text
}

fn request(uri: &str, prefix: &str) -> Value {
    json!({
        "s3_uri": uri,
        "job_name_prefix": prefix,
        "model_id": MODEL,
        "prompt_id": "joke_about_topic",
    })
}

/// Holds rows to be those of the table, each once and in order, and each answer to be its own row's.
fn assert_complete(rows: &[Row], count: usize) {
    let ids: Vec<&str> = rows.iter().map(|row| row["id"].as_str()).collect();
    let expected: Vec<String> = (0..count).map(|row| row.to_string()).collect();
    assert_eq!(ids, expected, "every row comes back once, in its place");
    let unique: BTreeSet<&str> = rows.iter().map(|row| row["record_id"].as_str()).collect();
    assert_eq!(unique.len(), count);
    for (number, row) in rows.iter().enumerate() {
        assert_eq!(row["topic"], topic(number), "the columns are as they were");
        let answered = row["status"] == "succeeded";
        assert_eq!(row.contains_key("response"), answered, "{row:#?}");
        assert_ne!(row.contains_key("error_message"), answered, "{row:#?}");
        if answered {
            let response = &row["response"];
            assert!(response.contains(&topic(number)), "{number}: {response}");
        }
    }
}

/// Jobs that are throttled when they are made, end too soon, and whose events are lost, doubled and early; and a record on
/// which the model fails once.
fn troubles() -> Value {
    json!({
        "rules": [{
            "when": { "prompt_contains": topic(FAILING) },
            "times": 1,
            "then": { "fault": "error", "code": "ModelErrorException" },
        }],
        "batch": {
            "rules": [
                { "times": 1, "then": { "fault": "refuse", "code": "ThrottlingException" } },
                { "when": { "name_contains": "-part-0001-" }, "then": { "fault": "partial", "unprocessed": UNPROCESSED } },
                { "when": { "name_contains": "-part-0002-" }, "then": { "fault": "lost_event", "status": "Completed" } },
                { "when": { "name_contains": "-part-0003-" }, "then": { "fault": "duplicate_event", "status": "Completed" } },
                { "when": { "name_contains": "-part-0004-" }, "then": { "fault": "early_event", "status": "Completed" } },
            ],
            "quotas": { "open_jobs": 2 },
        },
    })
}

#[tokio::test]
async fn every_row_comes_back_once_and_a_redrive_completes_the_rest() {
    let batch = Batch::deploy(troubles(), &[("MaxConcurrentJobs", "2")], |_| ()).await;
    let uri = batch.put("inputs/topics.csv", csv(ROWS)).await;
    let request = request(&uri, "jokes");
    let report = batch.run("first", &request).await;

    let rows = batch.rows("jokes", "first").await;
    assert_complete(&rows, ROWS);
    let succeeded = ROWS - UNPROCESSED - 1;
    let expected = BTreeMap::from([
        ("failed", 1),
        ("missing", UNPROCESSED),
        ("succeeded", succeeded),
    ]);
    assert_eq!(statuses(&rows), expected);
    let missing = 2 * PER_JOB - UNPROCESSED..2 * PER_JOB;
    assert!(rows[missing].iter().all(|row| row["status"] == "missing"));
    assert_eq!(rows[FAILING]["status"], "failed");
    assert_eq!(rows[FAILING]["error_code"], "424", "{:#?}", rows[FAILING]);
    assert_eq!(report["verdict"], "redrivable", "{report:#}");
    assert_eq!(report["records"], ROWS);
    assert_eq!(report["succeeded"], succeeded);
    assert_eq!(report["redrivable"], UNPROCESSED + 1);
    assert_eq!(report["incomplete"], json!([1, 2]));
    let stored = batch.get("runs/jokes/first/report.json").await;
    let stored: Value = serde_json::from_slice(&stored).expect("a report is JSON");
    assert_eq!(stored, report);

    let jobs = batch.jobs().await;
    assert_eq!(
        jobs.len(),
        ROWS / PER_JOB,
        "no chunk had two jobs: {jobs:#?}"
    );
    for job in jobs.values() {
        assert!(
            !job.contains_key("token") && !job.contains_key("open"),
            "{job:#?}"
        );
    }

    let asked = batch.session().model_requests().len();
    let mut again = request.clone();
    again["redrive"] = json!("first");
    let report = batch.run("first-r1", &again).await;
    assert_eq!(report["verdict"], "complete", "{report:#}");
    assert_eq!(report["succeeded"], ROWS);
    let asked = batch.session().model_requests().len() - asked;
    assert_eq!(
        asked,
        UNPROCESSED + 1,
        "what has an answer is not asked again"
    );
    let redriven = batch.rows("jokes", "first").await;
    assert_complete(&redriven, ROWS);
    assert_eq!(statuses(&redriven), BTreeMap::from([("succeeded", ROWS)]));
    for (before, after) in rows.iter().zip(&redriven) {
        if before["status"] == "succeeded" {
            assert_eq!(before, after, "finished records stay as they are");
        }
    }
    batch.stop().await;
}

#[tokio::test]
async fn two_runs_share_the_quota_of_the_account() {
    let scenario = json!({ "batch": { "quotas": { "open_jobs": 1 } } });
    let batch = Batch::deploy(scenario, &[], |_| ()).await;
    let uri = batch.put("inputs/few.csv", csv(400)).await;
    let mut request = request(&uri, "shared");
    request["max_records_per_job"] = json!(200);
    let one = batch.start("one", &request).await;
    let other = batch.start("other", &request).await;
    for execution in [one, other] {
        let ended = batch.ended(&execution).await;
        assert_eq!(ended.output["verdict"], "complete", "{ended:?}");
    }
    assert_complete(&batch.rows("shared", "one").await, 400);
    assert_complete(&batch.rows("shared", "other").await, 400);
    assert_eq!(batch.jobs().await.len(), 4);
    batch.stop().await;
}

#[tokio::test]
async fn an_aborted_run_stops_its_jobs() {
    let scenario = json!({ "batch": { "clock": { "speed": 1, "in_progress": 600 } } });
    let batch = Batch::deploy(scenario, &[], |_| ()).await;
    let uri = batch.put("inputs/few.csv", csv(200)).await;
    let execution = batch.start("aborted", &request(&uri, "slow")).await;
    until(async || !batch.jobs().await.is_empty() && job_arns(&batch).await == 1).await;
    batch
        .machines()
        .stop_execution()
        .execution_arn(&execution)
        .send()
        .await
        .expect("the execution is stopped");
    assert_eq!(
        batch.ended(&execution).await.status,
        ExecutionStatus::Aborted
    );
    until(async || {
        let jobs = batch.jobs().await;
        jobs.values().all(|job| job["status"] == "Stopped")
    })
    .await;
    batch.stop().await;
}

async fn job_arns(batch: &Batch) -> usize {
    let jobs = batch.jobs().await;
    jobs.values()
        .filter(|job| job.contains_key("job_arn"))
        .count()
}

#[tokio::test]
async fn a_request_that_cannot_be_run_is_refused_with_what_there_is() {
    let batch = Batch::deploy(json!({}), &[], |_| ()).await;
    let uri = batch.put("inputs/few.csv", csv(3)).await;
    let refusals = [
        ("prompt_id", json!("no_such_prompt"), "joke_about_topic"),
        (
            "model_id",
            json!("meta.llama3-8b-instruct-v1:0"),
            "Anthropic Messages",
        ),
        (
            "prompt_id",
            json!("question_answering"),
            "has no column source",
        ),
        (
            "s3_uri",
            json!("s3://somebody-elses-bucket/x.csv"),
            "may not read",
        ),
        ("max_records_total", json!(-1), "whole number of 1 or more"),
    ];
    for (number, (field, value, expected)) in refusals.into_iter().enumerate() {
        let mut request = request(&uri, "refused");
        request[field] = value;
        let execution = batch.start(&format!("refused-{number}"), &request).await;
        let ended = batch.ended(&execution).await;
        assert_eq!(ended.status, ExecutionStatus::Failed, "{field}");
        assert!(
            ended.error.starts_with("InvalidRequest: "),
            "{}",
            ended.error
        );
        assert!(ended.error.contains(expected), "{}", ended.error);
    }
    assert!(batch.keys("runs/").await.is_empty(), "nothing was written");
    batch.stop().await;
}

#[tokio::test]
async fn embeddings_few_records_and_stages() {
    let batch = Batch::deploy(json!({}), &[], |_| ()).await;
    let words = batch
        .put(
            "inputs/words.csv",
            "input_text,kind\nastronomy,noun\ncars,noun\n,empty\n",
        )
        .await;
    let embeddings = json!({
        "s3_uri": words,
        "job_name_prefix": "vectors",
        "model_id": "amazon.titan-embed-text-v2:0",
        "prompt_id": null,
        "dimensions": "256",
        "csv": true,
    });
    let report = batch.run("vectors", &embeddings).await;
    assert_eq!(report["verdict"], "incomplete", "{report:#}");
    let rows = batch.rows("vectors", "vectors").await;
    let counts = BTreeMap::from([("rejected", 1), ("succeeded", 2)]);
    assert_eq!(statuses(&rows), counts);
    assert_eq!(rows[0]["embedding"].split(", ").count(), 256);
    assert!(batch.jobs().await.is_empty(), "three records are no job");
    let as_csv = batch.keys("batch_output_csv/vectors/vectors/").await;
    assert_eq!(as_csv.len(), 1);

    let topics = batch.put("inputs/topics.csv", csv(3)).await;
    let mut second = request("", "verdicts");
    second["prompt_id"] = json!("sentiment_classifier");
    second["columns"] = json!({ "response": "input_text" });
    second.as_object_mut().expect("an object").remove("s3_uri");
    let stages = json!({ "stages": [request(&topics, "drafts"), second] });
    let execution = batch.start_on("StagesMachine", "two", &stages).await;
    let ended = batch.ended(&execution).await;
    assert_eq!(ended.status, ExecutionStatus::Succeeded, "{ended:?}");
    let last = &ended.output["stages"][1];
    let rows = batch
        .rows(
            "verdicts",
            last["run"].as_str().expect("the run has a name"),
        )
        .await;
    assert_eq!(statuses(&rows), BTreeMap::from([("succeeded", 3)]));
    for (number, row) in rows.iter().enumerate() {
        assert!(row["input_text"].contains(&topic(number)), "{row:#?}");
        assert!(row["response"].contains("sentiment"), "{row:#?}");
    }
    batch.stop().await;
}

/// A grant that the template lacks fails here as in the cloud, and the rows say so.
#[tokio::test]
async fn a_job_whose_role_may_not_write_fails_and_its_rows_say_why() {
    let batch = Batch::deploy(json!({}), &[], |template| {
        revoke(template, "BatchJobsRole", "s3:PutObject");
    })
    .await;
    let uri = batch.put("inputs/few.csv", csv(100)).await;
    let report = batch.run("denied", &request(&uri, "denied")).await;
    assert_eq!(report["missing"], 100, "{report:#}");
    let rows = batch.rows("denied", "denied").await;
    let message = &rows[0]["error_message"];
    assert!(message.contains("s3:PutObject"), "{message}");
    batch.stop().await;
}
