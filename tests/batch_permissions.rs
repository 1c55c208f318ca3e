//! The local AWS enforces IAM: a grant that the batch stack lacks fails here as it would in the cloud, and shows where people
//! look.

use aws_sdk_sfn::types::ExecutionStatus;
use end_to_end::batch::{Batch, until};
use end_to_end::revoke;
use serde_json::{Value, json};

/// Enough records for a job.
const JOB: usize = 100;

async fn deployed_without(scenario: Value, roles: &[&str], action: &str) -> Batch {
    Batch::deploy(scenario, &[], |template| {
        for role in roles {
            revoke(template, role, action);
        }
    })
    .await
}

/// A run over so many topics.
async fn request(batch: &Batch, rows: usize) -> Value {
    let topics = (0..rows).map(|row| format!("number {row}\n"));
    let csv = format!("topic\n{}", topics.collect::<String>());
    json!({
        "s3_uri": batch.put("inputs/topics.csv", csv).await,
        "job_name_prefix": "denied",
        "model_id": "eu.anthropic.claude-haiku-4-5-20251001-v1:0",
        "prompt_id": "joke_about_topic",
    })
}

/// Runs it, and holds every row to be there and to name the action that nobody granted.
async fn assert_rows_say(batch: &Batch, rows: usize, action: &str) -> Value {
    let report = batch.run("run", &request(batch, rows).await).await;
    assert_eq!(report["succeeded"], 0, "{report:#}");
    let results = batch.rows("denied", "run").await;
    assert_eq!(results.len(), rows);
    for (number, row) in results.iter().enumerate() {
        assert_eq!(row["topic"], format!("number {number}"));
        let message = row.get("error_message").map_or("", String::as_str);
        assert!(message.contains(action), "{row:#?}");
    }
    report
}

#[tokio::test]
async fn without_passing_the_role_no_job_is_made_and_the_rows_say_why() {
    let action = "iam:PassRole";
    let batch = deployed_without(json!({}), &["SubmitJobRole"], action).await;
    let report = assert_rows_say(&batch, JOB, action).await;
    assert_eq!(
        report["redrivable"], JOB,
        "the grant can be added: {report:#}"
    );
    let requests = batch.session().model_requests();
    assert!(requests.is_empty(), "nothing was paid for");
    batch.stop().await;
}

#[tokio::test]
async fn without_the_model_grant_no_record_is_answered_and_the_rows_say_why() {
    let few = 3;
    let action = "bedrock:InvokeModel";
    let batch = deployed_without(json!({}), &["InvokeRecordsRole"], action).await;
    let report = assert_rows_say(&batch, few, action).await;
    assert_eq!(report["redrivable"], few, "{report:#}");
    batch.stop().await;
}

/// The tracker fails until nobody tries it again, and the row stays open: with the grant, the next reconciliation tells the
/// machine.
#[tokio::test]
async fn without_answering_steps_the_failure_waits_in_its_queue_and_the_job_stays_open() {
    // Slow enough that the job outlasts its submission, which could answer, too.
    let scenario = json!({ "batch": { "clock": { "speed": 600, "in_progress": 3_000 } } });
    let roles = ["TrackJobRole", "ReconcileJobsRole"];
    let batch = deployed_without(scenario, &roles, "states:SendTaskSuccess").await;
    let execution = batch.start("run", &request(&batch, JOB).await).await;

    let mut failures = Vec::new();
    until(async || {
        failures.extend(batch.failures().await);
        !failures.is_empty()
    })
    .await;
    let failure = &failures[0];
    assert_eq!(
        failure["requestContext"]["condition"], "RetriesExhausted",
        "{failure:#}"
    );
    let answer = failure["responsePayload"].to_string();
    assert!(answer.contains("states:SendTaskSuccess"), "{failure:#}");
    let event = &failure["requestPayload"]["detail"];
    assert_eq!(event["status"], "Completed", "{failure:#}");

    let jobs = batch.jobs().await;
    let [job] = jobs.values().collect::<Vec<_>>()[..] else {
        panic!("one job: {jobs:#?}")
    };
    assert!(job.contains_key("open") && job.contains_key("token"));
    let described = batch
        .machines()
        .describe_execution()
        .execution_arn(execution)
        .send()
        .await
        .expect("the execution is described");
    assert_eq!(*described.status(), ExecutionStatus::Running);
    batch.stop().await;
}
