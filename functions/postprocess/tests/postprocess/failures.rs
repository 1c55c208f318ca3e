//! What cannot be joined, and that nothing is half done then.

use postprocess::PostprocessError;
use runs::StoreError;
use shared::contracts::batch::{Ending, JobMode, PostprocessRequest, RunFailure};
use shared::run::Fails as _;

use crate::support::{CLAUDE, World, answer, arn, end, job};

fn completed(world: &World) -> PostprocessRequest {
    world.request(0, JobMode::Batch, end(Ending::Completed, Some(arn(0))))
}

#[test]
fn what_a_bucket_could_not_do_is_not_told_as_a_fault_of_a_table() {
    let of = |key: &dyn Fn(&World) -> String| {
        let world = World::of(CLAUDE, &["x"]);
        world.put_output(0, &[answer("a", "one")]);
        let throttled = StoreError::new(RunFailure::Throttled, "slow down");
        world.bucket.fail(&key(&world), throttled);
        let error = world.run(&completed(&world)).unwrap_err();
        assert_eq!(error.failure(), Some(RunFailure::Throttled), "{error}");
        assert_eq!(error.to_string(), "slow down");
        assert_eq!(world.bucket.get(&world.layout().chunk_record(0)), None);
        world.bucket.get(&world.layout().result(0))
    };
    let results = [
        of(&|world| world.layout().rows(0)),
        of(&|world| world.layout().rejected(0)),
        of(&|world| world.layout().outputs(0)),
        of(&|world| world.layout().output_of_attempt(0, 0, &job(0))),
        of(&|world| world.layout().result(0)),
        of(&|world| world.layout().chunk_record(0)),
    ];
    assert_eq!(results, [const { None }; 6]);
}

#[test]
fn rows_that_are_gone_or_damaged_need_a_person() {
    let world = World::of(CLAUDE, &["x"]);
    world.bucket.put(&world.layout().rows(0), "PAR1 no more");
    let error = world.run(&completed(&world)).unwrap_err();
    assert!(error.to_string().contains("0000.snappy.parquet"), "{error}");
    assert_eq!(error.failure(), Some(RunFailure::Broken));
    world.bucket.remove(&world.layout().rows(0));
    let error = world.run(&completed(&world)).unwrap_err();
    assert!(
        matches!(&error, PostprocessError::NoRows(place) if place.starts_with("s3://runs-bucket/"))
    );
    assert_eq!(error.failure(), Some(RunFailure::Broken));
}

#[test]
fn rejected_rows_that_are_not_of_the_chunk_are_an_error() {
    let world = World::of(CLAUDE, &["x"]);
    let line = r#"{"recordId":"stranger","message":"the text is empty"}"#;
    world.bucket.put(&world.layout().rejected(0), line);
    let error = world.run(&completed(&world)).unwrap_err();
    assert_eq!(error.failure(), Some(RunFailure::Broken), "{error}");
}

#[test]
fn a_model_that_no_family_has_is_named() {
    let world = World::of(CLAUDE, &["x"]);
    let mut request = completed(&world);
    request.task.model_id = "meta.llama3-8b-instruct-v1:0".to_owned();
    let error = world.run(&request).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("`meta.llama3-8b-instruct-v1:0` is not supported")
    );
    assert_eq!(error.failure(), Some(RunFailure::Broken));
}

#[test]
fn a_record_of_the_chunk_that_is_not_readable_is_not_overwritten() {
    let world = World::of(CLAUDE, &["x"]);
    let key = world.layout().chunk_record(0);
    world.bucket.put(&key, "{");
    let error = world.run(&completed(&world)).unwrap_err();
    assert!(error.to_string().contains("chunks/0000.json"), "{error}");
    assert_eq!(world.bucket.get(&key).unwrap(), b"{");
}
