//! Batch runs that go wrong, and what makes them whole: redrives, retries, and no record asked twice.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use aws_sdk_sfn::types::ExecutionStatus;
use end_to_end::batch::{Batch, Row, statuses, until};
use end_to_end::processes::{Function, functions, kill};
use serde_json::{Value, json};

const MODEL: &str = "eu.anthropic.claude-haiku-4-5-20251001-v1:0";

/// Rows of a table, by which the answers are told apart.
fn topics(rows: usize) -> String {
    let rows = (0..rows).map(|row| format!("topic-{row:04}.\n"));
    format!("topic\n{}", rows.collect::<String>())
}

fn request(prefix: &str, uri: &str) -> Value {
    json!({
        "s3_uri": uri, "job_name_prefix": prefix, "model_id": MODEL, "prompt_id": "joke_about_topic",
        "max_records_per_job": 100,
    })
}

fn redrive(request: &Value, run: &str) -> Value {
    let mut again = request.clone();
    again["redrive"] = json!(run);
    again
}

/// Holds rows to be those of the table, in order and each with its own answer, and outputs to hold each of them once.
async fn assert_complete(batch: &Batch, prefix: &str, run: &str, count: usize) -> Vec<Row> {
    let rows = batch.rows(prefix, run).await;
    assert_eq!(statuses(&rows), BTreeMap::from([("succeeded", count)]));
    for (number, row) in rows.iter().enumerate() {
        let topic = format!("topic-{number:04}.");
        assert_eq!(row["topic"], topic);
        assert!(row["response"].contains(&topic), "{row:#?}");
    }
    let asked = batch.asked(prefix, run).await;
    let mut ids: Vec<&str> = rows.iter().map(|row| row["record_id"].as_str()).collect();
    ids.sort_unstable();
    assert_eq!(asked, ids, "no record was asked twice");
    rows
}

#[tokio::test]
async fn redrives_complete_what_expired_failed_and_lost() {
    // A day of the service is three seconds, so that a job expires in a test.
    let scenario = json!({ "batch": {
        "clock": { "speed": 28_800, "submitted": 3_600, "validating": 3_600, "scheduled": 3_600, "in_progress": 7_200 },
        "rules": [
            { "times": 1, "then": { "fault": "refuse", "code": "ThrottlingException" } },
            { "when": { "name_contains": "-part-0001-" }, "then": { "fault": "lost_response" } },
            { "when": { "name_contains": "-part-0002-" }, "times": 1, "then": { "fault": "expire" } },
            { "when": { "name_contains": "-part-0003-" }, "times": 2, "then": { "fault": "fail", "message": "the input could not be read" } },
        ],
    } });
    let batch = Batch::deploy(scenario, &[], |_| ()).await;
    let uri = batch.put("inputs/topics.csv", topics(500)).await;
    let request = request("rough", &uri);
    let report = batch.run("rough", &request).await;
    assert_eq!(report["verdict"], "redrivable", "{report:#}");
    assert_eq!(report["incomplete"], json!([2, 3]), "{report:#}");
    let rows = batch.rows("rough", "rough").await;
    let counts = BTreeMap::from([("missing", 200), ("succeeded", 300)]);
    assert_eq!(statuses(&rows), counts);
    let expired = &rows[200]["error_message"];
    assert!(
        expired.contains("ran out of time before it began"),
        "{expired}"
    );
    let failed = &rows[399]["error_message"];
    assert!(failed.contains("the input could not be read"), "{failed}");
    let jobs = batch.listed_jobs().await;
    assert_eq!(jobs.len(), 5, "one job for each chunk: {jobs:#?}");

    let again = redrive(&request, "rough");
    let report = batch.run("rough-r1", &again).await;
    assert_eq!(report["incomplete"], json!([3]), "{report:#}");
    assert_eq!(batch.listed_jobs().await.len(), 7);
    let report = batch.run("rough-r2", &again).await;
    assert_eq!(report["verdict"], "complete", "{report:#}");
    assert_eq!(report["attempt"], 2);
    let whole = assert_complete(&batch, "rough", "rough", 500).await;
    assert_eq!(whole[..200], rows[..200], "finished rows stay as they are");

    let jobs = batch.listed_jobs().await;
    assert_eq!(jobs.len(), 8, "{jobs:#?}");
    let report = batch.run("rough-r3", &again).await;
    assert_eq!(report["verdict"], "complete", "{report:#}");
    assert_eq!(batch.listed_jobs().await, jobs, "a whole run sends nothing");
    assert_eq!(assert_complete(&batch, "rough", "rough", 500).await, whole);
    batch.stop().await;
}

#[tokio::test]
async fn a_stopped_run_goes_on_where_it_was_and_runs_do_not_mix() {
    // Six seconds of processing: long enough to be stopped in the middle.
    let scenario = json!({ "batch": { "clock": {
        "speed": 600, "submitted": 60, "validating": 60, "scheduled": 60, "in_progress": 3_600,
    } } });
    let batch = Batch::deploy(scenario, &[("MaxConcurrentJobs", "3")], |_| ()).await;
    let uri = batch.put("inputs/topics.csv", topics(500)).await;
    let request = request("jokes", &uri);
    let execution = batch.start("stopped", &request).await;
    let (one, other) = tokio::join!(batch.start("one", &request), batch.start("other", &request));
    until(async || {
        let jobs = batch.jobs().await;
        jobs.values()
            .any(|job| job["run"] == "stopped" && job["status"] == "InProgress")
    })
    .await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    batch.abort(&execution).await;
    let ended = batch.ended(&execution).await;
    assert_eq!(ended.status, ExecutionStatus::Aborted);
    until(async || {
        let jobs = batch.jobs().await;
        let mut own = jobs.values().filter(|job| job["run"] == "stopped");
        own.all(|job| job["status"] == "Stopped")
    })
    .await;
    let asked = batch.asked("jokes", "stopped").await.len();
    assert!(
        (1..500).contains(&asked),
        "{asked} were asked before the stop"
    );
    let made = run_jobs(&batch, "stopped").await.len();
    assert!(made < 5, "{made} jobs at a cap of 3");

    let report = batch.run("stopped-r1", &redrive(&request, "stopped")).await;
    assert_eq!(report["verdict"], "complete", "{report:#}");
    assert_complete(&batch, "jokes", "stopped", 500).await;

    let mut ids = BTreeSet::new();
    for (run, execution) in [("one", one), ("other", other)] {
        let ended = batch.ended(&execution).await;
        assert_eq!(ended.output["verdict"], "complete", "{ended:?}");
        let rows = assert_complete(&batch, "jokes", run, 500).await;
        ids.extend(rows.into_iter().map(|row| row["record_id"].clone()));
        assert_eq!(run_jobs(&batch, run).await.len(), 5);
    }
    assert_eq!(
        ids.len(),
        1_000,
        "the rows of each run have ids of their own"
    );
    batch.stop().await;
}

/// Rows of the jobs of a run.
async fn run_jobs(batch: &Batch, run: &str) -> Vec<Row> {
    let jobs = batch.jobs().await.into_values();
    jobs.filter(|job| job["run"] == run).collect()
}

/// The kernel takes a function from its environment in the middle of its work, as it does when memory runs out.
#[tokio::test]
async fn killed_functions_are_run_again() {
    let batch = Batch::deploy(json!({}), &[], |_| ()).await;
    let uri = batch.put("inputs/topics.csv", topics(600)).await;
    let request = request("killed", &uri);
    let group = batch.session().aws().process_group();
    let mut killed = BTreeSet::new();
    let execution = batch.start("killed", &request).await;
    let kinds = [
        "Preprocess",
        "SubmitJob",
        "TrackJob",
        "Postprocess",
        "ReportRun",
    ];
    while killed.len() < kinds.len() && batch.is_running(&execution).await {
        for Function { name, process } in functions(group) {
            let kind = kinds.into_iter().find(|kind| name.contains(kind));
            if kind.is_some_and(|kind| killed.insert(kind)) {
                kill(process);
            }
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let ended = batch.ended(&execution).await;
    let mut reasons = batch.rows("killed", "killed").await;
    reasons.retain(|row| row["status"] != "succeeded");
    assert_eq!(
        ended.output["verdict"],
        "complete",
        "{killed:?} {ended:?} {:#?}",
        reasons.first()
    );
    assert!(killed.len() >= 4, "{killed:?}");
    assert_complete(&batch, "killed", "killed", 600).await;
    assert_eq!(batch.listed_jobs().await.len(), 6);
    batch.stop().await;
}
