//! A new run: its table is counted, divided and written as chunks.

use std::collections::BTreeSet;

use runs::{RunFiles, RunRows, read_json, write_bytes, write_json};
use shared::batch::chunk::{Bounds, Plan};
use shared::batch::layout::Layout;
use shared::batch::limits::Limits;
use shared::batch::request::BelowMinimum;
use shared::contracts::batch::{RunManifest, RunOrder};
use tables::Row;
use tables::chunks::{Chunk, ChunkPlan, write_chunks};
use time::format_description::well_known::Rfc3339;

use crate::error::PreprocessError;
use crate::preprocess::{Preprocessed, Services};
use crate::tasks::Tasks;

/// Bytes of a row group of the rows beside a chunk: with more, writing chunks takes more than the 16 MB that it is held to.
const ROW_GROUP_BYTES: usize = 2 << 20;

pub(crate) fn prepare(
    services: &Services,
    order: &RunOrder,
) -> Result<Preprocessed, PreprocessError> {
    let prefix = order.run.job_prefix()?;
    let layout = order.run.layout(&prefix);
    let created = created(services, order, &layout.manifest_of_run())?;
    let rows = services
        .premises
        .rows(&order.request, &order.run.execution)?;
    let limits = services.premises.policy.limits_of(&rows.run.model);
    let sizes = sizes(&rows, &limits)?;
    let mut files = RunFiles::new(&services.output, &layout, rows.table().failures());
    let chunks = write(&rows, &order.run.execution, &sizes, &mut files)?;
    forget_rejections(services, &layout, &chunks)?;
    for chunk in &chunks {
        must_fit(chunk, &limits)?;
    }
    let model = &rows.run.model;
    let execution = &order.run.execution;
    let mut tasks = Tasks::begin(services, order, &prefix, model, execution, &files);
    for chunk in &chunks {
        tasks.add(chunk.number, chunk.sent)?;
    }
    let plan = tasks.finish()?;
    let manifest = RunManifest {
        request: order.request.clone(),
        execution: execution.clone(),
        created,
        chunks: sizes,
    };
    write_json(&*services.output, &layout.manifest_of_run(), &manifest)?;
    Ok(Preprocessed {
        plan,
        resent: Vec::new(),
    })
}

/// When the run was prepared, now or by an earlier attempt of this execution.
fn created(services: &Services, order: &RunOrder, key: &str) -> Result<String, PreprocessError> {
    let earlier: Option<RunManifest> = read_json(&*services.files, key)?;
    match earlier {
        Some(earlier) if earlier.execution == order.run.execution => Ok(earlier.created),
        Some(_) => Err(PreprocessError::NameTaken {
            run: order.run.run.clone(),
        }),
        None => {
            let now = (services.now)();
            // A time of the common era has a text in this format.
            Ok(now.format(&Rfc3339).unwrap_or_else(|_| now.to_string()))
        }
    }
}

/// Rows of each chunk.
fn sizes(rows: &RunRows, limits: &Limits) -> Result<Vec<u64>, PreprocessError> {
    let bounds = rows.run.bounds;
    match bounds.plan(rows.count(enough(&bounds))?, limits)? {
        Plan::Jobs(chunks) => Ok(chunks.ranges().map(|rows| rows.end - rows.start).collect()),
        Plan::OnDemand { records, minimum } if rows.run.below_minimum == BelowMinimum::Refuse => {
            Err(PreprocessError::BelowMinimum {
                records,
                minimum,
                chunk: 0,
            })
        }
        Plan::OnDemand { records, .. } => Ok(vec![records]),
    }
}

/// So many rows are taken at most, so no more need to be counted.
fn enough(bounds: &Bounds) -> u64 {
    let by_jobs = bounds.max_num_jobs.map_or(u64::MAX, |jobs| {
        jobs.saturating_mul(bounds.max_records_per_job)
    });
    bounds.max_records_total.unwrap_or(u64::MAX).min(by_jobs)
}

fn write(
    rows: &RunRows,
    run_id: &str,
    sizes: &[u64],
    files: &mut RunFiles,
) -> Result<Vec<Chunk>, PreprocessError> {
    let plan = ChunkPlan {
        run_id,
        sizes,
        row_group_bytes: ROW_GROUP_BYTES,
    };
    let (table, bodies) = rows.records()?;
    let body = |row: &Row<'_>, out: &mut Vec<u8>| bodies.write(row, out);
    write_chunks(table, &rows.fields, &plan, files, body)
        .map_err(|error| rows.table().explain(error).into())
}

/// Empties the lists of rejected rows that this attempt did not write: an earlier one may have read another table.
fn forget_rejections(
    services: &Services,
    layout: &Layout<'_>,
    chunks: &[Chunk],
) -> Result<(), PreprocessError> {
    let rows = layout.rows(0);
    let folder = rows.rsplit_once('/').map_or("", |(folder, _)| folder);
    let there = services.files.list(&format!("{folder}/"))?;
    let there: BTreeSet<&str> = there.iter().map(|object| object.key.as_str()).collect();
    for chunk in chunks.iter().filter(|chunk| chunk.rejected.is_none()) {
        let key = layout.rejected(chunk.number);
        if there.contains(key.as_str()) {
            write_bytes(&*services.output, &key, "application/jsonl", Vec::new())?;
        }
    }
    Ok(())
}

/// Refuses an input that the service would refuse after the wait.
fn must_fit(chunk: &Chunk, limits: &Limits) -> Result<(), PreprocessError> {
    let limit = limits.maximum_file_bytes;
    if chunk.input_bytes <= limit {
        return Ok(());
    }
    // Of equally long records; a tenth less, because they are not.
    let fitting =
        u128::from(chunk.sent) * u128::from(limit) * 9 / (u128::from(chunk.input_bytes) * 10);
    let fitting = u64::try_from(fitting).unwrap_or(u64::MAX);
    let advice = if fitting >= limits.minimum_records {
        format!("set `max_records_per_job` to {fitting} or less")
    } else {
        let minimum = limits.minimum_records;
        format!(
            "only about {fitting} such records would fit, and a job must have {minimum}: shorten the texts or scale the images down, or split the table by length"
        )
    };
    Err(PreprocessError::TooLarge {
        chunk: chunk.number,
        bytes: chunk.input_bytes,
        records: chunk.sent,
        limit,
        advice,
    })
}
