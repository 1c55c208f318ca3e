//! The batch system: plan, submit and wait for each job, collect, report.

use std::time::Duration;

use rehearsal::{Callback, Failure, Mock, Outcome, Rehearsal};
use serde_json::{Value, json};
use workflow::{Machine, Retry, StatesError, invoke};

use crate::contracts::*;
use crate::support::assert_reviewed;

pub(crate) fn machine() -> Machine<BatchRequest, Report> {
    let preprocess = Preprocess::function();
    let submit = Submit::function();
    let collect = Collect::function();
    let report = MakeReport::function();
    Machine::<BatchRequest, _>::new("Batch", |flow, request| {
        flow.note("Cuts the day's records into jobs");
        let plan = flow.call("Preprocess", &preprocess, request);
        let collected = flow
            .map("Jobs", plan.jobs)
            .max_concurrency(20)
            .each(|flow, job| {
                let status = flow.call_with_token::<JobStatus, _, _>(
                    "Submit",
                    &submit,
                    Duration::from_hours(26),
                    |scope, token| {
                        scope.object(SubmitRequestFields {
                            job,
                            date: request.date,
                            token,
                        })
                    },
                );
                flow.choose_by("Finished?", status.state, |flow, state| match state {
                    JobState::Completed | JobState::PartiallyCompleted => {
                        let event = flow.object(CollectRequestFields {
                            job,
                            output: flow.text("runs/").append(job.id),
                        });
                        flow.try_run(
                            "Collect",
                            invoke(&collect, event)
                                .timeout(Duration::from_mins(15))
                                .retry(Retry::on([StatesError::Timeout]).attempts(1)),
                        )
                        .catch_all(|flow, error| {
                            flow.object(CollectedFields {
                                rows: flow.value(0),
                                failed: flow.list([error.cause.or(error.error)]),
                            })
                        })
                        .value()
                    }
                    JobState::InProgress | JobState::Expired | JobState::Failed => flow.fail(
                        "Job failed",
                        "JobFailed",
                        status.message.or("no reason given"),
                    ),
                })
            });
        let event = flow.object(ReportRequestFields {
            date: request.date,
            jobs: plan.jobs.count(),
            rows: collected.each(|one| one.rows).sum(),
            failed: collected.each(|one| one.failed.count()).sum(),
        });
        flow.call("Report", &report, event)
    })
    .comment("One day's batch inference")
    .timeout(Duration::from_hours(48))
}

/// Two jobs that end after five hours, as `outcomes` says. The collection of the second fails.
fn rehearsed(outcomes: [&'static str; 2]) -> Outcome {
    let definition = machine().definition();
    let jobs = json!([
        {"id": "a", "inputKey": "a.jsonl", "records": 10},
        {"id": "b", "inputKey": "b.jsonl", "records": 20},
    ]);
    let finished = move |_: &str, arguments: &Value| {
        let second = arguments["Payload"]["job"]["id"] == "b";
        let status = json!({"state": outcomes[usize::from(second)], "done": 10});
        Callback::succeeds_after(Duration::from_hours(5), status)
    };
    let collection = |arguments: &Value| match arguments["Payload"]["output"].as_str() {
        Some("runs/a") => Ok(json!({"Payload": {"rows": 9, "failed": ["a-7"]}})),
        _ => Err(Failure::new("Missing", "no output of b")),
    };
    Rehearsal::of(&definition)
        .input(json!({"date": "2026-02-01", "dry_run": false}))
        .task(
            "Preprocess",
            Mock::payload(json!({"jobs": jobs, "records": 30, "manifest": "m"})),
        )
        .task("Submit", Mock::payload(json!(null)).always())
        .callback("Submit", finished)
        .task("Collect", Mock::replies(collection).always())
        .task(
            "Report",
            Mock::payload(json!({"location": "s3://reports/1", "rows": 9})),
        )
        .run()
        .expect("the machine can be rehearsed")
}

#[test]
fn reports_what_was_collected_and_what_was_not() {
    let outcome = rehearsed(["Completed", "PartiallyCompleted"]);
    assert_eq!(
        outcome.output(),
        Some(&json!({"location": "s3://reports/1", "rows": 9}))
    );
    let report = &outcome.calls("Report")[0].arguments["Payload"];
    let expected = json!({"date": "2026-02-01", "jobs": 2, "rows": 9, "failed": 2});
    assert_eq!(*report, expected);
    assert_eq!(outcome.elapsed(), Duration::from_hours(5));
}

#[test]
fn fails_with_a_job_that_failed() {
    let outcome = rehearsed(["Completed", "Expired"]);
    let failure = outcome.failure().expect("it fails");
    assert_eq!(failure.error, "JobFailed");
    assert_eq!(failure.cause, "no reason given");
}

#[test]
fn is_what_was_reviewed() {
    assert_reviewed("batch", &machine());
}
