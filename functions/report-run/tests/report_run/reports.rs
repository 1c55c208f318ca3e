//! What a report says of a run, for every way a run can be.

use report_run::ReportError;
use shared::batch::outcome::RecordCounts;
use shared::contracts::batch::{JobMode, RunFailure, RunReport, RunVerdict};
use shared::run::{ErrorKind, Fails as _};

use crate::support::{Bucket, HAIKU, answered, record};

/// Dollars of Haiku 4.5 for one record of 10 tokens in and 2 out, on demand.
const ON_DEMAND: f64 = (10.0 * 1.0 + 2.0 * 5.0) / 1e6;

fn close(cost: Option<f64>, expected: f64) -> bool {
    cost.is_some_and(|cost| (cost - expected).abs() < 1e-6)
}

#[test]
fn a_run_with_an_answer_for_every_row_is_complete() {
    let bucket = Bucket::of_run(HAIKU, &[150, 151]);
    bucket.put_record(&record(0, answered(150), &[(JobMode::Batch, 150)]));
    bucket.put_record(&record(1, answered(151), &[(JobMode::Batch, 151)]));
    let reported = bucket.report(0).unwrap();
    let report = &reported.report;
    assert_eq!(report.verdict, RunVerdict::Complete);
    assert_eq!(
        (report.chunks, report.records, report.succeeded),
        (2, 301, 301)
    );
    assert_eq!((report.input_tokens, report.output_tokens), (3010, 602));
    assert_eq!(
        report.results,
        "s3://runs-bucket/batch_output_parquet/jokes/5f1c/"
    );
    assert!(report.incomplete.is_empty());
    assert!(
        close(report.estimated_cost, 301.0 * ON_DEMAND / 2.0),
        "{report:?}"
    );
    let files = bucket.files.borrow();
    let written: RunReport = serde_json::from_slice(&files["runs/jokes/5f1c/report.json"]).unwrap();
    assert_eq!(&written, report);
}

#[test]
fn rows_that_a_redrive_would_send_again_make_it_redrivable() {
    let bucket = Bucket::of_run(HAIKU, &[100, 100]);
    let counts = RecordCounts {
        records: 100,
        succeeded: 97,
        failed: 2,
        missing: 1,
        redrivable: 2,
        ..RecordCounts::default()
    };
    bucket.put_record(&record(0, answered(100), &[(JobMode::Batch, 100)]));
    bucket.put_record(&record(1, counts, &[(JobMode::Batch, 97)]));
    let report = bucket.report(0).unwrap().report;
    assert_eq!(report.verdict, RunVerdict::Redrivable);
    assert_eq!(report.incomplete, [1]);
    assert_eq!(
        (report.failed, report.missing, report.redrivable),
        (2, 1, 2)
    );
}

#[test]
fn rejected_rows_and_refusals_leave_it_incomplete() {
    let bucket = Bucket::of_run(HAIKU, &[100]);
    let counts = RecordCounts {
        records: 100,
        succeeded: 96,
        failed: 1,
        no_answer: 1,
        rejected: 2,
        ..RecordCounts::default()
    };
    bucket.put_record(&record(0, counts, &[(JobMode::Batch, 97)]));
    let report = bucket.report(0).unwrap().report;
    assert_eq!(report.verdict, RunVerdict::Incomplete);
    assert_eq!(
        (report.failed, report.no_answer, report.rejected),
        (1, 1, 2)
    );
    assert_eq!(report.incomplete, [0]);
}

#[test]
fn a_chunk_without_a_record_makes_it_broken_and_its_rows_missing() {
    let bucket = Bucket::of_run(HAIKU, &[100, 120, 100]);
    bucket.put_record(&record(0, answered(100), &[(JobMode::Batch, 100)]));
    bucket.put_record(&record(2, answered(100), &[(JobMode::Batch, 100)]));
    // No record, though its key begins like one.
    bucket.put("runs/jokes/5f1c/chunks/0001.json.bak", "{}");
    let reported = bucket.report(0).unwrap();
    assert_eq!(reported.report.verdict, RunVerdict::Broken);
    assert_eq!(reported.report.incomplete, [1]);
    assert_eq!(
        (reported.report.records, reported.report.missing),
        (320, 120)
    );
    assert_eq!(reported.report.redrivable, 120);
    assert_eq!(reported.problems.len(), 1);
    assert_eq!(
        reported.problems[0].message,
        "it was not post-processed: redrive the run"
    );
}

#[test]
fn a_record_of_other_rows_than_the_manifest_has_makes_it_broken_but_stays_billed() {
    let bucket = Bucket::of_run(HAIKU, &[100, 100, 100]);
    bucket.put_record(&record(0, answered(99), &[(JobMode::Batch, 99)]));
    bucket.put("runs/jokes/5f1c/chunks/0001.json", "{\"chunk\":1,");
    let mut wrong = serde_json::to_string(&record(3, answered(100), &[])).unwrap();
    wrong.push('\n');
    bucket.put("runs/jokes/5f1c/chunks/0002.json", &wrong);
    let reported = bucket.report(0).unwrap();
    let report = &reported.report;
    assert_eq!(report.verdict, RunVerdict::Broken);
    assert_eq!(report.incomplete, [0, 1, 2]);
    assert_eq!(
        (report.records, report.succeeded, report.missing),
        (300, 0, 300)
    );
    assert_eq!(report.input_tokens, 990);
    let messages: Vec<_> = (reported.problems.iter())
        .map(|problem| problem.message.as_str())
        .collect();
    assert!(
        messages[0].contains("has 99 rows, the run's manifest says 100"),
        "{messages:?}"
    );
    assert!(
        messages[1].contains("0001.json` is not readable"),
        "{messages:?}"
    );
    assert!(messages[2].contains("that of chunk 3"), "{messages:?}");
}

#[test]
fn no_more_than_a_hundred_chunks_are_named_in_order() {
    let bucket = Bucket::of_run(HAIKU, &[1; 250]);
    for chunk in 0..50 {
        bucket.put_record(&record(chunk, answered(1), &[(JobMode::Batch, 1)]));
    }
    let report = bucket.report(0).unwrap().report;
    assert_eq!(report.incomplete, (50..150).collect::<Vec<_>>());
    assert_eq!((report.chunks, report.missing), (250, 200));
}

#[test]
fn attempts_on_demand_cost_the_full_price_and_a_redrive_bills_only_itself() {
    let bucket = Bucket::of_run(HAIKU, &[100]);
    let attempts = [(JobMode::Batch, 90), (JobMode::OnDemand, 10)];
    bucket.put_record(&record(0, answered(100), &attempts));
    let reported = bucket.report(1).unwrap();
    assert_eq!(reported.report.attempt, 1);
    let expected = 90.0 * ON_DEMAND / 2.0 + 10.0 * ON_DEMAND;
    assert!(
        close(reported.report.estimated_cost, expected),
        "{reported:?}"
    );
    assert_eq!(reported.report.input_tokens, 1000);
    assert!(
        close(reported.billed.cost, 10.0 * ON_DEMAND),
        "{reported:?}"
    );
    assert_eq!(
        (reported.billed.input_tokens, reported.billed.output_tokens),
        (100, 20)
    );
}

#[test]
fn a_price_that_is_not_known_is_not_guessed() {
    let bucket = Bucket::of_run("cohere.embed-v4:0", &[10]);
    bucket.put_record(&record(0, answered(10), &[(JobMode::OnDemand, 10)]));
    let reported = bucket.report(0).unwrap();
    assert_eq!(reported.report.estimated_cost, None);
    assert_eq!(reported.billed.cost, None);
    assert_eq!(reported.report.input_tokens, 100);
}

#[test]
fn the_same_report_comes_of_a_second_call() {
    let bucket = Bucket::of_run(HAIKU, &[100, 100]);
    bucket.put_record(&record(0, answered(100), &[(JobMode::Batch, 100)]));
    let first = bucket.report(0).unwrap();
    assert_eq!(bucket.report(0).unwrap(), first);
}

#[test]
fn without_a_manifest_nothing_can_be_reported() {
    let bucket = Bucket::default();
    let error = bucket.report(0).unwrap_err();
    assert!(matches!(error, ReportError::NoManifest(_)), "{error}");
    assert_eq!(error.failure(), Some(RunFailure::Broken));
    bucket.put("runs/jokes/5f1c/run.json", "[]");
    let error = bucket.report(0).unwrap_err();
    assert!(
        error.to_string().contains("is not the manifest of a run"),
        "{error}"
    );
}

#[test]
fn a_throttled_read_is_for_the_machine_to_repeat() {
    let mut bucket = Bucket::of_run(HAIKU, &[100]);
    bucket.put_record(&record(0, answered(100), &[(JobMode::Batch, 100)]));
    let key = "runs/jokes/5f1c/chunks/0000.json".to_owned();
    for (kind, failure) in [
        (ErrorKind::Throttled, RunFailure::Throttled),
        (ErrorKind::Unavailable, RunFailure::Unavailable),
        (ErrorKind::Denied, RunFailure::Broken),
    ] {
        bucket.fails = Some((key.clone(), kind));
        assert_eq!(bucket.report(0).unwrap_err().failure(), Some(failure));
    }
    assert!(
        !bucket
            .files
            .borrow()
            .contains_key("runs/jokes/5f1c/report.json")
    );
}
