//! `stop-jobs`: what an execution leaves behind.

use std::time::Duration;

use shared::batch::status::JobStatus;
use shared::contracts::batch::{StopReport, StopRequest, job_row};
use shared::run::{ErrorKind, Fails, Scalar};
use stop_jobs::{StopError, stop};
use submit_job::submit;

use crate::support::{EXECUTION, Fault, World, request, run, task};

fn submitted(chunks: u64) -> World {
    let world = World::new();
    for chunk in 0..chunks {
        run(submit(
            &world,
            &request(chunk, &format!("token-of-{chunk}")),
        ))
        .unwrap();
    }
    world
}

fn stop_all(world: &World) -> Result<StopReport, StopError> {
    stop_of(world, EXECUTION, None)
}

fn stop_of(world: &World, execution: &str, job: Option<String>) -> Result<StopReport, StopError> {
    let request = StopRequest {
        execution: execution.to_owned(),
        job_name: job,
    };
    run(stop(world, &request, |_, _| {}))
}

fn arns(world: &World) -> Vec<String> {
    let jobs = world.jobs.borrow();
    let mut named: Vec<_> = jobs.iter().map(|job| (&job.name, &job.arn)).collect();
    named.sort_unstable();
    named.into_iter().map(|(_, arn)| arn.clone()).collect()
}

#[test]
fn every_open_job_of_the_execution_is_stopped() {
    let world = submitted(3);
    let report = stop_all(&world).unwrap();
    assert_eq!((report.stopped, report.job_arns), (3, arns(&world)));
    assert_eq!(*world.stops.borrow(), arns(&world));
}

#[test]
fn other_executions_are_left_alone() {
    let world = submitted(2);
    let child = "arn:aws:states:eu-central-1:111122223333:execution:batch/chunks:77aa";
    assert_eq!(stop_of(&world, child, None).unwrap(), StopReport::default());
    assert!(world.stops.borrow().is_empty());
}

#[test]
fn one_job_is_stopped_when_one_is_named() {
    let world = submitted(3);
    let job = world.job(&task(1).job_name);
    let report = stop_of(&world, EXECUTION, Some(job.name)).unwrap();
    assert_eq!(
        (report.stopped, &report.job_arns),
        (1, &vec![job.arn.clone()])
    );
    assert_eq!(*world.stops.borrow(), [job.arn]);
}

#[test]
fn a_job_that_has_ended_is_told_of_and_not_stopped() {
    let world = submitted(1);
    world.set_status(&task(0).job_name, JobStatus::Completed);
    let report = stop_all(&world).unwrap();
    assert_eq!((report.stopped, report.job_arns), (0, arns(&world)));
}

#[test]
fn a_named_job_is_told_of_when_it_is_not_open_any_more() {
    let world = submitted(1);
    world.set_status(&task(0).job_name, JobStatus::Completed);
    let arn = world.job(&task(0).job_name).arn;
    run(jobs::settle(&world, &arn)).unwrap();
    assert_eq!(stop_all(&world).unwrap(), StopReport::default());
    let report = stop_of(&world, EXECUTION, Some(task(0).job_name)).unwrap();
    assert_eq!((report.stopped, report.job_arns), (0, vec![arn]));
    assert!(world.stops.borrow().is_empty());
}

/// A world in which a job was submitted, and nobody learned of it.
fn unnoted(fault: Fault) -> World {
    let world = World::new();
    world.faults.add("CreateModelInvocationJob", fault);
    run(submit(&world, &request(3, "token-1"))).unwrap_err();
    world
}

#[test]
fn a_job_whose_arn_is_not_known_is_found_by_name() {
    let world = unnoted(Fault::LostAnswer);
    assert_eq!(stop_all(&world).unwrap().stopped, 1);
    assert_eq!(*world.stops.borrow(), arns(&world));
}

#[test]
fn a_job_that_may_be_created_at_this_moment_is_asked_for_again() {
    let world = unnoted(Fault::Refused(ErrorKind::Throttled, "ThrottlingException"));
    let error = stop_all(&world).unwrap_err();
    assert_eq!(
        Fails::<ErrorKind>::failure(&error),
        Some(ErrorKind::Unavailable)
    );
    world.later(Duration::from_mins(2));
    assert_eq!(stop_all(&world).unwrap(), StopReport::default());
}

#[test]
fn one_that_fails_does_not_keep_the_others_running() {
    let world = submitted(3);
    let denied = Fault::Refused(ErrorKind::Denied, "AccessDeniedException");
    world.faults.add("StopModelInvocationJob", denied);
    let error = stop_all(&world).unwrap_err();
    assert_eq!((error.failed, error.jobs), (1, 3));
    assert_eq!(Fails::<ErrorKind>::failure(&error), Some(ErrorKind::Denied));
    assert_eq!(world.stops.borrow().len(), 2);
    let report = stop_all(&world).unwrap();
    assert_eq!(report.job_arns, arns(&world));
}

#[test]
fn a_row_that_cannot_be_read_keeps_nobody_running() {
    let world = submitted(3);
    let broken = (job_row::UPDATED_AT.to_owned(), Scalar::Number(1));
    let name = task(0).job_name;
    world
        .rows
        .borrow_mut()
        .get_mut(&name)
        .unwrap()
        .extend([broken]);
    let error = stop_all(&world).unwrap_err();
    assert!(error.to_string().contains("1 of 3 jobs"), "{error}");
    assert_eq!(world.stops.borrow().len(), 2);
}
