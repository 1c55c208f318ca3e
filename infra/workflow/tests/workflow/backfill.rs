//! Distributed maps: the lines of a file in batches, the objects below a prefix, an inventory, CSV and Parquet.

use std::time::Duration;

use workflow::{Flow, ItemReader, Machine, MapRun, Objects, StatesError, invoke};

use crate::contracts::*;
use crate::support::{assert_reviewed, data};

data! {
    struct Backfill {
        manifest: String,
        date: String,
    }
    struct Line {
        id: String,
        text: String,
    }
    struct Dated {
        line: Line,
        date: String,
        place: u64,
    }
    struct Counts {
        lines: u64,
        objects: u64,
        results: MapRun,
    }
}

pub(crate) fn machine() -> Machine<Backfill, Counts> {
    let check = Check::function();
    let runs = Objects::of("RunsBucket", "${RunsBucket}").below("runs/");
    let results = Objects::of("ResultsBucket", "${ResultsBucket}")
        .below("results/")
        .encrypted_with(cfn::intrinsics::sub("${Key.Arn}"));
    Machine::<Backfill, _>::new("Backfill", |flow, request| {
        let written = flow
            .distributed_map(
                "Lines",
                ItemReader::<Line>::json_lines(&runs, request.manifest),
            )
            .max_concurrency(100)
            .tolerate_percentage(5.0)
            .label("lines")
            .select(|item| {
                item.object(DatedFields {
                    line: item.value(),
                    date: request.date,
                    place: item.index(),
                })
            })
            .batches_with(10, request.date)
            .each_to(&results, |flow, batch| {
                let checked = flow.map("Batch", batch.items).each(|flow, dated| {
                    let event = flow.object(CheckRequestFields {
                        job_id: dated.line.id,
                    });
                    let status = flow.call("Check", &check, event);
                    dated.date.append(":").append(status.done.to_text())
                });
                checked.chain(flow.list([batch.batch_input]))
            });
        let listed = flow
            .distributed_map("Objects", ItemReader::listing(&runs, **flow))
            .express()
            .tolerate(3)
            .try_each(|flow, object| {
                let event = flow.object(CheckRequestFields { job_id: object.key });
                flow.try_run(
                    "Check object",
                    invoke(&check, event).timeout(Duration::from_mins(1)),
                )
                .catch_all(|flow, error| {
                    flow.object(JobStatusFields {
                        state: flow.value(JobState::Failed),
                        done: flow.value(0),
                        message: error.cause,
                    })
                })
                .value()
                .done
            })
            .catch([StatesError::ExceedToleratedFailureThreshold], |flow, _| {
                flow.list([])
            })
            .value();
        flow.object(CountsFields {
            lines: listed.sum(),
            objects: listed.count(),
            results: written,
        })
    })
}

pub(crate) fn other_readers() -> Machine<Backfill, Vec<u64>> {
    let files = Objects::of("FilesBucket", "${FilesBucket}");
    Machine::<Backfill, _>::new("Readers", |flow, request| {
        let rows = flow
            .distributed_map(
                "Rows",
                ItemReader::<Line>::csv(&files, request.manifest).at_most(50),
            )
            .each(|_, row| row.text.length());
        let table = flow
            .distributed_map(
                "Table",
                ItemReader::<Line>::parquet(&files, request.manifest),
            )
            .each(|flow, row| {
                flow.wait("Slowly", Duration::from_secs(1));
                row.text.length()
            });
        let inventory = flow
            .distributed_map("Inventory", ItemReader::inventory(&files, request.manifest))
            .batches(100)
            .each(|_, batch| batch.items.count());
        let array = flow
            .distributed_map("Array", ItemReader::<Line>::json(&files, request.manifest))
            .each(|flow, line| count(flow, line.text));
        rows.chain(table).chain(inventory).chain(array)
    })
}

fn count<'s>(flow: &mut Flow<'s, '_>, text: workflow::Expr<'s, String>) -> workflow::Expr<'s, u64> {
    flow.pass("Count", text.split(" ").count())
}

#[test]
fn is_what_was_reviewed() {
    assert_reviewed("backfill", &machine());
    assert_reviewed("readers", &other_readers());
}
