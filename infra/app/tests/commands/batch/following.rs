//! Runs that were started: how far they are, their results, redrives, stops.

use serde_json::{Value, json};

use super::fake::{Account, Fake};
use super::{MODEL, exit_code, snapshot, stderr, stdout};

fn request() -> Value {
    json!({ "job_name_prefix": "jokes", "model_id": MODEL, "prompt_id": "joke_about_topic", "s3_uri": "s3://batch-bucket/inputs/topics.csv" })
}

fn job(chunk: u64, status: &str, processed: u64, errors: u64) -> Value {
    let number = |number: u64| json!({ "N": number.to_string() });
    json!({
        "job_name": { "S": format!("jokes-part-{chunk:04}-0000000000") }, "run": { "S": "one" },
        "attempt": number(0), "status": { "S": status }, "records": number(500),
        "processed": number(processed), "errors": number(errors),
    })
}

/// A run of two chunks, one of which is done.
fn running(account: &mut Account) {
    let input = json!({ "input": request().to_string() });
    account.execution("one", "RUNNING", 1_000, &input);
    let manifest = json!({
        "request": request(), "execution": "arn", "created": "1970-01-01T00:16:40Z", "chunks": [500, 500]
    });
    account.put("runs/jokes/one/run.json", 1_001, manifest.to_string());
    account.put("runs/jokes/one/tasks-0.jsonl", 1_001, "{}\n{}\n");
    account.put(
        "runs/jokes/one/chunks/0000.json",
        1_030,
        chunk(0, 498, 2).to_string(),
    );
    account.put(
        "batch_output_parquet/jokes/one/0000.snappy.parquet",
        1_030,
        "not read",
    );
    account.jobs = vec![job(0, "Completed", 500, 2), job(1, "InProgress", 20, 0)];
}

fn chunk(number: u64, succeeded: u64, missing: u64) -> Value {
    json!({
        "chunk": number, "attempts": [], "counts": counts(succeeded, missing),
        "result": "", "csv": null,
    })
}

fn counts(succeeded: u64, missing: u64) -> Value {
    json!({
        "records": succeeded + missing, "succeeded": succeeded, "failed": 0, "no_answer": 0, "rejected": 0,
        "missing": missing, "redrivable": missing, "input_tokens": succeeded * 20, "output_tokens": succeeded * 50,
    })
}

/// The same run, ended, with rows that have no answer.
fn ended(account: &mut Account, succeeded: u64, missing: u64) {
    running(account);
    let input = json!({ "input": request().to_string() });
    account.execution("one", "SUCCEEDED", 1_000, &input);
    account.put(
        "runs/jokes/one/chunks/0001.json",
        1_040,
        chunk(1, 500, 0).to_string(),
    );
    let mut report = counts(succeeded, missing);
    let verdict = if missing == 0 {
        "complete"
    } else {
        "redrivable"
    };
    let more = json!({
        "run": "one", "prefix": "jokes", "verdict": verdict, "attempt": 0, "chunks": 2, "estimated_cost": 0.25,
        "results": "s3://batch-bucket/batch_output_parquet/jokes/one/", "incomplete": [],
    });
    let fields = report.as_object_mut().unwrap();
    fields.extend(more.as_object().unwrap().clone());
    account.put("runs/jokes/one/report.json", 1_050, report.to_string());
    account.jobs = vec![job(0, "Completed", 500, 2), job(1, "Completed", 500, 0)];
}

fn here() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn a_status_says_how_far_the_chunks_and_jobs_are() {
    let (fake, folder) = (Fake::new(), here());
    running(&mut fake.account());
    let output = fake.batch(folder.path(), &["status", "one"]);
    assert_eq!(exit_code(&output), 0, "{}", stderr(&output));
    snapshot("status_running", &stdout(&output));
    let output = fake.batch(folder.path(), &["status", "one", "--format", "json"]);
    let status: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(status["state"], "running");
    assert_eq!(status["jobs"]["by_status"]["InProgress"], 1);
}

#[test]
fn a_run_that_left_rows_without_an_answer_exits_with_3() {
    let (fake, folder) = (Fake::new(), here());
    ended(&mut fake.account(), 998, 2);
    let output = fake.batch(folder.path(), &["status", "one", "--watch"]);
    assert_eq!(exit_code(&output), 3, "{}", stderr(&output));
    snapshot("status_ended", &stdout(&output));
    assert!(
        stderr(&output)
            .contains("2 rows may get one: `cargo infra batch redrive one --endpoint-url http://"),
        "{}",
        stderr(&output)
    );
    ended(&mut fake.account(), 1_000, 0);
    let output = fake.batch(folder.path(), &["status", "one"]);
    assert_eq!(exit_code(&output), 0, "{}", stderr(&output));
}

#[test]
fn a_failed_run_tells_what_the_function_said() {
    let (fake, folder) = (Fake::new(), here());
    let cause = r#"{"errorType":"InvalidRequest","errorMessage":"the source has no column topic"}"#;
    let more = json!({ "input": request().to_string(), "error": "InvalidRequest", "cause": cause });
    fake.account().execution("one", "FAILED", 1_000, &more);
    let output = fake.batch(folder.path(), &["status", "one"]);
    assert_eq!(exit_code(&output), 1);
    let said = stderr(&output);
    assert!(
        said.contains("run `one` failed: the source has no column topic"),
        "{said}"
    );
    assert!(!said.contains("errorMessage"), "{said}");
}

#[test]
fn an_unknown_run_and_a_denied_call_say_what_to_do() {
    let (fake, folder) = (Fake::new(), here());
    running(&mut fake.account());
    for command in ["status", "results", "redrive", "stop"] {
        let output = fake.batch(folder.path(), &[command, "two"]);
        let said = stderr(&output);
        assert_eq!(exit_code(&output), 1, "{command}");
        assert!(said.contains("there is no run `two`"), "{command}: {said}");
        assert!(said.contains("the last ones are: one"), "{command}: {said}");
    }
    fake.account().refusal = Some("AccessDeniedException");
    let said = stderr(&fake.batch(folder.path(), &["status", "one"]));
    assert!(said.contains("have the action allowed"), "{said}");
}

#[test]
fn runs_are_listed_with_their_redrives() {
    let (fake, folder) = (Fake::new(), here());
    ended(&mut fake.account(), 998, 2);
    fake.account()
        .execution("one-r1", "RUNNING", 1_100, &json!({}));
    let output = fake.batch(folder.path(), &["status", "--format", "json"]);
    let runs: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(runs[1]["name"], "one-r1");
    assert_eq!(runs[1]["attempt"], 1);
}

#[test]
fn a_redrive_repeats_the_request_under_the_next_name() {
    let (fake, folder) = (Fake::new(), here());
    ended(&mut fake.account(), 998, 2);
    let output = fake.batch(folder.path(), &["redrive", "one", "--yes"]);
    assert_eq!(exit_code(&output), 0, "{}", stderr(&output));
    assert_eq!(stdout(&output), "one-r1\n");
    assert!(
        stderr(&output).contains("rows at most 2 of 1,000"),
        "{}",
        stderr(&output)
    );
    let input = fake.account().executions["one-r1"]["input"].clone();
    let input: Value = serde_json::from_str(input.as_str().unwrap()).unwrap();
    assert_eq!(input["redrive"], "one");
    assert_eq!(input["prompt_id"], "joke_about_topic");

    let again = fake.batch(folder.path(), &["redrive", "one", "--yes"]);
    assert_eq!(exit_code(&again), 1);
    assert!(
        stderr(&again).contains("still running, in execution `one-r1`"),
        "{}",
        stderr(&again)
    );
}

#[test]
fn rows_of_chunks_that_came_to_nothing_are_redriven_too() {
    let (fake, folder) = (Fake::new(), here());
    running(&mut fake.account());
    let stopped = json!({ "input": request().to_string(), "cause": "stopped" });
    fake.account().execution("one", "ABORTED", 1_000, &stopped);
    let output = fake.batch(folder.path(), &["redrive", "one", "--yes"]);
    assert!(
        stderr(&output).contains("rows at most 502 of 1,000"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn a_complete_run_has_nothing_to_redrive() {
    let (fake, folder) = (Fake::new(), here());
    ended(&mut fake.account(), 1_000, 0);
    let output = fake.batch(folder.path(), &["redrive", "one", "--yes"]);
    assert_eq!(exit_code(&output), 1);
    assert!(
        stderr(&output).contains("all 1,000 rows have an answer"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn a_stop_stops_the_execution_that_works() {
    let (fake, folder) = (Fake::new(), here());
    running(&mut fake.account());
    let output = fake.batch(folder.path(), &["stop", "one"]);
    assert_eq!(exit_code(&output), 0, "{}", stderr(&output));
    assert_eq!(fake.account().executions["one"]["status"], "ABORTED");
    let again = fake.batch(folder.path(), &["stop", "one"]);
    assert!(
        stderr(&again).contains("it was stopped"),
        "{}",
        stderr(&again)
    );
}

#[test]
fn results_are_fetched_once_and_again_when_they_have_changed() {
    let (fake, folder) = (Fake::new(), here());
    ended(&mut fake.account(), 998, 2);
    fake.account().put(
        "batch_output_parquet/jokes/one/0001.snappy.parquet",
        1_040,
        "one",
    );
    let fetch = |new: &str| {
        let output = fake.batch(folder.path(), &["results", "one"]);
        assert_eq!(exit_code(&output), 0, "{}", stderr(&output));
        assert!(stderr(&output).contains(new), "{}", stderr(&output));
        std::fs::read_to_string(
            folder
                .path()
                .join("downloads/one/parquet/0001.snappy.parquet"),
        )
        .unwrap()
    };
    assert_eq!(fetch("2 files, 2 of them new"), "one");
    assert_eq!(fetch("2 files, 0 of them new"), "one");
    // As long as the old one, but newer: a redrive wrote it.
    fake.account().put(
        "batch_output_parquet/jokes/one/0001.snappy.parquet",
        1_900,
        "two",
    );
    assert_eq!(fetch("2 files, 1 of them new"), "two");
    let csv = fake.batch(folder.path(), &["results", "one", "--csv"]);
    assert!(
        stderr(&csv).contains("no results as CSV"),
        "{}",
        stderr(&csv)
    );
}

#[test]
fn a_key_that_would_leave_the_folder_is_refused() {
    let (fake, folder) = (Fake::new(), here());
    ended(&mut fake.account(), 998, 2);
    fake.account().put(
        "batch_output_parquet/jokes/one/../../../escaped",
        1_040,
        "x",
    );
    let output = fake.batch(folder.path(), &["results", "one", "--out", "inner/out"]);
    assert_eq!(exit_code(&output), 1);
    assert!(
        stderr(&output).contains("a name that cannot be a file's"),
        "{}",
        stderr(&output)
    );
    assert!(!folder.path().join("inner").exists());
}
