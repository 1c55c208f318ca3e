//! `track-job`: events that are early, late, repeated, out of order, or about somebody else.

use jobs::{JobsError, RowStatus, Settled, Telling, settle};
use shared::batch::status::JobStatus;
use shared::contracts::batch::{Ending, JobEnd};
use shared::run::{ErrorKind, Fails};
use submit_job::submit;
use track_job::track;

use crate::support::{Fault, World, event, request, run, task};

fn name() -> String {
    task(3).job_name
}

/// A world with a submitted job.
fn submitted() -> World {
    let world = World::new();
    world.wait("token-1");
    run(submit(&world, &request(3, "token-1"))).unwrap();
    world.calls.borrow_mut().clear();
    world
}

fn told(world: &World) -> bool {
    let job = world.job(&name());
    let happened = event(&job.name, &job.arn, job.status.as_str());
    run(track(world, &happened)).unwrap().tracked().told
}

#[test]
fn every_end_is_a_value() {
    let ends = [
        (JobStatus::Completed, Ending::Completed),
        (JobStatus::PartiallyCompleted, Ending::PartiallyCompleted),
        (JobStatus::Failed, Ending::Failed),
        (JobStatus::Stopped, Ending::Stopped),
        (JobStatus::Expired, Ending::Expired),
    ];
    for (status, ending) in ends {
        let world = submitted();
        world.set_status(&name(), status);
        assert!(told(&world));
        let job = world.job(&name());
        let end = JobEnd {
            ending,
            job_arn: Some(job.arn),
            message: job.message.clone(),
        };
        assert_eq!(*world.told.borrow(), [("token-1".to_owned(), end)]);
        let row = world.row(&name());
        assert_eq!(row.status, RowStatus::Job(status));
        assert_eq!((row.open, row.token), (false, None));
        assert_eq!(
            (row.message, row.processed, row.errors),
            (job.message, job.processed, job.errors)
        );
    }
}

#[test]
fn what_is_no_end_is_noted_and_not_told() {
    let world = submitted();
    for status in JobStatus::ALL
        .into_iter()
        .filter(|status| !status.is_terminal())
    {
        world.set_status(&name(), status);
        assert!(!told(&world));
        let row = world.row(&name());
        assert_eq!((row.status, row.open), (RowStatus::Job(status), true));
    }
}

#[test]
fn a_repeated_event_tells_nothing() {
    let world = submitted();
    world.set_status(&name(), JobStatus::Completed);
    assert!(told(&world));
    let row = world.row(&name());
    assert!(!told(&world));
    assert_eq!(world.told.borrow().len(), 1);
    assert_eq!(world.row(&name()), row);
}

#[test]
fn events_are_not_believed() {
    let world = submitted();
    let job = world.job(&name());
    for word in ["Completed", "Failed", "Daydreaming", ""] {
        let early = run(track(&world, &event(&job.name, &job.arn, word))).unwrap();
        assert_eq!(early.tracked().status, Some(JobStatus::Submitted));
        assert!(world.told.borrow().is_empty());
    }
    world.set_status(&name(), JobStatus::Stopped);
    let late = run(track(&world, &event(&job.name, &job.arn, "InProgress"))).unwrap();
    assert_eq!(late.tracked().status, Some(JobStatus::Stopped));
    assert!(late.tracked().told);
}

#[test]
fn other_peoples_events_cost_nothing() {
    let world = submitted();
    for name in ["nightly-embeddings", "jokes-part-3-5f2d10c9ab", ""] {
        let arn = world.add_foreign(name, &[]);
        let tracked = run(track(&world, &event(name, &arn, "Completed")))
            .unwrap()
            .tracked();
        assert!(!tracked.ours);
    }
    assert!(world.calls.borrow().is_empty());
}

#[test]
fn somebody_elses_job_with_a_name_like_ours_changes_nothing() {
    let world = submitted();
    let rows = world.rows.borrow().clone();
    for name in [task(4).job_name, task(3).job_name] {
        let arn = world.add_foreign(&name, &[("team", "search")]);
        let tracked = run(track(&world, &event(&name, &arn, "Completed")))
            .unwrap()
            .tracked();
        assert!(!tracked.ours, "{name}");
    }
    assert_eq!(*world.rows.borrow(), rows);
    assert!(world.told.borrow().is_empty());
}

#[test]
fn an_event_may_come_before_the_arn_is_known() {
    let world = World::new();
    world.wait("token-1");
    world
        .faults
        .add("CreateModelInvocationJob", Fault::LostAnswer);
    run(submit(&world, &request(3, "token-1"))).unwrap_err();
    assert_eq!(world.row(&name()).job_arn, None);
    world.set_status(&name(), JobStatus::Failed);
    assert!(told(&world));
    assert_eq!(world.row(&name()).job_arn, Some(world.job(&name()).arn));
}

#[test]
fn a_job_without_a_row_is_told_by_its_tags() {
    let world = submitted();
    world.rows.borrow_mut().clear();
    assert!(!told(&world));
    world.set_status(&name(), JobStatus::Completed);
    assert!(told(&world));
    assert!(!told(&world));
    assert!(world.rows.borrow().is_empty());
}

#[test]
fn a_job_of_another_deployment_is_left_to_it() {
    let world = submitted();
    world.rows.borrow_mut().clear();
    world.set_status(&name(), JobStatus::Completed);
    let denied = Fault::Refused(ErrorKind::Denied, "AccessDeniedException");
    world.faults.add("SendTaskSuccess", denied.clone());
    let arn = world.job(&name()).arn;
    assert_eq!(run(settle(&world, &arn)).unwrap(), Settled::Foreign);

    // With a row it is ours, and a permission is missing.
    let world = submitted();
    world.set_status(&name(), JobStatus::Completed);
    world.faults.add("SendTaskSuccess", denied);
    let error = run(settle(&world, &arn)).unwrap_err();
    assert_eq!(Fails::<ErrorKind>::failure(&error), Some(ErrorKind::Denied));
    assert!(world.row(&name()).open);
}

#[test]
fn tags_that_were_tampered_with_are_an_error_only_where_they_are_needed() {
    let world = submitted();
    world.set_status(&name(), JobStatus::Completed);
    world.jobs.borrow_mut()[0].tags.pop();
    assert!(told(&world), "the row has the token");
    world.rows.borrow_mut().clear();
    let arn = world.job(&name()).arn;
    let error = run(settle(&world, &arn)).unwrap_err();
    assert!(matches!(error, JobsError::Token { .. }), "{error}");
}

#[test]
fn a_crash_in_between_is_made_good_by_the_next_event() {
    let steps = [
        "GetModelInvocationJob",
        "GetItem",
        "UpdateItem",
        "SendTaskSuccess",
    ];
    for operation in steps {
        for fault in [
            Fault::Refused(ErrorKind::Unavailable, "InternalServerException"),
            Fault::LostAnswer,
        ] {
            let world = submitted();
            world.set_status(&name(), JobStatus::Completed);
            world.faults.add(operation, fault.clone());
            let arn = world.job(&name()).arn;
            run(settle(&world, &arn)).unwrap_err();
            assert!(world.row(&name()).open, "{operation}, {fault:?}");
            run(settle(&world, &arn)).unwrap();
            assert_eq!(world.told.borrow().len(), 1, "{operation}, {fault:?}");
            assert!(!world.row(&name()).open);
        }
    }
}

#[test]
fn nobody_waits_counts_as_told() {
    let world = submitted();
    world.waiting.borrow_mut().clear();
    world.set_status(&name(), JobStatus::Completed);
    let arn = world.job(&name()).arn;
    let settled = run(settle(&world, &arn)).unwrap();
    assert!(matches!(
        settled,
        Settled::Ended {
            noted: true,
            telling: Telling::NobodyWaits,
            ..
        }
    ));
    assert!(!world.row(&name()).open);
}
