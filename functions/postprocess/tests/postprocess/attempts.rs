//! Redrives: what was finished stays as it is, what was not is filled in.

use postprocess::PostprocessError;
use proptest::prelude::*;
use serde_json::json;
use shared::batch::layout::on_demand_id;
use shared::contracts::batch::{Ending, JobMode, RunFailure};
use shared::run::Fails as _;

use crate::support::{CLAUDE, World, answer, arn, end, error, ids, job};

/// A first attempt with two answers, a throttled and a missing record, and a rejected row.
fn first_attempt() -> World {
    let world = World::of(CLAUDE, &["v", "w", "", "y", "z"]);
    world.put_output(
        0,
        &[
            answer("e", "five"),
            error("b", &json!(429)),
            answer("a", "one"),
        ],
    );
    world.join(0, Ending::PartiallyCompleted);
    world
}

#[test]
fn a_redrive_fills_in_what_was_missing_and_changes_nothing_else() {
    let world = first_attempt();
    let before = world.rows();
    world.put_output(1, &[answer("b", "two"), answer("d", "four")]);
    let done = world.join(1, Ending::Completed);
    let after = world.rows();
    assert_eq!(world.column("response"), ["one", "two", "", "four", "five"]);
    for finished in [0, 2, 4] {
        assert_eq!(after[finished], before[finished]);
    }
    let [first, second] = &done.record.attempts[..] else {
        panic!("{:?}", done.record);
    };
    assert_eq!(
        (first.attempt, first.end.ending),
        (0, Ending::PartiallyCompleted)
    );
    assert_eq!((second.attempt, second.end.ending), (1, Ending::Completed));
    assert_eq!((first.usage.records, second.usage.records), (2, 2));
    assert_eq!(
        world.column("job_arn"),
        [&*arn(0), &*arn(1), "", &*arn(1), &*arn(0)]
    );
    let counts = done.record.counts;
    assert_eq!(
        (counts.succeeded, counts.rejected, counts.redrivable),
        (4, 1, 0)
    );
}

#[test]
fn a_second_answer_does_not_replace_the_first() {
    let world = first_attempt();
    world.put_output(
        1,
        &[answer("a", "changed my mind"), error("e", &json!(400))],
    );
    world.join(1, Ending::Completed);
    assert_eq!(world.column("response"), ["one", "", "", "", "five"]);
    assert_eq!(world.column("status")[4], "succeeded");
}

#[test]
fn the_same_call_again_writes_the_same_bytes() {
    let mut world = first_attempt();
    world.csv = true;
    world.put_output(1, &[answer("b", "two")]);
    world.join(1, Ending::Stopped);
    let layout = world.layout();
    let keys = [
        layout.result(0),
        layout.csv_result(0),
        layout.chunk_record(0),
    ];
    let first = keys.clone().map(|key| world.bucket.get(&key).unwrap());
    world.join(1, Ending::Stopped);
    assert_eq!(keys.map(|key| world.bucket.get(&key).unwrap()), first);
    assert_eq!(world.record().attempts.len(), 2);
}

#[test]
fn a_late_call_for_an_earlier_attempt_loses_nothing_of_a_later_one() {
    let world = first_attempt();
    world.put_output(1, &[answer("b", "two"), answer("d", "four")]);
    world.join(1, Ending::Completed);
    let before = world.rows();
    let done = world.join(0, Ending::PartiallyCompleted);
    assert_eq!(world.rows(), before);
    assert_eq!(done.record.attempts.len(), 2);
}

#[test]
fn what_a_lost_job_wrote_later_is_read_by_the_redrive() {
    let world = World::of(CLAUDE, &["x", "y"]);
    let lost = world.request(0, JobMode::Batch, end(Ending::Lost, None));
    world.run(&lost).unwrap();
    assert_eq!(world.column("status"), ["missing", "missing"]);
    world.put_output(0, &[answer("a", "late")]);
    world.put_output(1, &[answer("a", "again"), answer("b", "two")]);
    let done = world.join(1, Ending::Completed);
    assert_eq!(world.column("response"), ["late", "two"]);
    assert!(done.record.attempts[0].output.is_some());
}

#[test]
fn an_attempt_that_was_never_recorded_is_read_and_billed() {
    let world = World::of(CLAUDE, &["x", "y"]);
    world.put_output(0, &[answer("a", "one")]);
    world.put_output(1, &[answer("b", "two")]);
    let done = world.join(1, Ending::Completed);
    assert_eq!(world.column("response"), ["one", "two"]);
    let first = &done.record.attempts[0];
    assert_eq!((first.attempt, first.end.ending), (0, Ending::Lost));
    assert_eq!((first.mode, first.usage.input_tokens), (JobMode::Batch, 5));
}

#[test]
fn answers_that_a_result_has_are_not_lost_with_their_output() {
    let world = first_attempt();
    let result = world.layout().result(0);
    let before = world.bucket.get(&result);
    world
        .bucket
        .remove(&world.layout().output_of_attempt(0, 0, &job(0)));
    world.put_output(1, &[answer("b", "two")]);
    let request = world.request(1, JobMode::Batch, end(Ending::Completed, Some(arn(1))));
    let error = world.run(&request).unwrap_err();
    assert!(matches!(error, PostprocessError::OutputGone(_)), "{error}");
    assert_eq!(error.failure(), Some(RunFailure::Broken));
    assert_eq!(world.bucket.get(&result), before);
}

#[test]
fn records_sent_one_by_one_are_read_like_those_of_a_job() {
    let world = first_attempt();
    let key = world.layout().output_of_attempt(0, 1, &on_demand_id(1));
    world.bucket.put(&key, answer("b", "two"));
    world
        .bucket
        .put(&world.layout().manifest(0, &on_demand_id(1)), "{}");
    let mut request = world.request(1, JobMode::OnDemand, end(Ending::OnDemand, None));
    request.end.message = Some("time ran out".to_owned());
    let done = world.run(&request).unwrap();
    assert_eq!(world.column("response"), ["one", "two", "", "", "five"]);
    assert_eq!(world.column("job_arn")[1], "on-demand-r1");
    assert_eq!(
        world.column("error_message")[3],
        "the record was not sent (time ran out): redrive the run"
    );
    assert_eq!(done.record.attempts[1].mode, JobMode::OnDemand);
}

#[test]
fn parts_count_until_the_whole_is_there() {
    let world = World::of(CLAUDE, &["x", "y", "z"]);
    let layout = world.layout();
    world
        .bucket
        .put(&layout.output_part(0, 0, 0), answer("a", "one"));
    world
        .bucket
        .put(&layout.output_part(0, 0, 1), answer("b", "two"));
    let broken_off = world.request(0, JobMode::OnDemand, end(Ending::NotSubmitted, None));
    let done = world.run(&broken_off).unwrap();
    assert_eq!(world.column("response"), ["one", "two", ""]);
    let attempt = &done.record.attempts[0];
    assert_eq!(
        attempt.output.as_deref(),
        Some(&*layout.output_part(0, 0, 0))
    );
    assert_eq!(attempt.usage.records, 2);

    let whole = [answer("a", "one"), answer("b", "two"), answer("c", "three")].join("\n");
    world
        .bucket
        .put(&layout.output_of_attempt(0, 0, &on_demand_id(0)), whole);
    let finished = world.request(0, JobMode::OnDemand, end(Ending::OnDemand, None));
    let done = world.run(&finished).unwrap();
    assert_eq!(world.column("response"), ["one", "two", "three"]);
    assert_eq!((done.outputs.lines, done.outputs.duplicates), (3, 0));
    assert_eq!(done.record.attempts[0].usage.records, 3);
}

/// What a job does with a record.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fate {
    Answered,
    Refused,
    Throttled,
    Unanswered,
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        Just(Fate::Answered),
        Just(Fate::Refused),
        Just(Fate::Throttled),
        Just(Fate::Unanswered),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn every_row_comes_back_once_with_its_first_answer(
        fates in proptest::collection::vec((fate(), fate(), fate()), 1..20),
        order in any::<prop::sample::Index>(),
    ) {
        let world = World::of(CLAUDE, &vec!["x"; fates.len()]);
        let by_attempt = |attempt: u32, fate: &(Fate, Fate, Fate)| [fate.0, fate.1, fate.2][attempt as usize];
        for attempt in 0..3 {
            let mut lines: Vec<_> = ids().zip(&fates).filter_map(|(id, fate)| {
                match by_attempt(attempt, fate) {
                    Fate::Answered => Some(answer(&id, &format!("{id}{attempt}"))),
                    Fate::Refused => Some(error(&id, &json!(400))),
                    Fate::Throttled => Some(error(&id, &json!(429))),
                    Fate::Unanswered => None,
                }
            }).collect();
            if !lines.is_empty() {
                let middle = order.index(lines.len());
                lines.rotate_left(middle);
            }
            world.put_output(attempt, &lines);
            world.join(attempt, Ending::Completed);
        }
        let expected: Vec<_> = ids().zip(&fates).map(|(id, fate)| {
            let answered = (0..3).find(|attempt| by_attempt(*attempt, fate) == Fate::Answered);
            let last = (0..3).rev().map(|attempt| by_attempt(attempt, fate));
            let last = last.into_iter().find(|fate| *fate != Fate::Unanswered);
            match (answered, last) {
                (Some(attempt), _) => ("succeeded", format!("{id}{attempt}")),
                (None, Some(_)) => ("failed", String::new()),
                (None, None) => ("missing", String::new()),
            }
        }).collect();
        let found: Vec<_> = world.column("status").into_iter().zip(world.column("response")).collect();
        let expected: Vec<_> = expected.into_iter().map(|(status, text)| (status.to_owned(), text)).collect();
        prop_assert_eq!(found, expected);
        let every: Vec<_> = ids().take(fates.len()).collect();
        prop_assert_eq!(world.column("record_id"), every);
    }
}
