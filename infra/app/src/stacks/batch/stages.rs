//! The machine of several stages: each is a run, and what one answers is what the next one asks about.

use std::time::Duration;

use shared::batch::request::RunRequest;
use shared::contracts::batch::{RunReport, StagesReport, StagesReportFields, StagesRequest};
use workflow::{Machine, Nothing, Runnable, run_machine};

/// Stages of one execution. A loop has an end, and nobody needs more.
const MOST_STAGES: u32 = 20;

/// Describes the machine.
pub fn machine(
    runs: &impl Runnable<Input = RunRequest, Output = RunReport>,
) -> Machine<StagesRequest, StagesReport> {
    Machine::<StagesRequest, StagesReport>::new("Stages", |flow, request| {
        let number = flow.variable("Stage", 0_i64);
        let reports = flow.variable("Reports", Vec::<RunReport>::new());
        flow.choose("Any stage?")
            .when(request.stages.is_empty(), |flow| {
                flow.fail::<Nothing>(
                    "No stage",
                    "InvalidRequest",
                    "`stages` is empty: name at least one",
                )
            })
            .otherwise(|flow| flow.nothing());
        flow.repeat("Stages", Duration::from_secs(1), MOST_STAGES)
            .steps(|flow| {
                let stage = request.stages.at(number.get()).required();
                let before = reports.get().last();
                let has_source = (stage.s3_uri.exists())
                    .or(stage.images_s3_uri.exists())
                    .or(stage.dataset_id.exists());
                let input = flow
                    .choose("Source of its own?")
                    .when(has_source.or(reports.get().is_empty()), |_| stage)
                    .otherwise(|_| {
                        let results = before.required().results.some();
                        let reading = stage.with(stage.s3_uri, results);
                        reading.with(reading.previous_results, true)
                    });
                let report = flow.run("Run stage", run_machine(runs, input));
                let reported = flow.list([report]);
                flow.assign("Note its report", &reports, reports.get().chain(reported));
                flow.assign("Next stage", &number, number.get() + 1);
                report
            })
            .until(|_| reports.get().count().equals(request.stages.count()));
        flow.object(StagesReportFields {
            stages: reports.get(),
        })
    })
    .comment("Runs that follow one another, each reading the results of the one before")
    .timeout(Duration::from_hours(24 * 60))
}
