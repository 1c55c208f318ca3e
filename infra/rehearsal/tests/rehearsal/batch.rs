//! A machine of ours as it was reviewed: a day of batch inference in a moment.

use std::cell::RefCell;
use std::time::Duration;

use rehearsal::{Callback, Failure, Outcome, Rehearsal};
use serde_json::{Value, json};

use crate::seconds;

/// The definition that the reviewers of `workflow` read.
fn definition() -> Value {
    let snapshot = include_str!("../../../../snapshots/workflow/batch.snap");
    let (_, json) = snapshot.split_once("\n---\n").unwrap();
    let machine: Value = serde_json::from_str(json).unwrap();
    machine["definition"].clone()
}

/// Jobs that end as `end` says; the functions are as small as they can be.
fn day(jobs: usize, end: impl Fn(&Value) -> Callback) -> Outcome {
    let submitted = RefCell::new(0);
    Rehearsal::of(&definition())
        .function("${PreprocessFunction}", async |request: Value| {
            let job = |number: usize| json!({"jobId": format!("{}-{number}", request["date"].as_str().unwrap()), "number": number});
            Ok::<_, Failure>(json!({"jobs": (0..jobs).map(job).collect::<Vec<_>>()}))
        })
        .function("${SubmitFunction}", async |event: Value| {
            assert!(event["token"].is_string());
            *submitted.borrow_mut() += 1;
            match *submitted.borrow() {
                1 => Err(Failure::new("Lambda.TooManyRequestsException", "Rate exceeded")),
                _ => Ok(()),
            }
        })
        .callback("Submit", |_, arguments| end(&arguments["Payload"]["job"]))
        .function("${CollectFunction}", async |event: Value| match &event["job"]["number"] {
            number if number == 1 => Err(Failure::new("NoSuchKey", "the output is not there")),
            _ => Ok(json!({"rows": 100, "failed": []})),
        })
        .function("${MakeReportFunction}", async |event: Value| Ok::<_, Failure>(event))
        .input(json!({"date": "2026-11-20"}))
        .run()
        .unwrap()
}

fn completed(job: &Value) -> Callback {
    let hours = job["number"].as_u64().unwrap() + 1;
    let status = json!({"state": "Completed", "message": null});
    Callback::succeeds_after(Duration::from_hours(hours), status)
}

#[test]
fn a_day_ends_with_its_report() {
    let outcome = day(3, completed);
    assert_eq!(
        outcome.output(),
        Some(&json!({"date": "2026-11-20", "jobs": 3, "rows": 200, "failed": 1})),
        "{:?}",
        outcome.status()
    );
    let last = &outcome.history().last().unwrap().at;
    assert_eq!(last.as_secs() / 3600, 3, "jobs wait side by side");
    let submits = outcome.calls("Submit");
    assert_eq!(submits.len(), 4, "one was throttled");
    assert_eq!(submits[3].retries, 1);
    assert!(submits[3].at <= seconds(5), "{:?}", submits[3].at);
}

#[test]
fn a_job_that_never_ends_times_out_after_26_hours() {
    let outcome = day(2, |job| {
        if job["number"] == 1 {
            Callback::never()
        } else {
            completed(job)
        }
    });
    assert_eq!(outcome.failure().unwrap().error, "States.Timeout");
    assert_eq!(outcome.elapsed(), Duration::from_hours(26));
}

#[test]
fn a_job_that_failed_fails_the_day() {
    let failed = json!({"state": "Failed", "message": "quota"});
    let outcome = day(2, |_| Callback::succeeds_after(seconds(60), failed.clone()));
    let failure = outcome.failure().unwrap();
    assert_eq!(
        (failure.error.as_str(), failure.cause.as_str()),
        ("JobFailed", "quota")
    );
    assert_eq!(outcome.elapsed(), seconds(60));
}
