//! `reconcile-jobs`: what events did not bring.

use std::time::Duration;

use jobs::RowStatus;
use reconcile_jobs::{Looked, Outcome, ReconcileError, reconcile};
use shared::batch::status::JobStatus;
use shared::contracts::batch::{ReconcileReport, ReconcileRequest, job_row};
use shared::run::{ErrorKind, Scalar};
use submit_job::submit;
use track_job::track;

use crate::support::{Fault, World, event, request, run, task};

const DAY: Duration = Duration::from_hours(24);

fn look(world: &World) -> (ReconcileReport, Vec<Outcome>) {
    let request = ReconcileRequest {
        now: world.now_text(),
    };
    let mut outcomes = Vec::new();
    let keep = |outcome: &Outcome| {
        outcomes.push(Outcome {
            job: outcome.job.clone(),
            looked: match &outcome.looked {
                Ok(Looked::Settled(settled)) => Ok(Looked::Settled(settled.clone())),
                Ok(Looked::NoJob) => Ok(Looked::NoJob),
                Ok(Looked::GivenUp) => Ok(Looked::GivenUp),
                Ok(Looked::Closed) => Ok(Looked::Closed),
                Err(error) => Err(jobs::JobsError::NoToken(error.to_string())),
            },
        });
    };
    let report = run(reconcile(world, &request, keep)).unwrap();
    (report, outcomes)
}

fn report(open: u64, ended: u64, failed: u64) -> ReconcileReport {
    ReconcileReport {
        open,
        ended,
        failed,
    }
}

fn submitted(chunks: u64) -> World {
    let world = World::new();
    for chunk in 0..chunks {
        let token = format!("token-of-{chunk}");
        world.wait(&token);
        run(submit(&world, &request(chunk, &token))).unwrap();
    }
    world
}

#[test]
fn ends_that_no_event_brought_are_told() {
    let world = submitted(3);
    assert_eq!(look(&world).0, report(3, 0, 0));
    world.set_status(&task(1).job_name, JobStatus::Completed);
    world.set_status(&task(2).job_name, JobStatus::InProgress);
    assert_eq!(look(&world).0, report(3, 1, 0));
    assert_eq!(world.told.borrow()[0].0, "token-of-1");
    let row = world.row(&task(2).job_name);
    assert_eq!(row.status, RowStatus::Job(JobStatus::InProgress));
    assert_eq!(look(&world).0, report(2, 0, 0));
}

#[test]
fn ends_that_events_brought_are_not_looked_at() {
    let world = submitted(1);
    let job = world.job(&task(0).job_name);
    world.set_status(&job.name, JobStatus::Stopped);
    run(track(&world, &event(&job.name, &job.arn, "Stopped"))).unwrap();
    assert_eq!(look(&world).0, report(0, 0, 0));
}

#[test]
fn one_that_fails_does_not_keep_the_others() {
    let world = submitted(20);
    for chunk in 0..20 {
        world.set_status(&task(chunk).job_name, JobStatus::Completed);
    }
    let broken = task(7).job_name;
    let chunk = (job_row::CHUNK.to_owned(), Scalar::from("seven"));
    world
        .rows
        .borrow_mut()
        .get_mut(&broken)
        .unwrap()
        .extend([chunk]);
    let refused = Fault::Refused(ErrorKind::Throttled, "ThrottlingException");
    world.faults.add("GetModelInvocationJob", refused);
    let (first, outcomes) = look(&world);
    assert_eq!(first, report(20, 18, 2));
    let failed: Vec<_> = outcomes
        .iter()
        .filter(|outcome| outcome.looked.is_err())
        .collect();
    assert_eq!(failed.len(), 2);
    let error = failed[1].looked.as_ref().unwrap_err().to_string();
    assert!(error.contains("attribute `chunk`"), "{error}");
    assert_eq!(look(&world).0, report(2, 1, 1));
}

#[test]
fn a_job_whose_arn_was_never_noted_is_found_by_name() {
    let world = World::new();
    world.wait("token-1");
    world
        .faults
        .add("CreateModelInvocationJob", Fault::LostAnswer);
    run(submit(&world, &request(3, "token-1"))).unwrap_err();
    world.set_status(&task(3).job_name, JobStatus::PartiallyCompleted);
    assert_eq!(look(&world).0, report(1, 1, 0));
    assert_eq!(world.told.borrow().len(), 1);
}

/// A world in which the quota was full when a job was submitted.
fn waiting_for_quota() -> World {
    let world = World::new();
    let full = Fault::Refused(ErrorKind::Throttled, "ServiceQuotaExceededException");
    world.faults.add("CreateModelInvocationJob", full);
    run(submit(&world, &request(3, "token-1"))).unwrap_err();
    world
}

#[test]
fn a_row_without_a_job_is_closed_after_a_day() {
    let world = waiting_for_quota();
    world.later(Duration::from_secs(86_399));
    assert!(matches!(look(&world).1[0].looked, Ok(Looked::NoJob)));
    world.later(Duration::from_secs(1));
    assert!(matches!(look(&world).1[0].looked, Ok(Looked::GivenUp)));
    let row = world.row(&task(3).job_name);
    assert_eq!((row.status, row.open), (RowStatus::NotSubmitted, false));
    assert!(row.message.unwrap().contains("redrive"));
    assert_eq!(look(&world).0, report(0, 0, 0));
}

#[test]
fn each_attempt_at_submitting_is_waited_for_anew() {
    let world = waiting_for_quota();
    world.later(DAY);
    let full = Fault::Refused(ErrorKind::Throttled, "ServiceQuotaExceededException");
    world.faults.add("CreateModelInvocationJob", full);
    run(submit(&world, &request(3, "token-2"))).unwrap_err();
    assert!(matches!(look(&world).1[0].looked, Ok(Looked::NoJob)));
}

#[test]
fn a_name_that_somebody_else_took_is_not_waited_for_longer() {
    let world = waiting_for_quota();
    world.add_foreign(&task(3).job_name, &[]);
    assert!(matches!(look(&world).1[0].looked, Ok(Looked::NoJob)));
    world.later(DAY);
    assert!(matches!(look(&world).1[0].looked, Ok(Looked::GivenUp)));
}

#[test]
fn a_job_that_the_service_forgot_is_closed_after_a_day() {
    let world = submitted(1);
    world.jobs.borrow_mut().clear();
    assert!(matches!(look(&world).1[0].looked, Ok(Looked::NoJob)));
    world.later(DAY);
    assert!(matches!(look(&world).1[0].looked, Ok(Looked::GivenUp)));
    let row = world.row(&task(0).job_name);
    assert_eq!(row.status, RowStatus::Job(JobStatus::Submitted));
}

#[test]
fn a_job_that_turns_up_after_all_is_told() {
    let world = World::new();
    world.listed.set(false);
    world.wait("token-1");
    world
        .faults
        .add("CreateModelInvocationJob", Fault::LostAnswer);
    run(submit(&world, &request(3, "token-1"))).unwrap_err();
    world.later(DAY);
    assert!(matches!(look(&world).1[0].looked, Ok(Looked::GivenUp)));
    world.set_status(&task(3).job_name, JobStatus::Completed);
    let job = world.job(&task(3).job_name);
    let tracked = run(track(&world, &event(&job.name, &job.arn, "Completed"))).unwrap();
    assert!(tracked.tracked().told);
    let row = world.row(&job.name);
    assert_eq!(row.status, RowStatus::Job(JobStatus::Completed));
    assert_eq!((row.open, row.message), (false, None));
}

#[test]
fn a_time_that_is_none_is_refused() {
    let request = ReconcileRequest {
        now: "noon".to_owned(),
    };
    let error = run(reconcile(&World::new(), &request, |_| {})).unwrap_err();
    assert!(matches!(error, ReconcileError::Now(_)), "{error}");
}
