//! What a reviewer should see change: log lines, metrics, and what the machine is told.

use std::time::SystemTime;

use jobs::{Settled, Telling, report};
use serde_json::json;
use shared::batch::status::JobStatus;
use shared::run::BatchJob;
use shared::telemetry::log::Line;

fn job(status: JobStatus) -> BatchJob {
    BatchJob {
        arn: "arn:aws:bedrock:eu-central-1:111122223333:model-invocation-job/abcdefghwxyz".into(),
        name: "jokes-part-0003-5f2d10c9ab".into(),
        status,
        message: (status == JobStatus::Failed).then(|| "the input has 50 records".into()),
        total: Some(500),
        processed: Some(500),
        succeeded: Some(497),
        errors: Some(3),
    }
}

fn ended(status: JobStatus, telling: Telling, noted: bool) -> Settled {
    Settled::Ended {
        job: job(status),
        noted,
        telling,
    }
}

fn written(settled: &Settled) -> String {
    let at = SystemTime::UNIX_EPOCH;
    let entry = report::entry(settled);
    let line = Line {
        at,
        level: entry.level,
        message: entry.message,
        function: "track-job",
        request_id: Some("c6af9ac6-7b61-11e6-9a41-93e8deadbeef"),
        fields: entry.fields.as_object().cloned().unwrap_or_default(),
    };
    let metrics = report::measurement("track-job", settled).map(|metrics| metrics.to_json(at));
    let lines: Vec<String> = std::iter::once(line.to_json()).chain(metrics).collect();
    lines.join("\n")
}

#[test]
fn log_lines_and_metrics() {
    let scenes = [
        ("somebody else's job", Settled::Foreign),
        (
            "a job that runs",
            Settled::Running(job(JobStatus::InProgress)),
        ),
        ("an end", ended(JobStatus::Completed, Telling::Told, true)),
        ("a failure", ended(JobStatus::Failed, Telling::Told, true)),
        (
            "nobody waits",
            ended(JobStatus::Stopped, Telling::NobodyWaits, true),
        ),
        (
            "a repeated event",
            ended(JobStatus::Completed, Telling::Before, false),
        ),
    ];
    let text: Vec<String> = scenes
        .iter()
        .map(|(name, settled)| format!("# {name}\n{}", written(settled)))
        .collect();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../../snapshots/jobs");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("log_lines_and_metrics", text.join("\n\n")));
}

#[test]
fn the_row_of_a_submitted_job() {
    let world = crate::support::World::new();
    let request = crate::support::request(3, "the-token");
    crate::support::run(submit_job::submit(&world, &request)).unwrap();
    let rows = world.rows.borrow();
    let attributes: serde_json::Map<_, _> = rows[&request.task.job_name]
        .iter()
        .map(|(name, value)| {
            let value = match value {
                shared::run::Scalar::Text(text) => json!(text),
                shared::run::Scalar::Number(number) => json!(number),
            };
            (name.clone(), value)
        })
        .collect();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../../snapshots/jobs");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let text = serde_json::to_string_pretty(&attributes).unwrap();
    settings.bind(|| insta::assert_snapshot!("row", text));
}
