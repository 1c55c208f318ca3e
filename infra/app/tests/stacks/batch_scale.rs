//! What a run costs in jobs, requests and time as it grows: the worksheet of the batch system's page, worked out from the
//! rules that the functions follow.

use std::fmt::Write as _;

use shared::batch::chunk::{Bounds, Plan};
use shared::batch::cost::{Usage, price_on_demand};
use shared::batch::limits::Limits;
use shared::batch::model_id::ModelId;

/// Tokens of a record either way: a short prompt and a short answer.
const TOKENS: (u64, u64) = (100, 100);
/// Bytes of a line for the model: the tweets that the engines are measured with, in Claude's format.
const LINE_BYTES: u64 = 460;
/// Bytes of the part of an upload, and of a read ahead.
const PART_BYTES: u64 = 8 << 20;
/// Hours that a job of any size takes. Nobody promises a figure; the service ends jobs after 24 unless told otherwise.
const JOB_HOURS: u64 = 2;
/// Changes of a job's row: made, its ARN noted, four changes of status, told.
const ROW_WRITES: u64 = 7;
/// States that a chunk's execution enters: choice, submission, join; each is a transition, and so is its start.
const TRANSITIONS: u64 = 4;

struct Size {
    records: u64,
    per_job: u64,
}

/// One row of the worksheet.
fn row(size: &Size, model: &ModelId) -> String {
    let limits = Limits::of(model);
    let bounds = Bounds {
        max_records_per_job: size.per_job,
        max_num_jobs: None,
        max_records_total: None,
    };
    let Ok(Plan::Jobs(chunks)) = bounds.plan(size.records, &limits) else {
        panic!("{} records make jobs", size.records);
    };
    let jobs = chunks.jobs();
    let largest = chunks.range(0).map_or(0, |range| range.end - range.start);
    let parts = (largest * LINE_BYTES).div_ceil(PART_BYTES);
    // Written: input in parts, rows, result, record. Read: rows twice, output (twice the input), records by the report.
    let requests = jobs * ((parts + 2) + 1 + 1 + 1 + 2 + 2 * parts + 1);
    let hours = |open: u64| jobs.div_ceil(open) * JOB_HOURS;
    let usage = Usage {
        records: size.records,
        input_tokens: size.records * TOKENS.0,
        output_tokens: size.records * TOKENS.1,
    };
    let cost = usage.cost(price_on_demand(model).expect("the model's price is known"));
    let mut line = String::new();
    write!(
        line,
        "| {} | {} | {jobs} | {:.1} | {} | {} | {requests} | {} | {} | {} |",
        size.records,
        size.per_job,
        count(jobs * 640) / 1e6,
        jobs * TRANSITIONS,
        jobs * ROW_WRITES,
        time(hours(20)),
        time(hours(100)),
        dollars(cost.batch, cost.on_demand),
    )
    .expect("a text takes more");
    line
}

#[expect(clippy::cast_precision_loss, reason = "a worksheet shows three digits")]
fn count(number: u64) -> f64 {
    number as f64
}

fn time(hours: u64) -> String {
    if hours < 48 {
        format!("{hours} h")
    } else {
        format!("{:.1} d", count(hours) / 24.0)
    }
}

fn dollars(batch: f64, on_demand: f64) -> String {
    format!("${batch:.0} instead of ${on_demand:.0}")
}

#[test]
fn the_worksheet_is_what_was_reviewed() {
    let model: ModelId = "eu.anthropic.claude-haiku-4-5-20251001-v1:0"
        .parse()
        .expect("the model has an id");
    let sizes = [
        (5_000, 1_000),
        (1_000_000, 1_000),
        (1_000_000, 50_000),
        (10_000_000, 50_000),
        (100_000_000, 50_000),
    ];
    let mut table = String::from(
        "| records | per job | jobs | list of tasks, MB | state transitions | row writes | S3 requests | 20 jobs open | 100 jobs open | model |\n\
         |--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n",
    );
    for (records, per_job) in sizes {
        table.push_str(&row(&Size { records, per_job }, &model));
        table.push('\n');
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../../snapshots/batch");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("scale", table));
}
