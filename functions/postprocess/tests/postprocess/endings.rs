//! Every ending of a job: what was billed is read, and rows without output say why.

use shared::contracts::batch::{Ending, JobEnd, JobMode};

use crate::support::{CLAUDE, World, answer, arn};

const ENDINGS: [(Ending, &str); 7] = [
    (
        Ending::Completed,
        "the job wrote no output for this record: redrive the run",
    ),
    (
        Ending::PartiallyCompleted,
        "the job ran out of time before this record (why): redrive the run",
    ),
    (Ending::Failed, "the job failed (why): redrive the run"),
    (
        Ending::Stopped,
        "the job was stopped before this record (why): redrive the run",
    ),
    (
        Ending::Expired,
        "the job ran out of time before it began (why): redrive the run",
    ),
    (
        Ending::NotSubmitted,
        "the job was not submitted (why): redrive the run",
    ),
    (Ending::Lost, "the job was lost (why): redrive the run"),
];

fn ended(ending: Ending) -> JobEnd {
    JobEnd {
        ending,
        job_arn: Some(arn(0)),
        message: Some("why.".to_owned()),
    }
}

#[test]
fn what_was_billed_is_read_however_the_job_ended() {
    for (ending, message) in ENDINGS {
        let world = World::of(CLAUDE, &["x", "y", "z"]);
        world.put_output(0, &[answer("c", "three"), answer("a", "one")]);
        let done = world
            .run(&world.request(0, JobMode::Batch, ended(ending)))
            .unwrap();
        assert_eq!(world.column("record_id"), ["a", "b", "c"], "{ending:?}");
        assert_eq!(world.column("topic"), ["x", "y", "z"]);
        assert_eq!(world.column("response"), ["one", "", "three"]);
        assert_eq!(
            world.column("status"),
            ["succeeded", "missing", "succeeded"]
        );
        assert_eq!(world.column("error_message"), ["", message, ""]);
        assert_eq!(world.column("job_arn"), [&*arn(0), "", &*arn(0)]);
        assert_eq!((done.summary.records, done.summary.succeeded), (3, 2));
        assert_eq!(done.record.counts.redrivable, 1);
        assert_eq!(done.record.attempts[0].usage.records, 2);
        assert_eq!(done.record.attempts[0].end.ending, ending);
    }
}

#[test]
fn a_job_that_wrote_nothing_leaves_every_row_missing_and_is_no_error() {
    for (ending, message) in ENDINGS {
        let world = World::of(CLAUDE, &["x", "y"]);
        let done = world
            .run(&world.request(0, JobMode::Batch, ended(ending)))
            .unwrap();
        assert_eq!(world.column("status"), ["missing", "missing"]);
        assert_eq!(world.column("error_message"), [message, message]);
        assert_eq!(done.record.attempts[0].output, None);
        assert_eq!(done.record.counts.missing, 2);
        assert_eq!(
            done.summary.result.as_deref(),
            Some("batch_output_parquet/jokes/5f1c/0000.snappy.parquet")
        );
    }
}

#[test]
fn an_ending_without_a_message_is_told_all_the_same() {
    let world = World::of(CLAUDE, &["x"]);
    world.join(0, Ending::Expired);
    assert_eq!(
        world.column("error_message"),
        ["the job ran out of time before it began: redrive the run"]
    );
}

#[test]
fn a_function_that_failed_is_told_by_its_message() {
    let world = World::of(CLAUDE, &["x"]);
    let report = r#"{"errorType":"Refused","errorMessage":"the role may not create \"jobs\"","stackTrace":[]}"#;
    let mut end = ended(Ending::NotSubmitted);
    end.message = Some(report.to_owned());
    for (mode, what) in [
        (JobMode::Batch, "the job was not submitted"),
        (JobMode::OnDemand, "the sending of records broke off"),
    ] {
        world.run(&world.request(0, mode, end.clone())).unwrap();
        let expected = format!("{what} (the role may not create \"jobs\"): redrive the run");
        assert_eq!(world.column("error_message"), [expected]);
    }
}

#[test]
fn a_chunk_of_which_nothing_could_be_sent_has_its_reasons() {
    let world = World::of(CLAUDE, &["", " "]);
    let end = JobEnd {
        ending: Ending::Nothing,
        job_arn: None,
        message: None,
    };
    let done = world.run(&world.request(0, JobMode::Nothing, end)).unwrap();
    assert_eq!(world.column("status"), ["rejected", "rejected"]);
    assert!(world.column("error_message")[0].contains("the text is empty"));
    let counts = done.record.counts;
    assert_eq!(
        (counts.records, counts.rejected, counts.redrivable),
        (2, 2, 0)
    );
}

#[test]
fn a_job_whose_arn_was_never_told_is_found_by_its_folder() {
    let world = World::of(CLAUDE, &["x"]);
    world.put_output(0, &[answer("a", "one")]);
    let mut lost = ended(Ending::Lost);
    lost.job_arn = None;
    let done = world.run(&world.request(0, JobMode::Batch, lost)).unwrap();
    assert_eq!(world.column("response"), ["one"]);
    assert_eq!(world.column("job_arn"), ["jobofattempt0"]);
    assert_eq!(
        done.record.attempts[0].output.as_deref(),
        Some("batch_outputs_json/jokes/5f1c/0000/jobofattempt0/0000.jsonl.out")
    );
}
