//! `submit-job`: one job per chunk and attempt, and a token that is always the last one.

use std::time::Duration;

use jobs::{RowStatus, Settled, Telling};
use shared::TaskToken;
use shared::batch::status::JobStatus;
use shared::batch::task_token::from_tags;
use shared::contracts::batch::{Ending, SubmitFailure};
use shared::run::{ErrorKind, Fails};
use submit_job::{SubmitError, Submitted, submit};
use track_job::track;

use crate::support::{BUCKET, EXECUTION, Fault, World, event, request, run, task};

const CREATE: &str = "CreateModelInvocationJob";

fn attempt(world: &World, token: &str) -> Result<Submitted, SubmitError> {
    world.later(Duration::from_secs(10));
    world.waiting.borrow_mut().clear();
    world.wait(token);
    run(submit(world, &request(3, token)))
}

fn failure(error: &SubmitError) -> SubmitFailure {
    error.failure().unwrap()
}

fn name() -> String {
    task(3).job_name
}

#[test]
fn a_chunk_becomes_a_job_and_a_row() {
    let world = World::new();
    let submitted = attempt(&world, "token-1").unwrap();
    assert!(submitted.made);
    let created = world.created.borrow()[0].clone();
    assert_eq!(created.name, name());
    assert_eq!(created.client_request_token, task(3).client_request_token);
    assert_eq!(created.input_uri, format!("{BUCKET}{}", task(3).input));
    assert_eq!(created.output_uri, format!("{BUCKET}{}", task(3).outputs));
    assert_eq!(created.timeout_hours, 24);
    let tags = created.tags.iter().map(|(key, value)| (&**key, &**value));
    assert_eq!(from_tags(tags), Ok(Some("token-1".to_owned())));

    let row = world.row(&name());
    assert_eq!(row.status, RowStatus::Job(JobStatus::Submitted));
    assert_eq!(row.job_arn, Some(submitted.arn));
    assert_eq!(row.token, Some(TaskToken("token-1".to_owned())));
    assert!(row.open);
    assert_eq!((row.chunk, row.attempt, row.records), (3, 0, 500));
    assert_eq!(row.execution, EXECUTION);
    assert_eq!(row.submitted_at, world.now_text());
    assert_eq!(row.expires, 500_000 * 3600 + 10 + 90 * 86_400);
}

#[test]
fn the_row_is_there_before_the_job() {
    let world = World::new();
    attempt(&world, "token-1").unwrap();
    let calls = world.calls.borrow();
    let place = |operation| calls.iter().position(|call| *call == operation).unwrap();
    assert!(place("UpdateItem") < place(CREATE));
}

#[test]
fn a_second_attempt_finds_the_job_of_the_first() {
    let world = World::new();
    let first = attempt(&world, "token-1").unwrap();
    let second = attempt(&world, "token-2").unwrap();
    assert!(!second.made);
    assert_eq!(second.arn, first.arn);
    assert_eq!(world.created.borrow().len(), 1);
    let token = world.row(&name()).token;
    assert_eq!(token, Some(TaskToken("token-2".to_owned())));
}

#[test]
fn a_lost_answer_makes_no_second_job() {
    for (compares_tags, listed) in [(false, true), (true, true), (false, false)] {
        let world = World::new();
        world.compares_tags.set(compares_tags);
        world.listed.set(listed);
        world.faults.add(CREATE, Fault::LostAnswer);
        let error = attempt(&world, "token-1").unwrap_err();
        assert_eq!(failure(&error), SubmitFailure::Unavailable);
        assert!(
            world.row(&name()).open,
            "the next attempt goes on from here"
        );
        attempt(&world, "token-2").unwrap();
        assert_eq!(world.created.borrow().len(), 1);
        assert_eq!(world.row(&name()).job_arn, Some(world.job(&name()).arn));
    }
}

#[test]
fn a_job_that_is_not_listed_yet_is_waited_for() {
    let world = World::new();
    world.compares_tags.set(true);
    world.listed.set(false);
    world.faults.add(CREATE, Fault::LostAnswer);
    attempt(&world, "token-1").unwrap_err();
    let error = attempt(&world, "token-2").unwrap_err();
    assert!(matches!(error, SubmitError::NotListed(_)), "{error}");
    assert_eq!(failure(&error), SubmitFailure::Unavailable);
    world.listed.set(true);
    assert!(!attempt(&world, "token-3").unwrap().made);
}

#[test]
fn a_name_that_is_in_use_is_our_own_whatever_the_service_calls_it() {
    let names = [
        (ErrorKind::Changed, "ConflictException"),
        (ErrorKind::Invalid, "ValidationException"),
    ];
    for taken in names {
        let world = World::new();
        world.name_taken.set(taken);
        world.compares_tags.set(true);
        attempt(&world, "token-1").unwrap();
        // Somebody restored the table from a backup of an hour ago.
        world.rows.borrow_mut().clear();
        let again = attempt(&world, "token-2").unwrap();
        assert!(!again.made);
        assert_eq!(world.row(&name()).job_arn, Some(again.arn));
    }
}

#[test]
fn somebody_elses_job_of_this_name_is_left_alone() {
    for tags in [&[][..], &[("team", "search")]] {
        let world = World::new();
        let foreign = world.add_foreign(&name(), tags);
        let error = attempt(&world, "token-1").unwrap_err();
        assert!(error.to_string().contains(&foreign), "{error}");
        assert_eq!(failure(&error), SubmitFailure::Refused);
        let row = world.row(&name());
        assert_eq!(row.status, RowStatus::NotSubmitted);
        assert_eq!((row.open, row.token, row.job_arn), (false, None, None));
        assert_eq!(row.message, Some(error.to_string()));
    }
}

#[test]
fn two_runs_do_not_share_a_row() {
    let world = World::new();
    attempt(&world, "token-1").unwrap();
    let before = world.row(&name());
    let mut other = request(3, "token-of-the-other");
    other.task.run.run = "77aa".to_owned();
    let error = run(submit(&world, &other)).unwrap_err();
    assert!(error.to_string().contains("run `5f1c`"), "{error}");
    assert_eq!(failure(&error), SubmitFailure::Refused);
    assert_eq!(world.row(&name()), before);
}

#[test]
fn refusals_say_what_to_do_and_close_the_row() {
    let refusals = [
        (
            ErrorKind::Denied,
            "AccessDeniedException",
            "allow it in the role",
        ),
        (
            ErrorKind::Missing,
            "ResourceNotFoundException",
            "offered in this region",
        ),
        (
            ErrorKind::Invalid,
            "ValidationException",
            "mend what the service names",
        ),
    ];
    for (kind, code, advice) in refusals {
        let world = World::new();
        world.faults.add(CREATE, Fault::Refused(kind, code));
        let error = attempt(&world, "token-1").unwrap_err();
        assert!(error.to_string().contains(advice), "{error}");
        assert_eq!(failure(&error), SubmitFailure::Refused);
        let row = world.row(&name());
        assert_eq!((row.status, row.open), (RowStatus::NotSubmitted, false));
        assert_eq!(row.message, Some(error.to_string()));
    }
}

#[test]
fn what_may_pass_is_told_apart_and_leaves_the_row_open() {
    let failures = [
        (
            ErrorKind::Throttled,
            "ServiceQuotaExceededException",
            SubmitFailure::QuotaReached,
        ),
        (
            ErrorKind::Throttled,
            "ThrottlingException",
            SubmitFailure::Throttled,
        ),
        (
            ErrorKind::Unavailable,
            "InternalServerException",
            SubmitFailure::Unavailable,
        ),
    ];
    for (kind, code, expected) in failures {
        let world = World::new();
        world.faults.add(CREATE, Fault::Refused(kind, code));
        let error = attempt(&world, "token-1").unwrap_err();
        assert_eq!(failure(&error), expected);
        assert!(world.row(&name()).open);
        assert!(attempt(&world, "token-2").unwrap().made);
    }
}

#[test]
fn a_refused_job_can_be_submitted_again() {
    let world = World::new();
    world.faults.add(
        CREATE,
        Fault::Refused(ErrorKind::Denied, "AccessDeniedException"),
    );
    attempt(&world, "token-1").unwrap_err();
    attempt(&world, "token-2").unwrap();
    let row = world.row(&name());
    assert_eq!(row.status, RowStatus::Job(JobStatus::Submitted));
    assert_eq!((row.open, row.message), (true, None));
}

#[test]
fn a_job_that_ended_meanwhile_is_told_to_who_waits_now() {
    let world = World::new();
    world.faults.add(CREATE, Fault::LostAnswer);
    attempt(&world, "token-1").unwrap_err();
    // The first attempt failed, so nobody waits when the job ends.
    world.waiting.borrow_mut().clear();
    world.set_status(&name(), JobStatus::Completed);
    let job = world.job(&name());
    let ended = event(&job.name, &job.arn, "Completed");
    assert!(!run(track(&world, &ended)).unwrap().tracked().told);
    assert!(!world.row(&name()).open);

    let second = attempt(&world, "token-2").unwrap();
    assert!(matches!(
        second.settled,
        Some(Settled::Ended {
            noted: false,
            telling: Telling::Told,
            ..
        })
    ));
    let told = world.told.borrow();
    assert_eq!(told.len(), 1);
    assert_eq!(
        (told[0].0.as_str(), told[0].1.ending),
        ("token-2", Ending::Completed)
    );
    assert!(!world.row(&name()).open);
}

#[test]
fn what_cannot_be_written_after_the_job_is_there_is_left_for_others() {
    let world = World::new();
    let refused = || Fault::Refused(ErrorKind::Throttled, "ThrottlingException");
    world.faults.add(CREATE, Fault::LostAnswer);
    attempt(&world, "token-1").unwrap_err();
    world.faults.add("GetModelInvocationJob", refused());
    let submitted = attempt(&world, "token-2").unwrap();
    assert!(submitted.left.is_some());
    let row = world.row(&name());
    assert_eq!((row.open, row.job_arn), (true, None));
}

#[test]
fn an_earlier_attempt_does_not_replace_the_token_of_a_later_one() {
    let world = World::new();
    let late = request(3, "token-1");
    let began = world.now.get();
    attempt(&world, "token-2").unwrap();
    world.now.set(began);
    let error = run(submit(&world, &late)).unwrap_err();
    assert!(matches!(error, SubmitError::Superseded(_)), "{error}");
    let token = world.row(&name()).token;
    assert_eq!(token, Some(TaskToken("token-2".to_owned())));
}

#[test]
fn a_token_that_tags_cannot_hold_is_refused_before_anything_is_written() {
    let world = World::new();
    let error = attempt(&world, "token#1").unwrap_err();
    assert_eq!(failure(&error), SubmitFailure::Refused);
    assert!(world.rows.borrow().is_empty());
    assert!(world.jobs.borrow().is_empty());
}
