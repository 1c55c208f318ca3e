//! What a reviewer should see change: the report, and its metrics.

use std::time::SystemTime;

use report_run::measurement;
use serde_json::Value;
use shared::batch::outcome::RecordCounts;
use shared::contracts::batch::JobMode;

use crate::support::{Bucket, HAIKU, answered, record};

#[test]
fn a_report_and_its_metrics() {
    let bucket = Bucket::of_run(HAIKU, &[100, 100, 50]);
    let counts = RecordCounts {
        records: 100,
        succeeded: 90,
        failed: 3,
        no_answer: 1,
        rejected: 2,
        missing: 4,
        redrivable: 5,
        input_tokens: 910,
        output_tokens: 182,
    };
    let attempts = [(JobMode::Batch, 60), (JobMode::OnDemand, 31)];
    bucket.put_record(&record(0, answered(100), &[(JobMode::Batch, 100)]));
    bucket.put_record(&record(1, counts, &attempts));
    let reported = bucket.report(1).unwrap();
    let files = bucket.files.borrow();
    let json = String::from_utf8(files["runs/jokes/5f1c/report.json"].clone()).unwrap();
    let metrics = measurement(&reported).to_json(SystemTime::UNIX_EPOCH);
    let metrics: Value = serde_json::from_str(&metrics).unwrap();
    let text = format!(
        "{json}\n\n{}",
        serde_json::to_string_pretty(&metrics).unwrap()
    );
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../../snapshots/batch");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("report", text));
}
