//! The batch system: plan, submit and wait for each job, collect, report.

use std::time::Duration;

use workflow::{Machine, Retry, StatesError, invoke};

use crate::contracts::*;
use crate::support::assert_reviewed;

fn machine() -> Machine<BatchRequest, Report> {
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

#[test]
fn is_what_was_reviewed() {
    assert_reviewed("batch", &machine());
}
